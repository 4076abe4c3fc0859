// <queue-told>: what was just decided, with the way back, for ten seconds or as long as somebody points at it. Then it
// is out of sight; its key still works, and all decisions have their own way back for longer.
const SHOWN = 10_000;

class QueueTold extends HTMLElement {
  #timer = null;

  connectedCallback() {
    for (const kind of ["pointerenter", "focusin"]) this.addEventListener(kind, this.#stay);
    for (const kind of ["pointerleave", "focusout"]) this.addEventListener(kind, this.#leave);
    this.classList.add("told--floats");
    this.#leave();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  #stay = () => clearTimeout(this.#timer);

  #leave = () => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.classList.add("told--over"), SHOWN);
  };
}

customElements.define("queue-told", QueueTold);
