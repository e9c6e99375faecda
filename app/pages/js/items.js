/* How items look in a list, wherever there is one, with a way to the next page of it. */

import { get, query } from "/js/api.js";
import { element, money } from "/js/page.js";

export const itemUrl = (id) => `/item.html?id=${encodeURIComponent(id)}`;

export const stockOf = (item) => (item.available ? `${item.available} in stock` : "sold out");

/* The item's first picture in one of its sizes; nothing for an item without one. Its title stands beside it. */
export const picture = (item, width, kind) =>
  item.picture ? element("img", { src: `${item.picture}-${width}.webp`, alt: "", class: kind, loading: "lazy" }) : null;

export function card(item) {
  return element(
    "li",
    { class: "card" },
    picture(item, 480),
    element("a", { href: itemUrl(item.item_id) }, item.title),
    element("span", { class: "price" }, money(item.price_cents)),
    element("span", { class: item.available ? "hint" : "hint out" }, stockOf(item)),
  );
}

/* Fill *list* with the items that fit *wanted*; *more* is a button that adds the next page. */
export async function fill(list, more, wanted, render = card) {
  let before = null;
  const add = async () => {
    const page = await get(`/catalog/items${query({ ...wanted, before })}`);
    list.append(...page.items.map(render));
    before = page.next;
    more.hidden = before === null;
    return page.items.length;
  };
  more.onclick = add;
  list.replaceChildren();
  return add();
}
