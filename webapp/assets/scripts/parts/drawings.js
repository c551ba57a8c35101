// Shows the present step of a drawn process first: a diagram is wider than any screen, and the reader wants to know where it is.

export function showPresentStep() {
  for (const frame of document.querySelectorAll(".diagram-frame")) {
    // A subprocess around the step is active too; the smallest shape is the step itself.
    const places = [...frame.querySelectorAll(".mark-active")].map((step) => step.getBoundingClientRect());
    if (places.length === 0) continue;
    const place = places.reduce((least, each) => (each.width * each.height < least.width * least.height ? each : least));
    const view = frame.getBoundingClientRect();
    frame.scrollLeft += place.left - view.left - (view.width - place.width) / 2;
    frame.scrollTop += place.top - view.top - (view.height - place.height) / 2;
  }
}
