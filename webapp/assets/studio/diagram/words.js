// The words of the drawing tools: ours from the server first, then those of bpmn-js-i18n, then English.

import { facts } from "../parts/page.js";

// The package has no Arabic; there the tools speak English and everything else the page's own language.
const LANGUAGES = {
  es: () => import("bpmn-js-i18n/translations/es.js"),
  fr: () => import("bpmn-js-i18n/translations/fr.js"),
  ru: () => import("bpmn-js-i18n/translations/ru.js"),
  zh: () => import("bpmn-js-i18n/translations/zn.js"),
};

export async function readWords() {
  const load = LANGUAGES[document.documentElement.lang.slice(0, 2)];
  const theirs = load ? (await load()).default : {};
  const words = { ...theirs, ...facts.tool_words };
  const translate = (template, replacements = {}) =>
    (words[template] ?? template).replace(/{([^}]+)}/g, (_, key) => replacements[key] ?? `{${key}}`);
  return { translate: ["value", translate] };
}
