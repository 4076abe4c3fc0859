// <keys-switch>: turns the one-letter keys on and off. A member's choice goes to the server; without this, by its form.
// A guest's is kept in this browser, so that their page stays the same as everybody's. The root of every page says how
// it is, for those who listen to the keys.
const ROOT = document.documentElement;

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
      ROOT.dataset.keys = button.value;
      form.replaceWith(part);
      part.querySelector("button").focus();
    } catch {
      form.submit();
    }
  };

  #turn = (event) => {
    if (!this.#box || !event.target.closest("button")) return;
    try {
      localStorage.setItem("keys", areOff() ? "on" : "off");
    } catch {
      return;
    }
    recall();
    this.#draw();
  };

  get #box() {
    return this.querySelector("[data-turn-on]");
  }

  #draw() {
    if (!this.#box) return;
    const { on, off, turnOn, turnOff } = this.#box.dataset;
    this.#box.hidden = false;
    this.#box.querySelector("p").textContent = areOff() ? off : on;
    this.#box.querySelector("button").textContent = areOff() ? turnOn : turnOff;
  }
}

function areOff() {
  return ROOT.dataset.keys === "off";
}

function recall() {
  try {
    ROOT.dataset.keys = localStorage.getItem("keys") === "off" ? "off" : "on";
  } catch {
    ROOT.dataset.keys = "on";
  }
}

// Of a member the server has said it.
if (!ROOT.dataset.keys) {
  recall();
  // Another window may turn them, and a page that somebody goes back to is as it was left.
  addEventListener("storage", recall);
  addEventListener("pageshow", recall);
}

customElements.define("keys-switch", KeysSwitch);
