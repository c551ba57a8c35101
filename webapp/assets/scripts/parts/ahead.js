// What will happen to a request, beside its questions: fetched when the page opens, and anew whenever the answers were saved.
// Without this script a link leads to the same on a page of its own.

export function lookAhead() {
  for (const place of document.querySelectorAll("[data-ahead]")) {
    let newest = 0;
    const look = async () => {
      const asked = ++newest;
      const answer = await fetch(place.dataset.ahead, { headers: { Accept: "text/html" } }).catch(() => null);
      if (!answer?.ok || asked !== newest) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("ahead");
      if (fresh) place.replaceChildren(fresh);
    };
    document.querySelector("form[data-autosave]")?.addEventListener("saved", look);
    look();
  }
}
