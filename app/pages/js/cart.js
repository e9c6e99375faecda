/* The cart: how many of what, and what it comes to. */

import { Problem, ask, get, newId } from "/js/api.js";
import { CARDS } from "/js/cards.js";
import { itemUrl } from "/js/items.js";
import { element, money, onSubmit, requireCustomer, say, show, start } from "/js/page.js";

/* What is in the cart, with what the catalogue says of it; an item that is gone costs nothing and says so. */
async function priced(lines) {
  return Promise.all(
    lines.map(async (line) => ({ ...line, item: await get(`/catalog/items/${line.item_id}`).catch(() => null) })),
  );
}

async function change(id, quantity) {
  const path = `/orders/cart/lines/${id}`;
  const cart = quantity ? await ask("PUT", path, { quantity }) : await ask("DELETE", path);
  await tell(cart);
}

function row({ item_id: id, quantity, item }) {
  const title = item?.title ?? "no longer listed";
  const amount = element("input", {
    type: "number", min: 1, max: 100, value: quantity, "aria-label": `How many of ${title}`,
    onchange: (event) => start(() => change(id, Number(event.target.value))),
  });
  const remove = element("button", { type: "button", onclick: () => start(() => change(id, 0)) }, "Remove");
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, item ? element("a", { href: itemUrl(id) }, title) : title),
    element("td", {}, amount),
    element("td", { class: "number" }, item ? money(item.price_cents * quantity) : "–"),
    element("td", {}, remove),
  );
}

async function tell({ lines }) {
  const known = await priced(lines);
  const total = known.reduce((sum, { item, quantity }) => sum + (item?.price_cents ?? 0) * quantity, 0);
  show("lines", known.map(row));
  show("total", money(total));
  document.getElementById("full").hidden = !lines.length;
  say(lines.length ? "" : "Your cart is empty.");
}

/* The order's id, until it is known what became of it: sent again, the same order is not made twice. */
let order = newId();

onSubmit(document.getElementById("checkout"), async ({ payment }) => {
  try {
    await ask("POST", "/orders/checkout", { payment }, { "Idempotency-Key": order });
  } catch (problem) {
    if (problem instanceof Problem && problem.status >= 400 && problem.status < 500) {
      order = newId();
    }
    throw problem;
  }
  location.assign(`/order.html?id=${order}`);
});
show("payment", ...CARDS.map(([value, words]) => element("option", { value }, words)));
start(async () => {
  await requireCustomer();
  await tell(await get("/orders/cart"));
});
