// Ctrl+K: a small dialog that finds the places of this page by their words and sends everything else to the search.

const PLACES = ".site-nav a, .account-menu a, .inbox-tabs a, .inbox-bar nav a";
const MOST = 8;

function places() {
  const seen = new Map();
  for (const link of document.querySelectorAll(PLACES)) {
    seen.set(link.textContent.trim().replace(/\s+/g, " "), link.href);
  }
  return [...seen];
}

export function offerPalette() {
  const palette = document.querySelector("dialog[data-palette]");
  if (!palette) {
    return;
  }
  const field = palette.querySelector("input");
  const offered = palette.querySelector("[data-palette-list]");

  function offer() {
    const wanted = field.value.trim().toLocaleLowerCase();
    const found = places().filter(([name]) => name.toLocaleLowerCase().includes(wanted)).slice(0, MOST);
    offered.replaceChildren(
      ...found.map(([name, address]) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = address;
        link.textContent = name;
        item.append(link);
        return item;
      }),
    );
  }

  field.addEventListener("input", offer);
  palette.addEventListener("keydown", (event) => {
    const links = [...offered.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown" && at + 1 < links.length) {
      event.preventDefault();
      links[at + 1].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      event.preventDefault();
      (links[at - 1] ?? field).focus();
    } else if (event.key === "Escape") {
      event.preventDefault(); // A search field would only empty itself.
      palette.close();
    }
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (!palette.open) {
        field.value = "";
        offer();
        palette.showModal();
      }
      field.focus();
    }
  });
}

/** Buttons that close the dialog they stand in, and the one that shows the keys. */
export function listenForDialogs() {
  for (const button of document.querySelectorAll("dialog [data-close]")) {
    button.addEventListener("click", () => button.closest("dialog").close());
  }
  const help = document.querySelector("dialog[data-keys-help]");
  for (const button of document.querySelectorAll("[data-keys-button]")) {
    button.hidden = help === null;
    button.addEventListener("click", () => help?.showModal());
  }
}
