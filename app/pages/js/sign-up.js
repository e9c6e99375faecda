/* Sign up, and be logged in at once. */

import { ask } from "/js/api.js";
import { next, onSubmit, start } from "/js/page.js";

onSubmit(document.getElementById("sign-up"), async ({ email, name, password }) => {
  await ask("POST", "/accounts/customers", { email, name, password });
  await ask("POST", "/accounts/session", { email, password });
  location.assign(next());
});
start(async () => {});
