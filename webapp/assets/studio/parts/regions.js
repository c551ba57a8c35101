// F6 goes round the regions of an editor (tools, drawing, properties, problems), Shift+F6 the other way; t opens the outline.

import { facts } from "./page.js";

function isTyping(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable='true'], [role='textbox']") !== null;
}

function focusIn(region) {
  const inside = region.querySelector("a[href], button:not([disabled]), input, select, textarea, summary, [tabindex='0']");
  (region.matches("[tabindex]") ? region : (inside ?? region)).focus();
}

export function roundRegions() {
  document.addEventListener("keydown", (event) => {
    if (event.key === "F6") {
      const regions = [...document.querySelectorAll("[data-region]")].filter((region) => region.offsetParent !== null);
      const here = regions.findIndex((region) => region.contains(document.activeElement));
      const next = (here + (event.shiftKey ? -1 : 1) + regions.length) % regions.length;
      event.preventDefault();
      focusIn(regions[Math.max(0, next)]);
    } else if (event.key === "t" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target) && facts.addresses.outline) {
      window.location.assign(facts.addresses.outline);
    }
  });
}

/** Connect the buttons of the tool bar to what they do: `{ undo: () => …, zoom: … }`. */
export function connectTools(actions) {
  for (const button of document.querySelectorAll("[data-tool]")) {
    const act = actions[button.dataset.tool];
    button.hidden = !act;
    button.addEventListener("click", () => act?.());
  }
}
