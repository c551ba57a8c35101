// Moves the focus to what the server wants to be read first, and from a line of the error summary into its field.

export function focusFirstProblem() {
  const first = document.querySelector("[data-focus]");
  if (first) {
    first.focus();
    // An address that ends in #… makes the browser move the focus once more when everything is loaded.
    window.addEventListener("load", () => window.setTimeout(() => first.focus()));
  }
  for (const link of document.querySelectorAll(".error-summary a[href^='#']")) {
    link.addEventListener("click", (event) => {
      const field = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (field) {
        event.preventDefault();
        (field.closest(".field") ?? field).scrollIntoView({ block: "start" });
        field.focus({ preventScroll: true });
      }
    });
  }
}
