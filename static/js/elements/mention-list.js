// <mention-list data-url>: proposes people while an @ and letters are typed in the field inside it. The list and what
// is read out of it come from the server. Without this one types the name.
class MentionList extends HTMLElement {
  static #PAUSE = 150;
  static #TYPED = /(?:^|[^\p{L}\p{N}_@#/.+=&?%-])@([\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,39})$/u;

  #area = null;
  #place = null;
  #timer = null;
  #asked = null;
  #dismissed = "";

  connectedCallback() {
    this.#area = this.querySelector("textarea");
    if (!this.dataset.url) return;
    this.#area.addEventListener("input", this.#typed);
    this.#area.addEventListener("keydown", this.#press);
    this.#area.addEventListener("blur", this.#close);
    this.#area.addEventListener("click", this.#typed);
    this.addEventListener("pointerdown", this.#point);
  }

  disconnectedCallback() {
    this.#close();
  }

  get #word() {
    const { selectionStart, selectionEnd, value } = this.#area;
    if (selectionStart !== selectionEnd) return "";
    return MentionList.#TYPED.exec(value.slice(Math.max(0, selectionStart - 60), selectionStart))?.[1] ?? "";
  }

  #typed = () => {
    clearTimeout(this.#timer);
    const word = this.#word;
    if (!word || word === this.#dismissed) return this.#close();
    this.#dismissed = "";
    this.#timer = setTimeout(() => this.#ask(word), MentionList.#PAUSE);
  };

  async #ask(word) {
    this.#asked?.abort();
    this.#asked = new AbortController();
    try {
      const options = { headers: { "X-Fragment": "people" }, redirect: "manual", signal: this.#asked.signal };
      const answer = await fetch(`${this.dataset.url}&q=${encodeURIComponent(word)}`, options);
      const html = await answer.text();
      if (!answer.ok || this.#word !== word || document.activeElement !== this.#area) return this.#close();
      this.#show(html);
    } catch {
      // Another letter was faster, or the server cannot be reached.
    }
  }

  #show(html) {
    this.#place ??= this.appendChild(document.createElement("div"));
    this.#place.innerHTML = html;
    if (!this.#options.length) return this.#close();
    this.#area.setAttribute("aria-autocomplete", "list");
    this.#area.setAttribute("aria-controls", this.#place.querySelector("[role=listbox]").id);
    this.#say(this.#place.querySelector("[data-count]").textContent.trim());
    this.#choose(0);
  }

  #close = () => {
    clearTimeout(this.#timer);
    this.#asked?.abort();
    this.#place?.replaceChildren();
    for (const name of ["aria-activedescendant", "aria-controls", "aria-autocomplete"]) this.#area.removeAttribute(name);
  };

  get #options() {
    return [...(this.#place?.querySelectorAll("[role=option]") ?? [])];
  }

  get #chosen() {
    return this.#options.findIndex((option) => option.ariaSelected === "true");
  }

  #choose(number) {
    this.#options.forEach((option, place) => (option.ariaSelected = String(place === number)));
    const option = this.#options[number];
    this.#area.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  #press = (event) => {
    const count = this.#options.length;
    if (!count || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = {
      ArrowDown: () => this.#choose((this.#chosen + 1) % count),
      ArrowUp: () => this.#choose((this.#chosen - 1 + count) % count),
      Enter: () => this.#take(this.#options[this.#chosen]),
      Tab: () => this.#take(this.#options[this.#chosen]),
      Escape: () => {
        this.#dismissed = this.#word;
        this.#close();
      },
    }[event.key];
    if (!act || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };

  // Before the field loses the focus.
  #point = (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    event.preventDefault();
    this.#take(option);
  };

  // As if it had been typed, so that undo takes it back.
  #take(option) {
    const end = this.#area.selectionStart;
    const start = end - this.#word.length;
    const text = `${option.dataset.username} `;
    this.#say(option.textContent.trim().replace(/\s+/g, " "));
    this.#close();
    this.#area.focus();
    this.#area.setSelectionRange(start, end);
    if (!document.execCommand("insertText", false, text)) {
      this.#area.setRangeText(text, start, end, "end");
      this.#area.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
  }

  #say(words) {
    const place = this.closest("form").querySelector("[data-say]");
    if (place) place.textContent = words;
  }
}

customElements.define("mention-list", MentionList);
