/* What every page does: say who is logged in, build elements from data, and tell what went wrong. */

import { ask, get } from "/js/api.js";

const MONEY = new Intl.NumberFormat(undefined, { style: "currency", currency: "EUR" });
export const money = (cents) => MONEY.format(cents / 100);

export const parameter = (name) => new URLSearchParams(location.search).get(name);

/* Text becomes text nodes, never markup: what a customer wrote cannot become part of the page. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) {
      made.addEventListener(key.slice(2), value);
    } else if (value === true) {
      made.setAttribute(key, "");
    } else if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(key, value);
    }
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

export const show = (id, ...children) => document.getElementById(id).replaceChildren(...children.flat());

/* The place for what has happened; a screen reader says it without being asked. */
export function say(text, kind = "note") {
  const place = document.getElementById("said");
  place.className = kind;
  place.textContent = text;
}

let known;

/* The customer, or null for a stranger. */
export function customer() {
  known ??= get("/accounts/session").catch((problem) => {
    if (problem.status === 401) {
      return null;
    }
    throw problem;
  });
  return known;
}

/* The customer; a stranger is sent to log in, and comes back here afterwards. */
export async function requireCustomer() {
  const found = await customer();
  if (!found) {
    location.replace(`/log-in.html?next=${encodeURIComponent(location.pathname + location.search)}`);
    return new Promise(() => {});
  }
  return found;
}

/* Where to go on after a log-in: a page of this store and nothing else. */
export function next() {
  const wanted = new URL(parameter("next") ?? "/", location.origin);
  return wanted.origin === location.origin ? wanted.pathname + wanted.search : "/";
}

/* Send a form once at a time; a refusal is shown at the field that it names. */
export function onSubmit(form, send) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clear(form);
    const button = form.querySelector("button:not([type=button])");
    button.disabled = true;
    try {
      await send(Object.fromEntries(new FormData(form)));
    } catch (problem) {
      refuse(form, problem);
    } finally {
      button.disabled = false;
    }
  });
}

function clear(form) {
  form.querySelectorAll(".fault").forEach((fault) => fault.remove());
  form.querySelectorAll("[aria-invalid]").forEach((field) => {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  });
  say("");
}

function refuse(form, problem) {
  say(problem.message, "fault");
  let first = null;
  for (const { field, detail } of problem.errors ?? []) {
    const input = form.elements.namedItem(field);
    if (!(input instanceof HTMLElement)) {
      continue;
    }
    const id = `fault-${field}`;
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", id);
    input.after(element("p", { class: "fault", id }, detail));
    first ??= input;
  }
  first?.focus();
}

/* Run what a page is for; what nobody has caught is told, not swallowed. */
export async function start(main) {
  try {
    await greet();
    await main();
  } catch (problem) {
    say(problem.message, "fault");
    throw problem;
  } finally {
    document.body.dataset.ready = "yes";
  }
}

async function greet() {
  const found = await customer().catch(() => null);
  const place = document.getElementById("account");
  if (!found) {
    place.replaceChildren(
      element("a", { href: `/log-in.html?next=${encodeURIComponent(location.pathname + location.search)}` }, "Log in"),
      element("a", { href: "/sign-up.html" }, "Sign up"),
    );
    return;
  }
  const leave = element("button", { type: "button", class: "plain", onclick: logOut }, "Log out");
  place.replaceChildren(element("span", {}, found.name), leave);
}

async function logOut() {
  await ask("DELETE", "/accounts/session");
  location.assign("/");
}
