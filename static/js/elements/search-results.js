// <search-results>: a tick narrows the results at once, in their place, and the focus stays where it is. Without this
// the button of the form does it.
class SearchResults extends HTMLElement {
  #asking = null;

  connectedCallback() {
    this.addEventListener("change", this.#narrow);
    addEventListener("popstate", this.#goBack);
  }

  disconnectedCallback() {
    removeEventListener("popstate", this.#goBack);
    this.#asking?.abort();
  }

  #narrow = async ({ target }) => {
    const form = target.form;
    if (form?.id !== "filters") return;
    this.#asking?.abort();
    this.#asking = new AbortController();
    const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    const address = `${form.action}?${asked}`;
    try {
      const answer = await fetch(address, { signal: this.#asking.signal, credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      this.#show(page.querySelector("search-results"), target.id);
      history.replaceState({ isNarrowed: true }, "");
      history.pushState({ isNarrowed: true }, "", address);
    } catch (error) {
      if (error.name !== "AbortError") form.requestSubmit();
    }
  };

  #show(results, id) {
    this.replaceChildren(...results.childNodes);
    document.getElementById(id)?.focus({ preventScroll: true });
    const status = this.querySelector("[role=status]");
    const words = [...(status?.childNodes ?? [])];
    // Screen readers speak only of what changes in it.
    status?.replaceChildren();
    setTimeout(() => status?.append(...words), 100);
  }

  #goBack = ({ state }) => {
    if (state?.isNarrowed) location.reload();
  };
}

customElements.define("search-results", SearchResults);
