// Shows a place of the drawing, and plays a story on it: where the tokens stand, step by step.

import { getBBox } from "diagram-js/lib/util/Elements";

import { announce, make, say } from "../parts/page.js";

const FOUND = "studio-found";
const STEP = "studio-step";

export class Pointer {
  constructor(modeler) {
    this.canvas = modeler.get("canvas");
    this.registry = modeler.get("elementRegistry");
    this.selection = modeler.get("selection");
    this.overlays = modeler.get("overlays");
    this.marked = [];
  }

  clear() {
    for (const { id, marker } of this.marked) {
      if (this.registry.get(id)) {
        this.canvas.removeMarker(id, marker);
      }
    }
    this.marked = [];
    this.overlays.remove({ type: FOUND });
  }

  mark(id, marker, label) {
    const element = this.registry.get(id);
    if (!element) {
      return false;
    }
    const root = this.canvas.findRoot(element);
    if (root && root !== this.canvas.getRootElement()) {
      this.canvas.setRootElement(root);
    }
    this.canvas.addMarker(id, marker);
    this.marked.push({ id, marker });
    const place = element.waypoints ? { top: 0, left: 0 } : { top: -12, left: 0 };
    // The colour is not the only sign: a word stands at the element.
    this.overlays.add(id, FOUND, { position: place, html: make("div", { class: `studio-mark ${marker}`, text: label }) });
    return true;
  }

  centre(element) {
    const box = getBBox(element);
    const view = this.canvas.viewbox();
    this.canvas.viewbox({
      x: box.x + box.width / 2 - view.width / 2,
      y: box.y + box.height / 2 - view.height / 2,
      width: view.width,
      height: view.height,
    });
  }

  show(id, label = say("problem"), marker = FOUND) {
    this.clear();
    const element = this.registry.get(id);
    if (!element || !this.mark(id, marker, label)) {
      return false;
    }
    this.selection.select(element);
    this.centre(element);
    return true;
  }

  /** Show where a link led to. */
  point(id) {
    return this.show(id, say("here"), STEP);
  }

  /** Walk through a story with buttons; each step marks its element and says its sentence. */
  play(story) {
    const player = document.querySelector("[data-player]");
    const line = player.querySelector("[data-player-line]");
    const [back, next, end] = ["back", "next", "end"].map((name) => player.querySelector(`[data-player-${name}]`));
    let step = 0;
    const tell = () => {
      this.clear();
      const { element, sentence } = story[step];
      if (element && this.registry.get(element)) {
        this.mark(element, STEP, String(step + 1));
        this.centre(this.registry.get(element));
      }
      line.textContent = say("step_of", { step: step + 1, count: story.length, sentence });
      announce(line.textContent);
      back.disabled = step === 0;
      next.disabled = step === story.length - 1;
    };
    const move = (by) => {
      step = Math.min(story.length - 1, Math.max(0, step + by));
      tell();
    };
    back.onclick = () => move(-1);
    next.onclick = () => move(1);
    end.onclick = () => {
      player.hidden = true;
      this.clear();
    };
    player.hidden = false;
    tell();
    next.focus();
  }
}
