/* Ways to pay at the sandbox gateway: each stands for what a card may do, as real gateways' test cards do. */

export const CARDS = [
  ["tok_accepted", "A card that is accepted"],
  ["tok_refused", "A card that is refused"],
  ["tok_late", "A bank that answers late"],
  ["tok_late_refused", "A bank that refuses late"],
  ["tok_lost", "A bank whose first answer is lost"],
];
