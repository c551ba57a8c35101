// Shows the form as people will see it: drawn by the server, which also says what it cannot ask.

import { csrfToken, facts } from "../parts/page.js";

const PAUSE_MS = 500;

export function watchPreview(read) {
  const place = document.querySelector("[data-preview]");
  let timer = 0;
  let asked = 0;

  async function ask() {
    const number = ++asked;
    try {
      const answer = await fetch(facts.addresses.preview, {
        method: "POST",
        body: read(),
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken(), Accept: "text/html" },
      });
      const text = await answer.text();
      if (answer.ok && number === asked) {
        // Drawn by the server's own templates, which write every text of a form as text. Nothing in it can be sent.
        place.innerHTML = text;
      }
    } catch {
      // The preview stays as it was; the next change asks again.
    }
  }

  return function refresh() {
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, PAUSE_MS);
  };
}
