// <search-suggest data-url>: offers what may be meant while words are typed into the search field inside it. The list,
// and what is read out of it, come from the server; what is chosen is a link. Without this one types the words.
class SearchSuggest extends HTMLElement {
  static #PAUSE = 150;
  static #SHORTEST = 2;

  #field = null;
  #list = document.createElement("div");
  #said = document.createElement("p");
  #timer = null;
  #asked = null;

  connectedCallback() {
    this.#field = this.querySelector("input");
    if (!this.#list.isConnected) {
      Object.assign(this.#said, { className: "hidden", role: "status" });
      this.append(this.#list, this.#said);
    }
    Object.assign(this.#field, { role: "combobox", ariaAutoComplete: "list", ariaExpanded: "false", autocomplete: "off" });
    this.#field.addEventListener("input", this.#typed);
    this.#field.addEventListener("keydown", this.#press);
    this.addEventListener("focusout", this.#left);
    // The field keeps the focus while somebody presses on a line.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  disconnectedCallback() {
    this.#close();
  }

  get #words() {
    return this.#field.value.trimStart();
  }

  #typed = () => {
    clearTimeout(this.#timer);
    this.#asked?.abort();
    if (this.#words.trim().length < SearchSuggest.#SHORTEST) return this.#close();
    this.#timer = setTimeout(this.#ask, SearchSuggest.#PAUSE);
  };

  #ask = async () => {
    const words = this.#words;
    this.#asked = new AbortController();
    try {
      const address = `${this.dataset.url}?q=${encodeURIComponent(words)}`;
      const answer = await fetch(address, { headers: { "X-Fragment": "suggestions" }, signal: this.#asked.signal });
      const html = await answer.text();
      if (!answer.ok || this.#words !== words || document.activeElement !== this.#field) return this.#close();
      this.#show(html);
    } catch {
      // Another letter was faster, or the server cannot be reached.
    }
  };

  #show(html) {
    this.#list.innerHTML = html;
    if (!this.#options.length) return this.#close();
    const count = this.#list.querySelector("[data-count]");
    this.#said.textContent = count.textContent;
    count.remove();
    this.#field.removeAttribute("aria-activedescendant");
    this.#field.setAttribute("aria-controls", this.#list.querySelector("[role=listbox]").id);
    this.#field.ariaExpanded = "true";
  }

  #close() {
    clearTimeout(this.#timer);
    this.#asked?.abort();
    this.#list.replaceChildren();
    this.#said.textContent = "";
    this.#field.ariaExpanded = "false";
    for (const name of ["aria-activedescendant", "aria-controls"]) this.#field.removeAttribute(name);
  }

  #left = (event) => {
    if (!this.contains(event.relatedTarget)) this.#close();
  };

  get #options() {
    return [...this.#list.querySelectorAll("[role=option]")];
  }

  get #chosen() {
    return this.#options.findIndex((option) => option.ariaSelected === "true");
  }

  // Between the last line and the first one stands what was typed.
  #move(step) {
    const places = this.#options.length + 1;
    const next = (this.#chosen + 1 + step + places) % places;
    this.#options.forEach((option, place) => (option.ariaSelected = String(place === next - 1)));
    const option = this.#options[next - 1];
    if (!option) return this.#field.removeAttribute("aria-activedescendant");
    this.#field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  #press = (event) => {
    if (!this.#options.length || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = {
      ArrowDown: () => this.#move(1),
      ArrowUp: () => this.#move(-1),
      Enter: this.#chosen < 0 ? null : () => this.#options[this.#chosen].click(),
      Escape: () => this.#close(),
    }[event.key];
    if (!act || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
}

customElements.define("search-suggest", SearchSuggest);
