// Says while somebody fills in a long form how many questions of each part are answered.

export function countAnswers() {
  document.addEventListener("change", showAnswered);
  document.addEventListener("input", showAnswered);
  showAnswered();
}

function showAnswered() {
  for (const line of document.querySelectorAll("[data-answered-in]")) {
    const asked = [...(document.getElementById(line.dataset.answeredIn)?.querySelectorAll("[data-must]") ?? [])];
    const done = asked.filter(isAnswered).length;
    const said = line.dataset.words.replace("{done}", String(done)).replace("{total}", String(asked.length));
    if (line.textContent !== said) {
      line.textContent = said;
    }
  }
}

function isAnswered(question) {
  const fields = [...question.querySelectorAll("input:not([type=hidden]), select, textarea")];
  return fields.some((field) => (["radio", "checkbox"].includes(field.type) ? field.checked : field.value.trim() !== ""));
}
