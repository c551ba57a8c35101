// The editor of forms: bpmn-io's, limited to what the server asks, with a preview that the server draws.

import { FormEditor } from "@bpmn-io/form-js-editor";

import { formLimitsModule, hideUnknownKinds, withoutInventions } from "./form/limits.js";
import { watchPreview } from "./form/preview.js";
import { announce, facts } from "./parts/page.js";
import { watchProblems } from "./parts/problems.js";
import { connectTools, roundRegions } from "./parts/regions.js";
import { beginWith, keepSaved } from "./parts/saving.js";

const place = document.querySelector("[data-editor]");

/** Select the field of a key, a path such as stops.0.area, or an id. */
function show(editor, where) {
  const wanted = String(where).split(".").filter((part) => !/^\d+$/.test(part)).pop();
  const found = editor.get("formFieldRegistry").getAll().find((field) => [field.id, field.key, field.path].includes(wanted));
  if (found) {
    editor.get("selection").set(found);
    announce(found.label ?? wanted);
  }
  return Boolean(found);
}

function listen(editor, keeper, refresh) {
  const stack = editor.get("commandStack");
  const standing = () => {
    document.querySelector('[data-tool="undo"]').disabled = !stack.canUndo();
    document.querySelector('[data-tool="redo"]').disabled = !stack.canRedo();
  };
  editor.get("eventBus").on("commandStack.changed", () => {
    standing();
    keeper.changed();
    refresh();
  });
  standing();
  connectTools({ undo: () => stack.undo(), redo: () => stack.redo() });
}

async function begin() {
  hideUnknownKinds();
  const editor = new FormEditor({ container: place.querySelector("[data-canvas]"), additionalModules: [formLimitsModule] });
  const read = () => `${JSON.stringify(withoutInventions(editor.saveSchema()), null, 2)}\n`;
  const keeper = keepSaved(read);
  roundRegions();
  beginWith(async (content, isCopy) => {
    const notice = document.querySelector("[data-import-warning]");
    try {
      await editor.importSchema(JSON.parse(content));
    } catch (failure) {
      notice.hidden = false;
      notice.querySelector("[data-import-reason]").textContent = failure.message;
      return;
    }
    place.querySelector(".editor-waiting")?.remove();
    const refresh = watchPreview(read);
    listen(editor, keeper, refresh);
    const problems = watchProblems({ address: facts.addresses.check, show: (where) => show(editor, where) });
    keeper.onSaved(() => problems.refresh());
    refresh();
    const wanted = decodeURIComponent(window.location.hash.slice(1));
    if (wanted) {
      show(editor, wanted);
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
