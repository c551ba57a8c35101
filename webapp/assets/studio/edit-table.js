// The editor of decision tables: dmn-js, with what the server finds in the saved tables beside it.

import DmnModeler from "dmn-js/lib/Modeler";

import { announce, facts, make, say } from "./parts/page.js";
import { watchProblems } from "./parts/problems.js";
import { connectTools, roundRegions } from "./parts/regions.js";
import { beginWith, keepSaved } from "./parts/saving.js";

const FOUND = "studio-found";
const place = document.querySelector("[data-editor]");
const canvas = place?.querySelector("[data-canvas]");

function stackOf(modeler) {
  return modeler.getActiveViewer()?.get("commandStack", false);
}

function cellsOf(rule) {
  return [...canvas.querySelectorAll("[data-row-id]")].filter((cell) => cell.dataset.rowId === rule);
}

function mark(where) {
  const cells = cellsOf(where);
  for (const cell of canvas.querySelectorAll(`.${FOUND}`)) {
    cell.classList.remove(FOUND);
    cell.removeAttribute("aria-description");
  }
  for (const cell of cells) {
    cell.classList.add(FOUND);
  }
  cells[0]?.setAttribute("aria-description", say("problem"));
  cells[0]?.scrollIntoView({ block: "center", inline: "nearest" });
  return cells.length > 0;
}

/** Open the decision that a place belongs to, and mark its rule. */
async function show(modeler, where) {
  const views = modeler.getViews();
  const holds = ({ element }) => element.id === where || element.decisionLogic?.rule?.some(({ id }) => id === where);
  const view = views.find(holds);
  if (view && view !== modeler.getActiveView()) {
    await modeler.open(view);
  }
  if (!mark(where)) {
    canvas.scrollIntoView({ block: "nearest" });
  }
  announce(where);
}

function watchAnalysis(modeler) {
  const list = document.querySelector("[data-analysis]");
  const line = document.querySelector("[data-analysis-line]");

  function row(found) {
    const button = make("button", { type: "button", class: "btn btn-sm btn-secondary", text: say("show") });
    button.addEventListener("click", () => show(modeler, found.where));
    const text = make("p", { text: `${found.sentence} ${found.way_out}`.trim() });
    return make("li", { class: found.advice ? "studio-problem studio-problem--advice" : "studio-problem" }, make("div", {}, make("bdi", { text: found.where }), text), button);
  }

  return async function analyse() {
    try {
      const answer = await fetch(facts.addresses.analysis, { headers: { Accept: "application/json" } });
      if (answer.ok) {
        const { problems } = await answer.json();
        list.replaceChildren(...problems.map(row));
        line.textContent = problems.length ? "" : say("covered");
      }
    } catch {
      // The analysis stays as it was; the next saving asks again.
    }
  };
}

function listenTo(modeler, keeper) {
  const heard = new WeakSet();
  return () => {
    const stack = stackOf(modeler);
    const viewer = modeler.getActiveViewer();
    const standing = () => {
      document.querySelector('[data-tool="undo"]').disabled = !stackOf(modeler)?.canUndo();
      document.querySelector('[data-tool="redo"]').disabled = !stackOf(modeler)?.canRedo();
    };
    standing();
    if (stack && !heard.has(stack)) {
      heard.add(stack);
      viewer.on("commandStack.changed", () => {
        standing();
        keeper.changed();
      });
    }
  };
}

async function begin() {
  const modeler = new DmnModeler({ container: canvas });
  const keeper = keepSaved(async () => (await modeler.saveXML({ format: true })).xml);
  roundRegions();
  connectTools({ undo: () => stackOf(modeler)?.undo(), redo: () => stackOf(modeler)?.redo() });
  beginWith(async (content, isCopy) => {
    const notice = document.querySelector("[data-import-warning]");
    try {
      const { warnings } = await modeler.importXML(content);
      notice.hidden = !warnings.length;
      notice.querySelector("[data-import-reason]").textContent = warnings.map(({ message }) => message.split("\n")[0]).join(" · ");
    } catch (failure) {
      notice.hidden = false;
      notice.querySelector("[data-import-reason]").textContent = failure.message.split("\n")[0];
      return;
    }
    place.querySelector(".editor-waiting")?.remove();
    const tables = modeler.getViews().filter(({ type }) => type !== "drd");
    if (tables.length === 1) {
      // A file with one table begins there, and not with a drawing of one box.
      await modeler.open(tables[0]);
    }
    const listen = listenTo(modeler, keeper);
    modeler.on("views.changed", listen);
    listen();
    const analyse = watchAnalysis(modeler);
    const problems = watchProblems({ address: facts.addresses.check, show: (where) => show(modeler, where) });
    keeper.onSaved(() => {
      analyse();
      problems.refresh();
    });
    analyse();
    const wanted = decodeURIComponent(window.location.hash.slice(1));
    if (wanted) {
      show(modeler, wanted);
    }
    if (isCopy) {
      keeper.changed();
    }
    place.dataset.ready = "true";
  });
}

if (place) {
  begin();
}
