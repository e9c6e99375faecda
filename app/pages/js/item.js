/* One item: what it is, into the cart with it, and what customers say of it. */

import { ask, get, newId, query, upload } from "/js/api.js";
import { picture, stockOf } from "/js/items.js";
import { customer, element, money, onSubmit, parameter, requireCustomer, say, show, start } from "/js/page.js";

const id = parameter("id") ?? "";
const path = encodeURIComponent(id);

function tell(item) {
  document.title = `${item.title} · bigpicture store`;
  show("title", item.title);
  show("price", money(item.price_cents));
  show("stock", stockOf(item));
  show("description", item.description);
  show("picture", ...[picture(item, 1200, "picture")].filter(Boolean));
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

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/* A signed form sends the file straight to the object store; a worker then makes the sizes, or says why not. */
async function addPicture({ picture: file }) {
  const pictures = `/catalog/items/${path}/pictures`;
  const id = newId();
  const { url, fields } = await ask("PUT", `${pictures}/${id}`, { content_type: file.type });
  await upload(url, fields, file);
  await ask("PUT", `${pictures}/${id}/upload`);
  say("Your picture is being resized.");
  for (let wait = 250; wait < 60_000; wait *= 1.5) {
    const found = (await get(pictures)).find((each) => each.picture_id === id);
    if (found?.state === "refused") {
      throw new Error(`The picture is of no use: ${found.refusal}`);
    }
    if (found?.state === "ready") {
      tell(await get(`/catalog/items/${path}`));
      say("Your picture is there.");
      return;
    }
    await pause(wait);
  }
}

onSubmit(document.getElementById("buy"), putIntoCart);
onSubmit(document.getElementById("review"), writeReview);
onSubmit(document.getElementById("add-picture"), addPicture);
start(async () => {
  const item = await get(`/catalog/items/${path}`);
  const caller = await customer();
  tell(item);
  document.getElementById("review").hidden = !caller;
  document.getElementById("add-picture").hidden = caller?.customer_id !== item.seller_id;
  await tellReviews();
});
