/* What the customer has ordered, the latest first. */

import { get, query } from "/js/api.js";
import { element, money, requireCustomer, say, start } from "/js/page.js";
import { SHORT } from "/js/states.js";

const list = document.getElementById("orders");
const more = document.getElementById("more");

function row(order) {
  const what = order.lines.map((line) => `${line.quantity} × ${line.title || "an item"}`).join(", ");
  const link = element("a", { href: `/order.html?id=${encodeURIComponent(order.order_id)}` }, what);
  const price = order.total_cents ? money(order.total_cents) : "";
  return element("li", {}, link, " ", price, " ", element("span", { class: "hint" }, SHORT[order.state]));
}

start(async () => {
  await requireCustomer();
  let before = null;
  more.onclick = async () => {
    const page = await get(`/orders${query({ before })}`);
    list.append(...page.orders.map(row));
    before = page.next;
    more.hidden = before === null;
  };
  await more.onclick();
  say(list.children.length ? "" : "You have not ordered anything yet.");
});
