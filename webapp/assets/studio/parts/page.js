// What the server tells an editor: its facts and words stand in one JSON block of the page. No English sentence stands in a script.

const block = document.getElementById("editor-facts");

export const facts = block ? JSON.parse(block.textContent) : {};

/** Say a sentence of the page; `{name}` is filled in. A missing one shows its key, so that it is noticed. */
export function say(key, values = {}) {
  const sentence = facts.words?.[key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/** Make an element; its text is only ever text. */
export function make(tag, { text, ...attributes } = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  if (text !== undefined) {
    made.textContent = text;
  }
  made.append(...children);
  return made;
}

export function clock(moment = new Date()) {
  return new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(moment);
}

export function announce(text) {
  const place = document.getElementById("announcements");
  if (place) {
    place.textContent = text;
  }
}
