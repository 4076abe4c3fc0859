// <saved-replies>: puts a saved reply into the message above it. Without this its button brings the form back with it.
class SavedReplies extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.#add);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#add);
  }

  #add = (event) => {
    if (!event.target.closest("button")) return;
    event.preventDefault();
    const field = this.closest("form").querySelector("textarea[name=message]");
    const { words } = this.querySelector("select").selectedOptions[0].dataset;
    const gap = field.value.trim() ? "\n\n" : "";
    field.setRangeText(gap + words, field.value.trimEnd().length, field.value.length, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  };
}

customElements.define("saved-replies", SavedReplies);
