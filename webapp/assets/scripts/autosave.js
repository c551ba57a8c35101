// Saves a long form while it is being filled in. The server keeps what is typed; nothing is checked here.
// Without this script every press of a button saves as well.

import { forget, keepUnsent, restoreUnsent } from "./parts/unsent.js";

const PAUSE_MS = 1200;
const RETRY_MS = 8000;

function say(line, text) {
  line.textContent = text;
}

// Files are kept when a button is pressed, and not again and again while somebody types. A password is never kept.
function typedIn(form) {
  const body = new FormData();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && form.elements.namedItem(name)?.type !== "password") {
      body.append(name, value);
    }
  }
  return body;
}

// The questions may have been fetched anew since a button was pressed, and the button with them.
function stillThere(form, button) {
  if (!button || form.contains(button)) {
    return button;
  }
  return form.querySelector(`button[name="${CSS.escape(button.name)}"][value="${CSS.escape(button.value)}"]`);
}

function clock() {
  return new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date());
}

/** Watch one form: `data-autosave` is the address, `[data-autosave-line]` the live line that says how it stands. */
export function watch(form) {
  const line = form.querySelector("[data-autosave-line]");
  const revision = form.elements.namedItem("revision");
  let timer = 0;
  let sending = false;
  let left = false;
  let waiting = null;
  let unsent = restoreUnsent(form);

  async function save() {
    if (sending || left) {
      return;
    }
    sending = true;
    unsent = false;
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: typedIn(form), headers: { Accept: "application/json" } });
      const outcome = await answer.json();
      if (answer.status === 409) {
        left = true;
        say(line, outcome.sentence);
        return;
      }
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      if (revision && outcome.revision !== undefined) {
        revision.value = outcome.revision;
      }
      forget();
      say(line, line.dataset.saved.replace("{time}", clock()));
      form.dispatchEvent(new CustomEvent("saved"));
    } catch (error) {
      // A fetch that reached nobody throws a TypeError; whatever a server answered is something else.
      unsent = error instanceof TypeError;
      if (unsent) {
        keepUnsent(form);
      }
      say(line, (unsent && line.dataset.offline) || line.dataset.failed);
      timer = window.setTimeout(save, RETRY_MS);
    } finally {
      sending = false;
      if (waiting) {
        const { submitter } = waiting;
        waiting = null;
        if (!unsent) {
          form.requestSubmit(stillThere(form, submitter));
        }
      }
    }
  }

  form.addEventListener("input", (event) => {
    if (event.target.type === "file" || event.target.type === "password") {
      return;
    }
    window.clearTimeout(timer);
    timer = window.setTimeout(save, PAUSE_MS);
  });
  form.addEventListener("save-now", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(save, sending ? PAUSE_MS : 0);
  });
  // A form that is sent while a save is under way waits for it: the save changes the revision that the form has to name.
  form.addEventListener("submit", (event) => {
    window.clearTimeout(timer);
    if (sending) {
      event.preventDefault();
      waiting = { submitter: event.submitter };
      return;
    }
    // Without a connection the page would be lost with what is in it, so it is tried with a save first.
    if (unsent || !navigator.onLine) {
      event.preventDefault();
      waiting = { submitter: event.submitter };
      save();
      return;
    }
    left = true;
  });
  window.addEventListener("online", save);
  if (unsent) {
    save();
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) {
  watch(form);
}
