// Questions that come and go with an answer: once that answer is saved, the page's questions are fetched again and put in place.
// A form that is not saved while it is filled in is sent instead, as by the button that `data-redrawn-by` names, which only draws it anew.
// What was typed in the meantime stays, and so does the focus. Without this script the questions come with the next press of a button.

import { countCharacters } from "./counting.js";
import { read, write } from "./kept.js";

function ask(form) {
  const headers = { Accept: "text/html" };
  if (!form.dataset.redrawnBy) {
    return fetch(window.location.href, { headers });
  }
  const body = new FormData(form);
  body.append(form.dataset.redrawnBy, "yes");
  return fetch(form.action, { method: "POST", body, headers });
}

// The number of the last question of each form: what answers an earlier one is out of date.
const asked = new WeakMap();

async function refresh(form) {
  const turn = (asked.get(form) ?? 0) + 1;
  asked.set(form, turn);
  const answer = await ask(form);
  if (!answer.ok) {
    return;
  }
  const text = await answer.text();
  if (asked.get(form) !== turn) {
    return;
  }
  const page = new DOMParser().parseFromString(text, "text/html");
  const old = form.querySelector("[data-questions]");
  const fresh = page.querySelector("[data-questions]");
  if (!old || !fresh) {
    return;
  }
  const typed = read(form);
  const focused = document.activeElement?.id;
  for (const file of old.querySelectorAll("input[type=file]")) {
    fresh.querySelector(`[id="${CSS.escape(file.id)}"]`)?.replaceWith(file);
  }
  old.replaceWith(fresh);
  write(form, typed);
  countCharacters(fresh);
  if (focused) {
    document.getElementById(focused)?.focus({ preventScroll: true });
  }
}

export function refreshQuestions() {
  for (const form of document.querySelectorAll("form[data-redrawn-by]")) {
    form.addEventListener("change", (event) => {
      if (event.target.matches("[data-refreshes]")) {
        refresh(form);
      }
    });
  }
  for (const form of document.querySelectorAll("form[data-autosave]")) {
    let stale = false;
    form.addEventListener("change", (event) => {
      if (event.target.matches("[data-refreshes]")) {
        stale = true;
        form.dispatchEvent(new CustomEvent("save-now"));
      }
    });
    form.addEventListener("saved", () => {
      if (stale) {
        stale = false;
        refresh(form);
      }
    });
  }
}
