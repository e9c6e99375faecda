/* Ask the store's services: JSON goes out, JSON comes back, and a refusal is a Problem that names its fields. */

export class Problem extends Error {
  constructor(status, document) {
    super(document.detail || document.title || "The store did not answer as it should. Please try again.");
    this.status = status;
    this.errors = document.errors ?? [];
  }
}

const UNREACHABLE = { detail: "The store cannot be reached. Check the connection, then try again." };

export async function ask(method, path, body, headers = {}) {
  const request = { method, credentials: "same-origin", headers: { Accept: "application/json", ...headers } };
  if (body !== undefined) {
    request.headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, request);
  } catch {
    throw new Problem(0, UNREACHABLE);
  }
  const answer = await read(response);
  if (!response.ok) {
    throw new Problem(response.status, answer ?? {});
  }
  return answer;
}

async function read(response) {
  const kind = response.headers.get("Content-Type") ?? "";
  return kind.includes("json") ? response.json() : null;
}

/* Who makes something names it: the same request, sent again, then makes nothing twice. */
export const newId = () => crypto.randomUUID();

export const get = (path) => ask("GET", path);

export const query = (values) => {
  const given = Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return given.length ? `?${new URLSearchParams(given)}` : "";
};

/* Send a file to the object store by a form that a service has signed; the file has to be its last field. */
export async function upload(url, fields, file) {
  const form = new FormData();
  Object.entries(fields).forEach(([name, value]) => form.append(name, value));
  form.append("file", file);
  const response = await fetch(url, { method: "POST", body: form }).catch(() => null);
  if (!response?.ok) {
    throw new Problem(response?.status ?? 0, { detail: "The file could not be uploaded: is it larger than 10 MiB?" });
  }
}
