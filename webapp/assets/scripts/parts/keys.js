// Keys for those who want them. Each key only presses a button or follows a link that is on the page:
// data-keys="g i" on a link, data-key="c" on a link or button, data-key="/" on a field that takes the focus.
// Off inside fields, and off altogether with data-keys-off on the page (WCAG 2.1.4).

import { tinykeys } from "tinykeys";

function isTyping(event) {
  return event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable='true'], dialog[open]") !== null;
}

function quietly(act) {
  return (event) => {
    if (event.defaultPrevented || isTyping(event)) {
      return;
    }
    event.preventDefault();
    act(event);
  };
}

export function listenForKeys() {
  if (document.body.hasAttribute("data-keys-off")) {
    return;
  }
  const bindings = {};
  for (const link of document.querySelectorAll("a[data-keys]")) {
    bindings[link.dataset.keys] = quietly(() => link.click());
  }
  for (const place of document.querySelectorAll("[data-key]")) {
    bindings[place.dataset.key] = quietly(() => (place.matches("a, button") ? place.click() : place.focus()));
  }
  const help = document.querySelector("dialog[data-keys-help]");
  if (help) {
    bindings["Shift+?"] = quietly(() => help.showModal());
    bindings["?"] = bindings["Shift+?"];
  }
  tinykeys(window, bindings);
}
