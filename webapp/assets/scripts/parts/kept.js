// Keeps typed text in this window until the server has taken it: a lost connection, an expired session or a conflict loses nothing.
// A form asks for it with data-keep="some name"; the server says that it has the text by a page that carries data-kept="the same name".
// Passwords and files are never kept.

const PREFIX = "safeconduct.kept.";

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type));
}

export function read(form) {
  const texts = {};
  for (const field of fieldsOf(form)) {
    const box = field.type === "checkbox" || field.type === "radio";
    texts[box ? `${field.name}=${field.value}` : field.name] = box ? field.checked : field.value;
  }
  return JSON.stringify(texts);
}

export function write(form, text) {
  const texts = new Map(Object.entries(JSON.parse(text)));
  for (const field of fieldsOf(form)) {
    const box = field.type === "checkbox" || field.type === "radio";
    const name = box ? `${field.name}=${field.value}` : field.name;
    if (!texts.has(name)) {
      continue;
    }
    if (box) {
      field.checked = Boolean(texts.get(name));
    } else {
      field.value = String(texts.get(name));
    }
  }
}

function offer(form, key, text) {
  const note = form.querySelector("[data-keep-offer]");
  if (!note) {
    return;
  }
  note.hidden = false;
  note.querySelector("[data-keep-restore]")?.addEventListener("click", () => {
    write(form, text);
    note.hidden = true;
    fieldsOf(form)[0]?.focus();
  });
  note.querySelector("[data-keep-forget]")?.addEventListener("click", () => {
    sessionStorage.removeItem(key);
    note.hidden = true;
  });
}

export function keepTypedText() {
  for (const done of document.querySelectorAll("[data-kept]")) {
    sessionStorage.removeItem(PREFIX + done.dataset.kept);
  }
  for (const form of document.querySelectorAll("form[data-keep]")) {
    const key = PREFIX + form.dataset.keep;
    const asServed = read(form);
    const kept = sessionStorage.getItem(key);
    if (kept && kept !== asServed) {
      offer(form, key, kept);
    }
    const keep = () => sessionStorage.setItem(key, read(form));
    form.addEventListener("input", keep);
    form.addEventListener("submit", keep);
  }
}
