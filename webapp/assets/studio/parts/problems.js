// The strip below an editor: what the server finds in the draft, anew after each saving, each with a button that shows where.

import { facts, make, say } from "./page.js";

const PAUSE_MS = 700;

/** Fill the strip. `show(place)` selects a place of this file and tells whether it is there; `play(story)` walks through steps. */
export function watchProblems({ address, show, play }) {
  const strip = document.querySelector("[data-problems]");
  const list = strip.querySelector("[data-problems-list]");
  const count = strip.querySelector("[data-problems-count]");
  let timer = 0;
  let asking = false;

  function place(found) {
    const [file, ...rest] = String(found.where ?? "").split(": ");
    return { file: found.file ?? (rest.length ? file : facts.name), where: rest.length ? rest.join(": ") : String(found.where ?? "") };
  }

  function buttons(found) {
    const { file, where } = place(found);
    const made = [];
    if (file === facts.name) {
      const button = make("button", { type: "button", class: "btn btn-sm btn-secondary", text: say("show") });
      button.addEventListener("click", () => show(where, found));
      made.push(button);
    } else if (/\.(bpmn|dmn|form)$/.test(file)) {
      const link = make("a", { class: "btn btn-sm btn-secondary", href: `${facts.addresses.edit}/${encodeURI(file)}#${where}`, text: say("show") });
      made.push(link);
    }
    if (play && file === facts.name && found.story?.length) {
      const button = make("button", { type: "button", class: "btn btn-sm btn-secondary", text: say("play") });
      button.addEventListener("click", () => play(found.story));
      made.push(button);
    }
    return made;
  }

  function row(found) {
    const { file, where } = place(found);
    const text = make("p", {}, make("strong", { text: found.advice ? say("advice") : say("problem") }), " ", found.sentence ?? "");
    const about = make("p", { class: "studio-problem__where" }, make("bdi", { text: file === facts.name ? where : `${file} ${where}` }), found.way_out ? ` – ${found.way_out}` : "");
    return make("li", { class: found.advice ? "studio-problem studio-problem--advice" : "studio-problem" }, make("div", {}, text, about), make("div", { class: "studio-problem__buttons" }, ...buttons(found)));
  }

  async function ask() {
    if (asking) {
      timer = window.setTimeout(ask, PAUSE_MS);
      return;
    }
    asking = true;
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (answer.ok) {
        const outcome = await answer.json();
        const findings = Array.isArray(outcome) ? outcome : (outcome.findings ?? []);
        // Those of the file at hand first, and what must be mended before what is advice.
        const rank = (found) => (place(found).file === facts.name ? 0 : 2) + (found.advice ? 1 : 0);
        findings.sort((one, other) => rank(one) - rank(other));
        list.replaceChildren(...findings.map(row));
        count.textContent = findings.length;
        strip.querySelector("[data-problems-none]").hidden = findings.length > 0;
      }
    } catch {
      // The strip stays as it was; the next saving asks again.
    } finally {
      asking = false;
    }
  }

  function refresh() {
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, PAUSE_MS);
  }

  refresh();
  return { refresh };
}
