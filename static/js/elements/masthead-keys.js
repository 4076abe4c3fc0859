// <masthead-keys>: "/" goes to the search box, Escape closes an open menu and gives the focus back.
const FIELDS = "input, textarea, select, [contenteditable]";
const ROOT = document.documentElement;

class MastheadKeys extends HTMLElement {
  connectedCallback() {
    document.addEventListener("keydown", this.#press);
    document.addEventListener("click", this.#away);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#press);
    document.removeEventListener("click", this.#away);
  }

  #press = (event) => {
    if (event.key === "Escape") return this.#close(true);
    if (event.key !== "/" || event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.target.closest?.(FIELDS) || ROOT.dataset.keys === "off" || document.querySelector("dialog[open]")) return;
    const search = this.querySelector("input[type=search]");
    if (!search?.checkVisibility()) return;
    event.preventDefault();
    search.focus();
  };

  #away = (event) => {
    if (!event.target.closest("details.menu")) this.#close(false);
  };

  #close(isByKey) {
    const menu = this.querySelector("details.menu[open]");
    if (!menu) return;
    const hadFocus = menu.contains(document.activeElement);
    menu.open = false;
    if (isByKey && hadFocus) menu.querySelector("summary").focus();
  }
}

customElements.define("masthead-keys", MastheadKeys);
