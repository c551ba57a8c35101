// The diagram editor: bpmn-js with the panel in the owner's words.

import BpmnModeler from "bpmn-js/lib/Modeler";
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule } from "bpmn-js-properties-panel";
import { CreateAppendAnythingModule } from "bpmn-js-create-append-anything";
import ZeebeBehaviorsModule from "camunda-bpmn-js-behaviors/lib/camunda-cloud";
import minimapModule from "diagram-js-minimap";
import zeebeModdle from "zeebe-bpmn-moddle/resources/zeebe.json";

import { limitsModule } from "./diagram/limits.js";
import { Pointer } from "./diagram/pointing.js";
import { ownersWordsModule } from "./diagram/provider.js";
import { variablesModule } from "./diagram/variables.js";
import { readWords } from "./diagram/words.js";
import { facts } from "./parts/page.js";
import { watchProblems } from "./parts/problems.js";
import { connectTools, roundRegions } from "./parts/regions.js";
import { beginWith, keepSaved } from "./parts/saving.js";

const place = document.querySelector("[data-editor]");

function zoomBy(canvas, factor) {
  canvas.zoom(Math.min(4, Math.max(0.1, canvas.zoom() * factor)));
}

function tools(modeler, keeper) {
  const canvas = modeler.get("canvas");
  const stack = modeler.get("commandStack");
  connectTools({
    undo: () => stack.undo(),
    redo: () => stack.redo(),
    "zoom-in": () => zoomBy(canvas, 1.25),
    "zoom-out": () => zoomBy(canvas, 0.8),
    fit: () => canvas.zoom("fit-viewport", "auto"),
    find: () => modeler.get("searchPad").toggle(),
  });
  const standing = () => {
    document.querySelector('[data-tool="undo"]').disabled = !stack.canUndo();
    document.querySelector('[data-tool="redo"]').disabled = !stack.canRedo();
  };
  modeler.on("commandStack.changed", () => {
    standing();
    keeper.changed();
  });
  standing();
}

function tellWarnings(warnings) {
  const notice = document.querySelector("[data-import-warning]");
  notice.hidden = !warnings.length;
  if (warnings.length) {
    notice.querySelector("[data-import-reason]").textContent = warnings.map(({ message }) => message.split("\n")[0]).join(" · ");
  }
}

/** The panel listens to what is selected once it was painted; what was selected before, it would not show. */
function panelShown() {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 50))));
}

async function open(modeler, keeper, content, isCopy) {
  try {
    const { warnings } = await modeler.importXML(content);
    tellWarnings(warnings);
  } catch (failure) {
    tellWarnings([failure]);
    return;
  }
  place.querySelector(".editor-waiting")?.remove();
  const canvas = modeler.get("canvas");
  const pointer = new Pointer(modeler);
  canvas.zoom("fit-viewport", "auto");
  if (canvas.zoom() < 0.5) {
    // A large diagram begins at its start, readable, instead of whole and tiny.
    canvas.zoom(0.8, { x: 0, y: 0 });
    const start = modeler.get("elementRegistry").find((each) => each.type === "bpmn:StartEvent");
    if (start) {
      canvas.scrollToElement(start, { top: 200, right: 400, bottom: 200, left: 250 });
    }
  }
  tools(modeler, keeper);
  const problems = watchProblems({
    address: facts.addresses.check,
    show: (where) => pointer.show(where),
    play: (story) => pointer.play(story),
  });
  keeper.onSaved(() => problems.refresh());
  const wanted = decodeURIComponent(window.location.hash.slice(1));
  if (wanted) {
    await panelShown();
    pointer.point(wanted);
  }
  if (isCopy) {
    keeper.changed();
  }
  place.dataset.ready = "true";
}

async function begin() {
  const modeler = new BpmnModeler({
    container: place.querySelector("[data-canvas]"),
    propertiesPanel: { parent: place.querySelector("[data-panel]"), layout: { open: true } },
    additionalModules: [
      BpmnPropertiesPanelModule,
      BpmnPropertiesProviderModule,
      ZeebePropertiesProviderModule,
      ZeebeBehaviorsModule,
      CreateAppendAnythingModule,
      minimapModule,
      limitsModule,
      ownersWordsModule,
      variablesModule,
      await readWords(),
    ],
    moddleExtensions: { zeebe: zeebeModdle },
  });
  const keeper = keepSaved(async () => (await modeler.saveXML({ format: true })).xml);
  roundRegions();
  beginWith((content, isCopy) => open(modeler, keeper, content, isCopy));
}

if (place) {
  begin();
}
