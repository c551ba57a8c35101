// Saves what an editor holds: a moment after the last change, on Ctrl+S, and never over what somebody else saved meanwhile.
// Until the server has it, a copy is kept in this browser, and offered when the file is opened again.

import { announce, clock, csrfToken, facts, say } from "./page.js";

const PAUSE_MS = 1500;
const RETRY_MS = 8000;

function keyOfCopy() {
  return `safeconduct.studio.${facts.person}.${facts.draft}.${facts.name}`;
}

function readCopy() {
  try {
    return JSON.parse(localStorage.getItem(keyOfCopy()) ?? "null");
  } catch {
    return null;
  }
}

function writeCopy(copy) {
  try {
    if (copy === null) {
      localStorage.removeItem(keyOfCopy());
    } else {
      localStorage.setItem(keyOfCopy(), JSON.stringify(copy));
    }
  } catch {
    // A browser that keeps nothing for us still saves to the server.
  }
}

/** What the server says may have a moment marked up in it; only its text is shown. */
function plain(sentence) {
  return new DOMParser().parseFromString(sentence ?? "", "text/html").body.textContent;
}

function sayAbove(sentence) {
  const place = document.querySelector("[data-saved]");
  if (place && sentence) {
    place.textContent = plain(sentence);
  }
}

/** The content to begin with: the stored one, or the copy that a broken connection left behind, when the person takes it. */
export function beginWith(take) {
  const copy = readCopy();
  if (!copy || copy.content === facts.content || facts.closed) {
    // A draft that is not worked on any more takes nothing up; the copy stays for when it is opened again.
    take(facts.content, false);
    return;
  }
  const offer = document.querySelector("[data-kept-copy]");
  offer.hidden = false;
  offer.querySelector("[data-kept-at]").textContent = clock(new Date(copy.at));
  offer.querySelector("[data-take-copy]").addEventListener("click", () => {
    offer.hidden = true;
    take(copy.content, true);
  });
  offer.querySelector("[data-drop-copy]").addEventListener("click", () => {
    offer.hidden = true;
    writeCopy(null);
    take(facts.content, false);
  });
  offer.querySelector("button").focus();
}

/** Keep a file saved. `read` gives its present content; the answer has `changed()` and `save()`. */
export function keepSaved(read) {
  const line = document.querySelector("[data-save-line]");
  const listeners = [];
  let revision = facts.revision;
  let timer = 0;
  let saving = null;
  let unsaved = false;
  let stopped = facts.closed;

  function tell(text, failed = false) {
    line.textContent = text;
    line.classList.toggle("studio-save-line--failed", failed);
  }

  async function send(content) {
    const answer = await fetch(facts.addresses.save, {
      method: "PUT",
      body: content,
      headers: { "Content-Type": "application/octet-stream", "If-Match": `"${revision}"`, "X-CSRFToken": csrfToken(), Accept: "application/json" },
    });
    return { status: answer.status, outcome: await answer.json().catch(() => ({})) };
  }

  function take({ status, outcome }, content) {
    if (status === 200) {
      revision = outcome.revision;
      if (!unsaved) {
        writeCopy(null);
      }
      tell(unsaved ? say("unsaved") : say("saved", { time: clock() }));
      sayAbove(outcome.saved);
      listeners.forEach((listen) => listen());
    } else if (status === 412) {
      stopped = true;
      tell(say("not_saved", { reason: plain(outcome.error) }), true);
      showConflict(outcome, content);
    } else {
      stopped = status === 409;
      unsaved = true;
      tell(say("not_saved", { reason: plain(outcome.error ?? outcome.sentence) || say("refused") }), true);
    }
  }

  async function saveOnce() {
    // What changes while this is under way counts as unsaved again.
    unsaved = false;
    const content = await read();
    tell(say("saving"));
    try {
      take(await send(content), content);
    } catch {
      unsaved = true;
      tell(say("not_saved", { reason: say("unreachable") }), true);
      timer = window.setTimeout(save, RETRY_MS);
    }
  }

  async function save() {
    window.clearTimeout(timer);
    if (stopped) {
      return;
    }
    while (saving) {
      // What changed while a save was under way is saved right after it.
      await saving;
      if (!unsaved) {
        return;
      }
    }
    saving = saveOnce();
    await saving;
    saving = null;
  }

  async function changed() {
    if (stopped) {
      return;
    }
    unsaved = true;
    tell(say("unsaved"));
    window.clearTimeout(timer);
    timer = window.setTimeout(save, PAUSE_MS);
    writeCopy({ content: await read(), at: Date.now() });
  }

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      announce(say("saving"));
      save();
    }
  });
  document.querySelector("[data-save-now]")?.addEventListener("click", save);
  window.addEventListener("beforeunload", (event) => {
    if (unsaved && !stopped) {
      event.preventDefault();
    }
  });
  return { changed, save, onSaved: (listen) => listeners.push(listen) };
}

/** Show who saved meanwhile and the three ways on. Nothing is thrown away unless the person says so. */
function showConflict(outcome, content) {
  const dialog = document.querySelector("[data-conflict]");
  dialog.querySelector("[data-conflict-who]").textContent = plain(outcome.error);
  for (const field of dialog.querySelectorAll("[data-conflict-content]")) {
    field.value = content;
  }
  dialog.querySelector("[data-conflict-copy]")?.addEventListener("submit", () => writeCopy(null));
  dialog.querySelector("[data-conflict-theirs]").addEventListener("click", () => {
    writeCopy(null);
    window.location.reload();
  });
  dialog.showModal();
}
