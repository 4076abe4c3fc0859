// <password-show>: a button that shows what was typed, and hides it again when the form is sent.
class PasswordShow extends HTMLElement {
  #button = null;
  #input = null;

  connectedCallback() {
    this.#input = this.querySelector("input");
    if (!this.#input || this.#button) return;
    this.#button = document.createElement("button");
    this.#button.type = "button";
    this.#button.className = "password__show";
    this.#button.setAttribute("aria-controls", this.#input.id);
    this.#button.addEventListener("click", this.#toggle);
    this.#input.form?.addEventListener("submit", this.#hide);
    this.append(this.#button);
    this.#draw(false);
  }

  disconnectedCallback() {
    this.#input?.form?.removeEventListener("submit", this.#hide);
  }

  #toggle = () => this.#draw(this.#input.type === "password");

  #hide = () => this.#draw(false);

  #draw(isShown) {
    this.#input.type = isShown ? "text" : "password";
    this.#button.textContent = isShown ? this.dataset.hide : this.dataset.show;
    this.#button.setAttribute("aria-label", isShown ? this.dataset.hideLabel : this.dataset.showLabel);
  }
}

customElements.define("password-show", PasswordShow);
