// Reading and writing what the zeebe extension elements of an element say; each change is one step that can be undone.

import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";

const TOGETHER = "properties-panel.multi-command-executor";

function holderOf(element) {
  return getBusinessObject(element).get("extensionElements");
}

export function findExtension(element, type) {
  return holderOf(element)?.get("values").find((each) => is(each, type));
}

export function readExtension(element, type, name) {
  return findExtension(element, type)?.get(name) ?? "";
}

export function readProperty(element, name) {
  const found = findExtension(element, "zeebe:Properties")?.get("properties") ?? [];
  return found.find((each) => each.get("name") === name)?.get("value") ?? "";
}

export function readInput(element, name) {
  const found = findExtension(element, "zeebe:IoMapping")?.get("inputParameters") ?? [];
  return found.find((each) => each.get("target") === name)?.get("source") ?? "";
}

/** Writes for one element; `commands` collects what belongs together. */
export class Writer {
  constructor(element, { bpmnFactory, commandStack }) {
    this.element = element;
    this.factory = bpmnFactory;
    this.stack = commandStack;
    this.commands = [];
  }

  create(type, values, parent) {
    const made = this.factory.create(type, values);
    made.$parent = parent;
    return made;
  }

  update(moddleElement, properties) {
    this.commands.push({ cmd: "element.updateModdleProperties", context: { element: this.element, moddleElement, properties } });
  }

  /** Replace the extension element of a type; null takes it out. */
  replace(type, make) {
    const business = getBusinessObject(this.element);
    let holder = business.get("extensionElements");
    if (!holder) {
      holder = this.create("bpmn:ExtensionElements", { values: [] }, business);
      this.update(business, { extensionElements: holder });
    }
    const others = holder.get("values").filter((each) => !is(each, type));
    const made = make(holder);
    this.update(holder, { values: made ? [...others, made] : others });
  }

  writeExtension(type, values) {
    const found = findExtension(this.element, type);
    const isEmpty = (value) => value === undefined || value === "";
    const kept = found ? Object.values({ ...ownValues(found), ...values }) : Object.values(values);
    if (kept.every(isEmpty)) {
      if (found) {
        this.replace(type, () => null);
      }
    } else if (found) {
      this.update(found, values);
    } else {
      this.replace(type, (holder) => this.create(type, values, holder));
    }
    return this;
  }

  writeListed(type, list, rowType, key, name, values) {
    const found = findExtension(this.element, type);
    const rows = found?.get(list) ?? [];
    const row = rows.find((each) => each.get(key) === name);
    if (row && values) {
      this.update(row, values);
    } else if (row) {
      const others = rows.filter((each) => each !== row);
      const isLast = !others.length && !Object.values(ownValues(found)).some((each) => Array.isArray(each) && each !== rows && each.length);
      if (isLast) {
        this.replace(type, () => null);
      } else {
        this.update(found, { [list]: others });
      }
    } else if (values && found) {
      this.update(found, { [list]: [...rows, this.create(rowType, { [key]: name, ...values }, found)] });
    } else if (values) {
      this.replace(type, (holder) => {
        const made = this.create(type, {}, holder);
        made.set(list, [this.create(rowType, { [key]: name, ...values }, made)]);
        return made;
      });
    }
    return this;
  }

  writeProperty(name, value) {
    return this.writeListed("zeebe:Properties", "properties", "zeebe:Property", "name", name, value ? { value } : null);
  }

  writeInput(name, source) {
    return this.writeListed("zeebe:IoMapping", "inputParameters", "zeebe:Input", "target", name, source ? { source } : null);
  }

  done() {
    if (this.commands.length) {
      this.stack.execute(TOGETHER, this.commands);
    }
  }
}

function ownValues(moddleElement) {
  const values = {};
  for (const { name } of moddleElement.$descriptor.properties) {
    const local = name.split(":").pop();
    if (Object.hasOwn(moddleElement, local)) {
      values[local] = moddleElement[local];
    }
  }
  return values;
}
