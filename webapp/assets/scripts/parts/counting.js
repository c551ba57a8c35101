// Says how much room is left in a text with a limit, and says it aloud only when it gets narrow.

export function countCharacters(place = document) {
  for (const field of place.querySelectorAll("[data-limit]")) {
    const line = document.getElementById(`${field.id}-count`);
    if (!line) {
      continue;
    }
    const limit = Number(field.dataset.limit);
    const show = () => {
      const left = limit - [...field.value].length;
      line.textContent = (left >= 0 ? line.dataset.left : line.dataset.over).replace("{count}", String(Math.abs(left)));
      line.setAttribute("aria-live", left < limit / 10 ? "polite" : "off");
    };
    field.addEventListener("input", show);
    show();
  }
}
