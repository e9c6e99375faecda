/* What the state of an order means to who ordered. */

const WORDS = {
  placed: "We have your order, and are charging you now.",
  paying: "We have your order; your bank has not answered yet. This page will say so when it does.",
  paid: "Thank you! It is paid, and being packed.",
  refusing: "This order could not be completed. Nothing is charged; what was held is on its way back.",
  refused: "This order could not be completed. Nothing was charged.",
  returning: "You are returning this order: your money is on its way back.",
  returned: "You returned this order, and have your money back.",
};

const REASONS = {
  stock: "There is too little of something in it.",
  payment: "Your payment was refused: try another way to pay.",
};

export const SHORT = {
  placed: "placed", paying: "being paid", paid: "paid", refusing: "refused", refused: "refused",
  returning: "being returned", returned: "returned",
};

export const words = (order) => [WORDS[order.state], REASONS[order.refusal]].filter(Boolean).join(" ");

export const PARCEL = {
  packed: "Packed",
  shipped: "On its way",
  out_for_delivery: "Out for delivery today",
  delivered: "Delivered",
  stopped: "Stopped, and on its way back",
};
