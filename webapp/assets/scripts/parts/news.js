// Asks now and then whether something new came, and says so with a link. What somebody reads does not move.

const PAUSE_MS = 30_000;
const LONGEST_MS = 10 * 60_000;

/** Watch a live region: `data-inbox-news` is the address that is asked, `data-show` the words of the link. */
export function announceNews(region) {
  let pause = PAUSE_MS;
  let said = 0;

  async function look() {
    if (!document.hidden) {
      try {
        const answer = await fetch(region.dataset.inboxNews, { headers: { Accept: "application/json" } });
        if (!answer.ok) {
          throw new Error(String(answer.status));
        }
        show(await answer.json());
        pause = PAUSE_MS;
      } catch {
        pause = Math.min(pause * 2, LONGEST_MS);
      }
    }
    window.setTimeout(look, pause);
  }

  function show(found) {
    if (!found.count || found.count === said) {
      return;
    }
    said = found.count;
    const link = document.createElement("a");
    link.href = window.location.href;
    link.textContent = region.dataset.show;
    region.replaceChildren(`${found.sentence} – `, link);
  }

  window.setTimeout(look, Number(region.dataset.pause) || PAUSE_MS);
}
