// The properties panel in the owner's words: who, for which area, how long, which form, what the decider sees, which policy.
// Groups that would say something nobody here reads are taken out; all others are the stock ones of bpmn-js.

import { Group, ListGroup, isFeelEntryEdited } from "@bpmn-io/properties-panel";
import { getBusinessObject, is, isAny } from "bpmn-js/lib/util/ModelUtil";

import { facts, say } from "../parts/page.js";
import { findExtension, readExtension, readInput, readProperty, Writer } from "./changing.js";
import { choice, feel, link, paragraph, text } from "./entries.js";

const HIDDEN_GROUPS = new Set([
  "userTaskImplementation", "businessRuleImplementation", "scriptImplementation", "adHocSubProcessImplementation", "form",
  "assignmentDefinition", "taskDefinition", "calledDecision", "calledElement", "Zeebe__TaskListeners", "Zeebe__ExecutionListeners",
]);
// They would be shown for what a file brings along, but are not offered.
const HIDDEN_WHEN_EMPTY = new Set(["headers", "Zeebe__ExtensionProperties"]);
const HIDDEN_ENTRIES = new Set(["versionTag", "bindingType", "candidateStarterConfiguration"]);
const JOBS = ["bpmn:ServiceTask", "bpmn:SendTask", "bpmn:BusinessRuleTask"];

function group(id, entries) {
  return { id: `studio-${id}`, label: say(`group_${id}`), component: Group, entries: entries.filter(Boolean), shouldOpen: true };
}

function property(name, kind = feel) {
  const id = `studio-${name.replace(".", "-")}`;
  return kind({
    id,
    label: say(`property_${name}`),
    read: (element) => readProperty(element, name),
    write: (writer, value) => writer.writeProperty(name, value),
  });
}

function extension(id, type, name, kind = feel, more = {}) {
  return kind({
    id: `studio-${id}`,
    label: say(`field_${id}`),
    read: (element) => readExtension(element, type, name),
    write: (writer, value) => writer.writeExtension(type, { [name]: value || undefined }),
    ...more,
  });
}

function listed(first, options) {
  return [{ value: "", label: first }, ...options];
}

function roleOptions(first) {
  return () => listed(first, facts.roles.map(({ code, name }) => ({ value: code, label: `${name} (${code})` })));
}

function laneRole() {
  return choice({
    id: "studio-lane-role",
    label: say("field_lane_role"),
    options: roleOptions(say("system")),
    read: (element) => (getBusinessObject(element).get("name") === "SYSTEM" ? "" : getBusinessObject(element).get("name")),
    write: (writer, value) => writer.update(getBusinessObject(writer.element), { name: value || "SYSTEM" }),
  });
}

function who() {
  return group("who", [
    extension("candidate_groups", "zeebe:AssignmentDefinition", "candidateGroups", choice, { options: roleOptions(say("as_lane")) }),
    extension("candidate_users", "zeebe:AssignmentDefinition", "candidateUsers"),
  ]);
}

function separated(element) {
  return readProperty(element, "separate_from").split(",").map((each) => each.trim()).filter(Boolean);
}

/** Four eyes: a list of other tasks whose people may not do this one. */
function separation(element, injector) {
  const others = injector.get("elementRegistry").filter((each) => is(each, "bpmn:UserTask") && each !== element && !each.labelTarget);
  const options = () => listed(say("choose"), others.map((each) => ({ value: each.id, label: getBusinessObject(each).get("name") || each.id })));
  const write = (writer, chosen) => writer.writeProperty("separate_from", [...new Set(chosen.filter(Boolean))].join(","));
  const writer = () => new Writer(element, { bpmnFactory: injector.get("bpmnFactory"), commandStack: injector.get("commandStack") });
  const items = separated(element).map((task, place) => ({
    id: `studio-separate-${place}`,
    label: options().find((each) => each.value === task)?.label ?? task,
    entries: [
      choice({
        id: `studio-separate-${place}-task`,
        label: say("field_separate"),
        options,
        read: () => task,
        write: (each, value) => write(each, separated(element).map((other, at) => (at === place ? value : other))),
      }),
    ],
    remove: (event) => {
      event.stopPropagation();
      const each = writer();
      write(each, separated(element).filter((_, at) => at !== place));
      each.done();
    },
  }));
  const free = others.find((each) => !separated(element).includes(each.id));
  const add = free
    ? (event) => {
        event.stopPropagation();
        const each = writer();
        write(each, [...separated(element), free.id]);
        each.done();
      }
    : undefined;
  return { id: "studio-separate", label: say("group_separate"), component: ListGroup, items, add };
}

function form() {
  const described = (element) => {
    const found = facts.forms.find(({ id }) => id === readExtension(element, "zeebe:FormDefinition", "formId"));
    return link(found?.address, say("open_form"));
  };
  const options = () => listed(say("no_form"), facts.forms.map(({ id }) => ({ value: id, label: id })));
  return group("form", [extension("form", "zeebe:FormDefinition", "formId", choice, { options, description: described })]);
}

function userTaskGroups(element, injector) {
  return [
    who(),
    separation(element, injector),
    group("where", [property("scope.area"), property("scope.organisation")]),
    group("time", [
      extension("due", "zeebe:TaskSchedule", "dueDate"),
      property("no_clock", text),
      extension("priority", "zeebe:PriorityDefinition", "priority"),
    ]),
    form(),
    group("decider", [property("subject"), property("question"), property("card"), property("reauthenticate")]),
    group("policy", [property("source", text)]),
  ];
}

function operationNow(element) {
  return facts.operations.find(({ name }) => name === readExtension(element, "zeebe:TaskDefinition", "type"));
}

function operationOptions() {
  const areas = new Map();
  for (const { name } of facts.operations) {
    const area = name.split(".")[0];
    areas.set(area, [...(areas.get(area) ?? []), { value: name, label: name }]);
  }
  return listed(say("choose"), [...areas].map(([label, children]) => ({ label, children })));
}

function operationGroups(element) {
  const operation = operationNow(element);
  const chosen = extension("operation", "zeebe:TaskDefinition", "type", choice, {
    options: operationOptions,
    description: (each) => operationNow(each)?.about,
  });
  const inputs = (operation?.inputs ?? []).map((name) =>
    feel({ id: `studio-input-${name}`, label: name, read: (each) => readInput(each, name), write: (writer, value) => writer.writeInput(name, value) }),
  );
  return [group("operation", [chosen]), inputs.length ? group("inputs", inputs) : null].filter(Boolean);
}

function decisionGroup() {
  const options = () => listed(say("choose"), facts.decisions.map(({ id, name }) => ({ value: id, label: name ? `${id} ${name}` : id })));
  const described = (element) => {
    const found = facts.decisions.find(({ id }) => id === readExtension(element, "zeebe:CalledDecision", "decisionId"));
    return link(found?.address, say("open_table"));
  };
  return group("decision", [
    extension("decision", "zeebe:CalledDecision", "decisionId", choice, { options, description: described }),
    extension("result", "zeebe:CalledDecision", "resultVariable", text),
  ]);
}

function calledGroup() {
  const options = () => listed(say("choose"), facts.processes.map(({ id, name }) => ({ value: id, label: name ? `${name} (${id})` : id })));
  return group("called", [extension("called", "zeebe:CalledElement", "processId", choice, { options })]);
}

function ownGroups(element, injector) {
  if (is(element, "bpmn:UserTask")) {
    return userTaskGroups(element, injector);
  }
  if (is(element, "bpmn:Lane")) {
    return [group("who", [laneRole()])];
  }
  if (is(element, "bpmn:CallActivity")) {
    return [calledGroup()];
  }
  if (is(element, "bpmn:BusinessRuleTask") && !findExtension(element, "zeebe:TaskDefinition")) {
    return [decisionGroup()];
  }
  return isAny(element, JOBS) ? operationGroups(element) : [];
}

/** The stock list of inputs is in the way where all of them are asked for by name. */
function hasNamedInputs(element) {
  const operation = isAny(element, JOBS) ? operationNow(element) : null;
  const given = findExtension(element, "zeebe:IoMapping")?.get("inputParameters") ?? [];
  return operation && given.every((each) => operation.inputs.includes(each.get("target")));
}

function isShown(found, element) {
  if (HIDDEN_GROUPS.has(found.id) || (HIDDEN_WHEN_EMPTY.has(found.id) && !found.items?.length)) {
    return false;
  }
  return !(found.id === "inputs" && hasNamedInputs(element));
}

class OwnersWords {
  constructor(propertiesPanel, injector) {
    // Below the stock providers (500 and 1000), so that their groups are there to be taken out.
    propertiesPanel.registerProvider(400, this);
    this.injector = injector;
  }

  getGroups(element) {
    return (groups) => {
      const kept = groups.filter((found) => isShown(found, element));
      for (const found of kept.filter((each) => each.entries)) {
        found.entries = found.entries.filter(({ id }) => !HIDDEN_ENTRIES.has(id));
      }
      const first = kept.filter(({ id }) => id === "general" || id === "condition");
      const condition = first.find(({ id }) => id === "condition");
      if (condition) {
        condition.shouldOpen = true;
        condition.entries = condition.entries.map((entry) => ({ isEdited: isFeelEntryEdited, ...entry }));
      }
      const rest = kept.filter((found) => !first.includes(found) && (found.items || found.entries?.length || found.component));
      return [...first, ...ownGroups(element, this.injector), ...rest];
    };
  }
}
OwnersWords.$inject = ["propertiesPanel", "injector"];

export const ownersWordsModule = { __init__: ["ownersWords"], ownersWords: ["type", OwnersWords] };
