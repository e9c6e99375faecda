/* List an item, and see what one has listed. */

import { ask, newId } from "/js/api.js";
import { fill } from "/js/items.js";
import { onSubmit, requireCustomer, say, start } from "/js/page.js";

let seller;
let id = newId();

const mine = () =>
  fill(document.getElementById("items"), document.getElementById("more"), { seller: seller.customer_id });

onSubmit(document.getElementById("sell"), async ({ title, price, stock, description }) => {
  const item = { title, description, price_cents: Math.round(Number(price) * 100), stock: Number(stock) };
  await ask("PUT", `/catalog/items/${id}`, item);
  id = newId();
  document.getElementById("sell").reset();
  await mine();
  say(`“${title}” is listed.`);
});
start(async () => {
  seller = await requireCustomer();
  await mine();
});
