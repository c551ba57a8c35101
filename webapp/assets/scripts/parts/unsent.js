// Keeps what could not be saved for want of a connection, in this window, until a save goes through; the page then begins with it.

import { read, write } from "./kept.js";

const PREFIX = "safeconduct.unsent.";

function keyOf() {
  return PREFIX + window.location.pathname;
}

export function keepUnsent(form) {
  sessionStorage.setItem(keyOf(), JSON.stringify({ revision: form.elements.namedItem("revision")?.value ?? "", text: read(form) }));
}

export function forget() {
  sessionStorage.removeItem(keyOf());
}

/** Put back what was not saved; with the revision it was typed on, so that the server notices a window that was quicker. */
export function restoreUnsent(form) {
  const kept = sessionStorage.getItem(keyOf());
  if (!kept) {
    return false;
  }
  const { revision, text } = JSON.parse(kept);
  write(form, text);
  const field = form.elements.namedItem("revision");
  if (field) {
    field.value = revision;
  }
  return true;
}
