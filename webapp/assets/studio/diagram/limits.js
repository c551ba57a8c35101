// Takes out of the menus what the check would refuse or what would do nothing here.

const NOT_OFFERED = new Set([
  "create.data-object",
  "create.data-store",
  "toggle-participant-multiplicity",
  "append-data-object-reference",
  "append-data-store-reference",
  "create-data-object-reference",
  "create-data-store-reference",
  "data-object-reference",
  "data-store-reference",
]);

function without(entries) {
  return Object.fromEntries(Object.entries(entries).filter(([id]) => !NOT_OFFERED.has(id)));
}

class Limits {
  constructor(palette, popupMenu) {
    // A provider that answers with a function is asked last and may take away what others offer.
    palette.registerProvider(100, { getPaletteEntries: () => without });
    for (const menu of ["bpmn-replace", "bpmn-append", "bpmn-create"]) {
      popupMenu.registerProvider(menu, 100, { getPopupMenuEntries: () => without, getPopupMenuHeaderEntries: () => without });
    }
  }
}
Limits.$inject = ["palette", "popupMenu"];

export const limitsModule = { __init__: ["studioLimits"], studioLimits: ["type", Limits] };
