// <queue-several>: says how many cases are ticked. That the bar is there only then is for the style sheet.
class QueueSeveral extends HTMLElement {
  connectedCallback() {
    document.addEventListener("change", this.#count);
    this.#count();
  }

  disconnectedCallback() {
    document.removeEventListener("change", this.#count);
  }

  #count = () => {
    const count = document.querySelectorAll(".queue-row__tick:checked").length;
    const place = this.querySelector("[data-many]");
    const words = count === 1 ? place.dataset.one : place.dataset.many.replace("#", count);
    if (count && place.textContent !== words) place.textContent = words;
  };
}

customElements.define("queue-several", QueueSeveral);
