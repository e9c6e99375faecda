/* Log in, and go on where the customer was. */

import { ask } from "/js/api.js";
import { next, onSubmit, start } from "/js/page.js";

onSubmit(document.getElementById("log-in"), async ({ email, password }) => {
  await ask("POST", "/accounts/session", { email, password });
  location.assign(next());
});
start(async () => {
  document.getElementById("instead").search = location.search;
});
