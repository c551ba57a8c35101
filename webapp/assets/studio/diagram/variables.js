// The names that FEEL may complete: what the draft's forms, tables and operations set, and what this drawing writes itself.

import { getVariablesForElement } from "@bpmn-io/extract-process-variables/zeebe";

import { facts } from "../parts/page.js";

export function knownVariables() {
  return facts.variables ?? [];
}

function CaseVariables() {
  this.getVariablesForElement = async (element) => {
    const names = new Set(knownVariables().map(({ name }) => name));
    const drawn = await getVariablesForElement(element);
    return [...knownVariables(), ...drawn.filter(({ name }) => !names.has(name)).map(({ name }) => ({ name, info: "" }))];
  };
}

export const variablesModule = { variableResolver: ["type", CaseVariables] };
