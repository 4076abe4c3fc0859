// <ask-first>: what a writer is asked before posting. Whoever changes the words has answered: the question goes, and the
// usual button comes back. Without this “Change it” shows the page again.
class AskFirst extends HTMLElement {
  #form = null;

  connectedCallback() {
    this.#form = this.closest("form");
    this.#form?.addEventListener("input", this.#typed);
    this.addEventListener("click", this.#click);
  }

  disconnectedCallback() {
    this.#form?.removeEventListener("input", this.#typed);
  }

  #typed = (event) => {
    if (event.target.name === "body") this.#answered();
  };

  #click = (event) => {
    if (!event.target.closest("[value=write]")) return;
    event.preventDefault();
    this.#form.elements.body.focus();
    this.#answered();
  };

  #answered() {
    const usual = this.#form.querySelector("[data-usual]");
    if (usual) usual.hidden = false;
    this.remove();
  }
}

customElements.define("ask-first", AskFirst);
