// Keys of the inbox: j and k walk the list, Enter opens, Escape comes back. Every key has a link that does the same.

const list = document.querySelector("[data-inbox-list]");
const pane = document.querySelector("[data-inbox-pane]");

function typing(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable='true']") !== null;
}

function links() {
  return [...list.querySelectorAll("a[data-inbox-row]")];
}

function current() {
  const all = links();
  const focused = all.indexOf(document.activeElement);
  return focused >= 0 ? focused : all.findIndex((link) => link.getAttribute("aria-current") === "true");
}

function step(by) {
  const all = links();
  if (all.length === 0) {
    return;
  }
  const at = current();
  const next = at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1);
  all[next].focus();
  all[next].scrollIntoView({ block: "nearest" });
}

function back() {
  const all = links();
  const open = all.find((link) => link.getAttribute("aria-current") === "true") ?? all[0];
  open?.focus();
}

const KEYS = {
  j: () => step(1),
  ArrowDown: () => step(1),
  k: () => step(-1),
  ArrowUp: () => step(-1),
};

function heard(event) {
  if (event.altKey || event.ctrlKey || event.metaKey || document.documentElement.dataset.keys === "off") {
    return;
  }
  if (event.key === "Escape") {
    document.activeElement?.blur();
    back();
    return;
  }
  const arrow = event.key.startsWith("Arrow");
  if (typing(event.target) || (arrow && !list.contains(event.target))) {
    return;
  }
  const act = KEYS[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
}

if (list) {
  document.addEventListener("keydown", heard);
  // After Enter on a row the page comes back with the task open: the reader goes on in the pane.
  if (pane && new URLSearchParams(window.location.search).has("task")) {
    pane.querySelector("h2")?.focus({ preventScroll: true });
  }
}
