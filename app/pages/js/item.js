/* One item: what it is, into the cart with it, and what customers say of it. */

import { ask, get, query } from "/js/api.js";
import { stockOf } from "/js/items.js";
import { customer, element, money, onSubmit, parameter, requireCustomer, say, show, start } from "/js/page.js";

const id = parameter("id") ?? "";
const path = encodeURIComponent(id);

function tell(item) {
  document.title = `${item.title} · bigpicture store`;
  show("title", item.title);
  show("price", money(item.price_cents));
  show("stock", stockOf(item));
  show("description", item.description);
}

async function lineOf(item) {
  const cart = await get("/orders/cart");
  return cart.lines.find((line) => line.item_id === item)?.quantity ?? 0;
}

async function putIntoCart({ quantity }) {
  await requireCustomer();
  const wanted = (await lineOf(id)) + Number(quantity);
  await ask("PUT", `/orders/cart/lines/${path}`, { quantity: wanted });
  say(`${wanted} in your cart.`);
}

const stars = (count) => `${"★".repeat(count)}${"☆".repeat(5 - count)}`;

function review({ rating, words }) {
  const shown = element("span", { role: "img", "aria-label": `${rating} of 5 stars` }, stars(rating));
  return element("li", {}, shown, element("p", {}, words));
}

async function tellReviews() {
  let before = null;
  const list = document.getElementById("reviews");
  const more = document.getElementById("more");
  list.replaceChildren();
  more.onclick = async () => {
    const page = await get(`/feedback/items/${path}/reviews${query({ before, limit: 10 })}`);
    const average = page.count ? (page.stars / page.count).toFixed(1) : null;
    show("rating", average ? `${average} of 5 stars, ${page.count === 1 ? "one review" : `${page.count} reviews`}` : "Nobody has said anything yet.");
    list.append(...page.reviews.map(review));
    before = page.next;
    more.hidden = before === null;
  };
  await more.onclick();
}

async function writeReview({ rating, words }) {
  await ask("PUT", `/feedback/items/${path}/review`, { rating: Number(rating), words });
  await tellReviews();
  say("Thank you: your review is there.");
}

onSubmit(document.getElementById("buy"), putIntoCart);
onSubmit(document.getElementById("review"), writeReview);
start(async () => {
  tell(await get(`/catalog/items/${path}`));
  document.getElementById("review").hidden = !(await customer());
  await tellReviews();
});
