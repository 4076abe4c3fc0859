// <say-once role="status">: screen readers speak only of what changes, so its words are put in again after the page
// has come to rest. Without this they are a line of the page.
const REST = 1000;

class SayOnce extends HTMLElement {
  #timer = null;

  connectedCallback() {
    const words = this.textContent;
    this.textContent = "";
    this.#timer = setTimeout(() => (this.textContent = words), REST);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }
}

customElements.define("say-once", SayOnce);
