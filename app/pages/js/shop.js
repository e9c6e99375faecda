/* The first page: search the catalogue, and look at what was listed last. */

import { query } from "/js/api.js";
import { fill } from "/js/items.js";
import { parameter, say, start } from "/js/page.js";

const form = document.getElementById("search");

async function search(words) {
  const found = await fill(document.getElementById("items"), document.getElementById("more"), { words });
  if (!found) {
    say(words ? `Nothing is called “${words}”.` : "Nothing is listed yet: be the first to sell.");
  } else {
    say("");
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const words = form.elements.words.value.trim();
  history.replaceState(null, "", `/${query({ words })}`);
  start(() => search(words));
});

form.elements.words.value = parameter("words") ?? "";
start(() => search(form.elements.words.value.trim()));
