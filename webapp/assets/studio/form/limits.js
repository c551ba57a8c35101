// Leaves of the form editor what the server asks and checks: its kinds of fields, and of their properties those that it reads.

import { facts } from "../parts/page.js";

const HIDDEN_GROUPS = new Set(["appearance", "securityAttributes", "serialization"]);
const HIDDEN_ENTRIES = new Set([
  "searchable", "time-format", "use24h", "timeInterval", "verticalAlignment", "disableCollapse", "nonCollapsedItems",
  "patternErrorMessage", "maxHeight", "prefix-adorner", "suffix-adorner", "versionTag",
]);

class FormLimits {
  constructor(propertiesPanel) {
    propertiesPanel.registerProvider(this, 400);
  }

  getGroups() {
    return (groups) => {
      const kept = groups.filter(({ id }) => !HIDDEN_GROUPS.has(id));
      for (const group of kept.filter(({ entries }) => entries)) {
        group.entries = group.entries.filter(({ id }) => !HIDDEN_ENTRIES.has(id));
      }
      return kept.filter(({ items, entries }) => items || entries?.length);
    };
  }
}
FormLimits.$inject = ["propertiesPanel"];

export const formLimitsModule = { __init__: ["studioFormLimits"], studioFormLimits: ["type", FormLimits] };

/** Only known kinds can be taken from the palette. One that a file brings along is still drawn, and named by the check. */
export function hideUnknownKinds() {
  const known = facts.kinds.map((kind) => `:not([data-field-type="${CSS.escape(kind)}"])`).join("");
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`.fjs-palette-field${known} { display: none; }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

function isInvented(values) {
  return values?.length === 1 && values[0].value === "value" && values[0].label === "Value";
}

/** Take out the option “Value” that the editor gives every choice without options: those that a register offers need none. */
export function withoutInventions(component) {
  const { values, components, ...kept } = component;
  if (values && !(component.properties?.register && isInvented(values))) {
    kept.values = values;
  }
  if (components) {
    kept.components = components.map(withoutInventions);
  }
  return kept;
}
