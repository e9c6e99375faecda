/* What the customer has ordered, the latest first, and which program of theirs is told of deliveries. */

import { ask, get, query } from "/js/api.js";
import { element, money, onSubmit, requireCustomer, say, show, start } from "/js/page.js";
import { SHORT } from "/js/states.js";

const list = document.getElementById("orders");
const more = document.getElementById("more");

function row(order) {
  const what = order.lines.map((line) => `${line.quantity} × ${line.title || "an item"}`).join(", ");
  const link = element("a", { href: `/order.html?id=${encodeURIComponent(order.order_id)}` }, what);
  const price = order.total_cents ? money(order.total_cents) : "";
  return element("li", {}, link, " ", price, " ", element("span", { class: "hint" }, SHORT[order.state]));
}

/* The address that is told, or nothing where there is none. */
function tellWebhook(webhook) {
  document.getElementById("url").value = webhook?.url ?? "";
  document.getElementById("told").hidden = !webhook;
  show("secret", webhook?.secret ?? "");
}

/* Nobody told is no fault of the page's. */
async function webhook() {
  try {
    return await get("/shipping/webhook");
  } catch (problem) {
    if (problem.status === 404) {
      return null;
    }
    throw problem;
  }
}

onSubmit(document.getElementById("webhook"), async ({ url }) => {
  tellWebhook(await ask("PUT", "/shipping/webhook", { url }));
  say("Deliveries are told to this address.");
});
document.getElementById("forget").onclick = () =>
  start(async () => {
    await ask("DELETE", "/shipping/webhook");
    tellWebhook(null);
    say("Nobody is told any more.");
  });
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
  tellWebhook(await webhook());
  say(list.children.length ? "" : "You have not ordered anything yet.");
});
