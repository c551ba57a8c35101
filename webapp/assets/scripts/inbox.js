// Keys of the inbox, as in a mail program. Each has a button or a link that does the same, and none decides alone:
// "a" opens a bar that wants Enter. The list keeps its place; what came meanwhile is only announced.

import { announceNews } from "./parts/news.js";

const list = document.querySelector("[data-inbox-list]");
const pane = document.querySelector("[data-inbox-pane]");
const form = document.querySelector("[data-inbox-form]");
const bar = document.querySelector("[data-confirm]");
const REFUSALS = ["DENY", "REFUSE", "REJECT", "NOT_RECOMMEND", "DECLINE"];
const WITHIN = 1000; // Milliseconds, as long as the listener of the places waits.
let anchor = null;
let placeBegan = -Infinity;

function typing(target) {
  return target instanceof Element && target.closest("input:not([type='checkbox']), textarea, select, [contenteditable='true'], dialog[open]") !== null;
}

function links() {
  return [...list.querySelectorAll("a[data-inbox-row]")];
}

function box(link) {
  return link?.closest("li").querySelector("input[type='checkbox']") ?? null;
}

function boxes() {
  return form ? [...form.querySelectorAll("input[name='task']")] : [];
}

function current() {
  const item = document.activeElement?.closest("[data-inbox-item]");
  const all = links();
  return (item && all.find((link) => item.contains(link))) ?? all.find((link) => link.getAttribute("aria-current") === "true") ?? all[0];
}

function isOpen(link) {
  return link?.getAttribute("aria-current") === "true";
}

function step(by) {
  const all = links();
  const at = all.indexOf(current());
  const next = document.activeElement?.closest("[data-inbox-item]") || by > 0 ? at + by : at;
  const link = all[Math.min(Math.max(next, 0), all.length - 1)];
  link?.focus();
  link?.scrollIntoView({ block: "nearest" });
}

function back() {
  const all = links();
  (all.find(isOpen) ?? all[0])?.focus();
}

function showSelected() {
  const line = form?.querySelector("[data-inbox-selected]");
  const count = boxes().filter((each) => each.checked).length;
  if (line) {
    line.textContent = count ? line.dataset.text.replace("{count}", count) : "";
  }
  return count;
}

function select(to) {
  const all = links();
  const last = all.indexOf(current());
  const first = to === "range" && anchor !== null ? anchor : last;
  if (to === "range") {
    for (const link of all.slice(Math.min(first, last), Math.max(first, last) + 1)) {
      box(link).checked = true;
    }
  } else {
    box(all[last]).checked = !box(all[last]).checked;
  }
  anchor = last;
  showSelected();
}

// What is chosen, or the task at hand when nothing is.
function chosen() {
  const checked = boxes().filter((each) => each.checked);
  return checked.length ? checked : [box(current())].filter(Boolean);
}

function send(act) {
  for (const each of chosen()) {
    each.checked = true;
  }
  form.requestSubmit(form.querySelector(`[data-act="${act}"]`));
}

function keep(name, value) {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name, value });
  return field;
}

function askToApprove() {
  if (chosen().length > 1) {
    send("approve");
    return;
  }
  const [one] = chosen();
  const link = one.closest("li").querySelector("a[data-inbox-row]");
  const quick = "quick" in link.dataset;
  const text = bar.querySelector("[data-confirm-text]");
  const why = bar.querySelector("[data-confirm-why]");
  const open = bar.querySelector("[data-confirm-open]");
  const place = bar.querySelector("[data-confirm-tasks]");
  text.textContent = text.dataset.one.replace("{subject}", link.querySelector(".inbox-list__title").textContent);
  bar.querySelector("[data-confirm-about]").textContent = [...link.querySelectorAll(".inbox-list__line, .inbox-list__meta > *")]
    .map((each) => each.textContent.trim())
    .join(" · ");
  why.hidden = quick;
  why.textContent = link.dataset.why;
  open.hidden = quick;
  open.href = link.href;
  bar.querySelector("[data-confirm-go]").hidden = !quick;
  place.replaceChildren(keep("task", one.value), keep(`seen.${one.value}`, form.elements.namedItem(`seen.${one.value}`).value));
  bar.showModal();
  (quick ? bar.querySelector("[data-confirm-go]") : open).focus();
}

function refuse() {
  if (!isOpen(current())) {
    window.location.assign(`${current().href}#go-refuse`);
    return;
  }
  const option = pane.querySelector(REFUSALS.map((value) => `input[type="radio"][value="${value}"]`).join(", "));
  if (option) {
    option.click();
    const text = [...pane.querySelectorAll("form[data-autosave] textarea")].find((each) => each.offsetParent !== null);
    (text ?? option).focus();
  } else {
    pane.querySelector("h2")?.focus();
  }
}

function inPane(hash, selector) {
  if (!isOpen(current())) {
    window.location.assign(`${current().href}#${hash}`); // No element has this name: the browser would take the focus there.
    return;
  }
  const summary = pane.querySelector(selector);
  const details = summary?.closest("details");
  if (details) {
    details.open = true;
    (details.querySelector("textarea, input:not([type='hidden']), select, button") ?? summary).focus();
  } else {
    summary?.focus();
  }
}

function putOff() {
  const [one] = chosen();
  one.checked = true;
  showSelected();
  const details = form.querySelector("[data-put-off]");
  details.open = true;
  details.querySelector("button").focus();
}

const KEYS = {
  j: () => step(1),
  ArrowDown: () => step(1),
  k: () => step(-1),
  ArrowUp: () => step(-1),
  x: () => select("one"),
  X: () => select("range"),
  a: askToApprove,
  r: refuse,
  q: () => (chosen().length > 1 ? send("ask") : inPane("go-ask", "#ask summary")),
  s: putOff,
  d: () => send("hand-over"),
  m: () => send("claim"),
  f: filter,
  ".": () => inPane("go-more", "details.step-aside summary"),
};
function filter() {
  const details = document.querySelector("[data-inbox-filter]");
  details.open = true;
  details.querySelector("input[type='search']").focus();
}

const ON_ROWS = new Set(["x", "X", "a", "s", "d", "m"]);

function close() {
  const open = document.querySelector("dialog[open]");
  const details = document.activeElement?.closest("details[open]");
  if (open) {
    return; // The browser closes it, and gives the focus back.
  }
  if (details && form?.contains(details)) {
    details.open = false;
  }
  document.activeElement?.blur();
  back();
}

// "g" begins the name of a place ("g d"): the letter that follows it soon belongs to that name and not to a task.
function belongsToPlace(event) {
  const follows = event.timeStamp - placeBegan < WITHIN;
  placeBegan = event.key === "g" && !follows ? event.timeStamp : -Infinity;
  return follows;
}

function heard(event) {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) {
    return;
  }
  if (event.key === "Escape") {
    close();
    return;
  }
  const arrow = event.key.startsWith("Arrow");
  if (typing(event.target) || (arrow && !list.contains(event.target))) {
    return;
  }
  if (belongsToPlace(event)) {
    return;
  }
  const act = KEYS[event.key];
  if (!act || (!arrow && document.body.hasAttribute("data-keys-off")) || (ON_ROWS.has(event.key) && boxes().length === 0)) {
    return;
  }
  event.preventDefault();
  act();
}

function goOn() {
  const wanted = { "#go-refuse": refuse, "#go-ask": KEYS.q, "#go-more": KEYS["."] }[window.location.hash];
  if (wanted) {
    wanted();
  } else if (new URLSearchParams(window.location.search).has("task")) {
    // After Enter on a row the page comes back with the task open: the reader goes on in the pane.
    pane.querySelector("h2")?.focus({ preventScroll: true });
  }
}

if (list) {
  document.addEventListener("keydown", heard);
  form.addEventListener("change", showSelected);
  form.querySelector("[data-inbox-all]")?.addEventListener("click", (event) => {
    event.preventDefault();
    const all = boxes();
    const every = all.some((each) => !each.checked);
    for (const each of all) {
      each.checked = every;
    }
    showSelected();
  });
  // A single task that is approved by the button gets the same bar as by the key.
  form.querySelector("[data-act='approve']")?.addEventListener("click", (event) => {
    if (boxes().filter((each) => each.checked).length === 1) {
      event.preventDefault();
      askToApprove();
    }
  });
  bar?.addEventListener("close", () => current()?.focus());
  showSelected();
  if (pane) {
    goOn();
  }
}

const news = document.querySelector("[data-inbox-news]");
if (news?.dataset.inboxNews) {
  announceNews(news);
}
