/* What the customer has sold, how their items do, and what visitors of the whole store look for. */

import { get, query } from "/js/api.js";
import { itemUrl } from "/js/items.js";
import { element, money, requireCustomer, say, show, start } from "/js/page.js";

const number = (value) => element("td", { class: "number" }, String(value));

const named = (id, title) => element("th", { scope: "row" }, element("a", { href: itemUrl(id) }, title));

function itemRow({ item_id: id, title, counts }) {
  const stars = counts.reviews ? (counts.stars / counts.reviews).toFixed(1) : "–";
  return element("tr", {}, named(id, title), ...[counts.views, counts.sold, counts.returned, stars].map(number));
}

/* Less than nothing is what came back. */
function saleRow({ item_id: id, title, quantity, price_cents: price }) {
  const what = element("a", { href: itemUrl(id) }, `${Math.abs(quantity)} × ${title || "an item"}`);
  const back = quantity < 0 ? element("span", { class: "hint" }, " came back") : null;
  return element("li", {}, what, " ", money(price * quantity), back);
}

const searchRow = ({ words, searches, found }) =>
  element("tr", {}, element("th", { scope: "row" }, words), number(searches), number(found));

/* Fill a list page by page: *ask* gets the page after a place, of which *render* makes elements. */
async function fill(list, more, ask, render) {
  let place = null;
  more.onclick = async () => {
    const page = await ask(place);
    list.append(...render(page));
    place = page.next;
    more.hidden = place === null;
  };
  await more.onclick();
}

function sales(page) {
  say(page.silent.length ? "Some of your sales cannot be shown now: please look again later." : "");
  return page.sales.map(saleRow);
}

const at = (id) => document.getElementById(id);

start(async () => {
  await requireCustomer();
  const items = (before) => get(`/catalog/statistics/items${query({ before })}`);
  await fill(at("items"), at("more-items"), items, (page) => page.items.map(itemRow));
  await fill(at("sales"), at("more"), (after) => get(`/orders/sales${query({ after })}`), sales);
  const store = await get("/catalog/statistics/store");
  const { placed, paid, returned, delivered } = store;
  show("totals", `Orders: ${placed} placed, ${paid} paid, ${returned} returned. Parcels: ${delivered} delivered.`);
  show("searches", ...store.searches.map(searchRow));
  at("searched").hidden = !store.searches.length;
});
