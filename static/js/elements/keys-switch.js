// <keys-switch>: turns the one-letter keys on and off. A member's choice goes to the server; without this, by its form.
// A guest's is kept in this browser, so that their page stays the same as everybody's.
class KeysSwitch extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", this.#send);
    this.addEventListener("click", this.#turn);
    this.#draw();
  }

  disconnectedCallback() {
    this.removeEventListener("submit", this.#send);
    this.removeEventListener("click", this.#turn);
  }

  #send = async (event) => {
    event.preventDefault();
    const form = event.target;
    const button = event.submitter;
    try {
      const body = new URLSearchParams(new FormData(form));
      body.set(button.name, button.value);
      const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Fragment": "keys" }, credentials: "same-origin" });
      const part = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("keys-switch form");
      if (!answer.ok || !part) throw new Error(String(answer.status));
      document.documentElement.dataset.keys = button.value;
      form.replaceWith(part);
      part.querySelector("button").focus();
    } catch {
      form.submit();
    }
  };

  #turn = (event) => {
    if (!this.#box || !event.target.closest("button")) return;
    try {
      localStorage.setItem("keys", this.#isOff ? "on" : "off");
    } catch {
      return;
    }
    this.#draw();
  };

  get #box() {
    return this.querySelector("[data-turn-on]");
  }

  get #isOff() {
    try {
      return localStorage.getItem("keys") === "off";
    } catch {
      return false;
    }
  }

  #draw() {
    if (!this.#box) return;
    const { on, off, turnOn, turnOff } = this.#box.dataset;
    this.#box.hidden = false;
    this.#box.querySelector("p").textContent = this.#isOff ? off : on;
    this.#box.querySelector("button").textContent = this.#isOff ? turnOn : turnOff;
  }
}

customElements.define("keys-switch", KeysSwitch);
