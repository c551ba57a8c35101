// Refuses a file that is too large when it is chosen, instead of after minutes of sending it; the server refuses it as well.

const UNITS = [
  ["MB", 1_000_000],
  ["KB", 1_000],
];

function inWords(size) {
  const [unit, factor] = UNITS.find(([, each]) => size >= each) ?? ["B", 1];
  return `${Math.round((size / factor) * 10) / 10} ${unit}`;
}

function weigh(field) {
  const most = Number(field.dataset.most);
  const files = [...field.files];
  const large = files.filter((file) => file.size > most);
  const line = field.nextElementSibling;
  line.hidden = large.length === 0;
  line.textContent = large
    .map((file) => field.dataset.tooLarge.replace("{name}", file.name).replace("{size}", inWords(file.size)))
    .join(" ");
  field.removeAttribute("aria-invalid");
  if (large.length > 0) {
    field.setAttribute("aria-invalid", "true");
    const kept = new DataTransfer();
    files.filter((file) => file.size <= most).forEach((file) => kept.items.add(file));
    field.files = kept.files;
  }
}

export function refuseLargeFiles() {
  document.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement && target.matches("input[type='file'][data-most]")) {
      weigh(target);
    }
  });
}
