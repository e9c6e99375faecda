/* One order: the thank-you page that keeps itself up to date, the parcel's way, and the way back. */

import { ask, get } from "/js/api.js";
import { itemUrl } from "/js/items.js";
import { element, money, parameter, requireCustomer, say, show, start } from "/js/page.js";
import { PARCEL, words } from "/js/states.js";

const path = `/orders/${encodeURIComponent(parameter("id") ?? "")}`;

function row(line) {
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, element("a", { href: itemUrl(line.item_id) }, line.title || "an item")),
    element("td", { class: "number" }, String(line.quantity)),
    element("td", { class: "number" }, line.price_cents ? money(line.price_cents * line.quantity) : "–"),
  );
}

function tell(order) {
  document.body.dataset.state = order.state;
  show("state", words(order));
  show("lines", ...order.lines.map(row));
  show("total", order.total_cents ? money(order.total_cents) : "–");
  document.getElementById("return").hidden = order.state !== "paid";
}

function tellParcel({ tracking }) {
  document.getElementById("parcel").hidden = false;
  show("steps", ...tracking.map((state) => element("li", { "data-state": state }, PARCEL[state] ?? state)));
}

/* Milliseconds until a refused stream is asked for again: not by all customers of a lost server at one moment. */
const again = () => 1000 + 2000 * Math.random();

/* The store says what happens, without being asked. A stream that ends is opened again by the browser; one that is
   refused, by a load balancer that has just lost a server, is not. */
function listen() {
  const stream = new EventSource(`${path}/events`);
  stream.addEventListener("order", () => get(path).then(tell, () => {}));
  stream.addEventListener("parcel", () => get(`/shipping${path}/parcel`).then(tellParcel, () => {}));
  stream.onerror = () => stream.readyState === EventSource.CLOSED && setTimeout(listen, again());
}

document.getElementById("return").onclick = () =>
  start(async () => {
    tell(await ask("PUT", `${path}/return`));
    say("");
  });

start(async () => {
  await requireCustomer();
  tell(await get(path));
  listen();
});
