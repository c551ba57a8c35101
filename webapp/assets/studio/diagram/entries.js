// The kinds of fields of the properties panel, as definitions: `{ id, label, read, write }` with what `write` changes.

import {
  FeelEntry, SelectEntry, TextAreaEntry, TextFieldEntry,
  isFeelEntryEdited, isSelectEntryEdited, isTextAreaEntryEdited, isTextFieldEntryEdited,
} from "@bpmn-io/properties-panel";
import { h } from "@bpmn-io/properties-panel/preact";
import { useService } from "bpmn-js-properties-panel";

import { Writer } from "./changing.js";
import { knownVariables } from "./variables.js";

function useWriting({ element, read, write }) {
  const bpmnFactory = useService("bpmnFactory");
  const commandStack = useService("commandStack");
  return {
    getValue: () => read(element) ?? "",
    setValue: (value) => {
      const writer = new Writer(element, { bpmnFactory, commandStack });
      write(writer, value ?? "");
      writer.done();
    },
  };
}

function Feel(props) {
  const { element, id, label, description, feel, placeholder } = props;
  const debounce = useService("debounceInput");
  const translate = useService("translate");
  return h(FeelEntry, { element, id, label, description, feel, placeholder, debounce, translate, variables: knownVariables(), ...useWriting(props) });
}

function Choice(props) {
  const { element, id, label, description, options } = props;
  const { getValue, setValue } = useWriting(props);
  const getOptions = () => {
    const current = getValue();
    const listed = options(element);
    const known = listed.some((each) => each.value === current || each.children?.some((inner) => inner.value === current));
    return known || !current ? listed : [...listed, { value: current, label: current }];
  };
  const told = typeof description === "function" ? description(element) : description;
  return h(SelectEntry, { element, id, label, description: told, getValue, setValue, getOptions });
}

function Text(props) {
  const { element, id, label, description } = props;
  return h(TextFieldEntry, { element, id, label, description, debounce: useService("debounceInput"), ...useWriting(props) });
}

function Paragraph(props) {
  const { element, id, label, description } = props;
  return h(TextAreaEntry, { element, id, label, description, autoResize: true, debounce: useService("debounceInput"), ...useWriting(props) });
}

export const feel = (entry) => ({ feel: "optional", ...entry, component: Feel, isEdited: isFeelEntryEdited });
export const choice = (entry) => ({ ...entry, component: Choice, isEdited: isSelectEntryEdited });
export const text = (entry) => ({ ...entry, component: Text, isEdited: isTextFieldEntryEdited });
export const paragraph = (entry) => ({ ...entry, component: Paragraph, isEdited: isTextAreaEntryEdited });

/** A link below a field. */
export function link(address, label) {
  return address ? h("a", { href: address }, label) : undefined;
}
