// <queue-keys>: one-letter keys for moderators. A key presses what carries its letter in data-key; what takes words away
// is a form there, which is only opened. They rest inside fields, with Ctrl and its like, and where they are turned off.
const FIELDS = "input:not([type=checkbox]), textarea, select, [contenteditable]";
const LINKS = ".queue-row:not(.queue-row--gone) .queue-row__link";
const ROOT = document.documentElement;

class QueueKeys extends HTMLElement {
  connectedCallback() {
    document.addEventListener("keydown", this.#press);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#press);
  }

  #acts = {
    j: () => this.#go(1),
    k: () => this.#go(-1),
    e: () => this.#row?.querySelector(".queue-row__tick:enabled")?.click(),
    z: () => document.querySelector("[data-key=z]")?.form.requestSubmit(),
    a: () => press("a"),
    c: () => press("c"),
    r: () => press("r"),
    s: () => press("s"),
    x: () => press("x"),
  };

  #press = (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (!Object.hasOwn(this.#acts, event.key) || event.target.closest?.(FIELDS)) return;
    if (ROOT.dataset.keys === "off" || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    this.#acts[event.key]();
  };

  // The row of the open case, or the one that has the focus.
  get #row() {
    return document.querySelector(".queue-row--here") ?? document.activeElement?.closest(".queue-row");
  }

  // Beside an open case, to the next one; in the list alone the focus moves, and Enter opens.
  #go(step) {
    const links = [...document.querySelectorAll(LINKS)];
    const here = links.indexOf(this.#row?.querySelector(".queue-row__link"));
    const link = here < 0 ? links[0] : links[here + step];
    if (!link) return;
    if (document.querySelector("queue-desk [data-case]")) link.click();
    else link.focus();
  }
}

function press(key) {
  const parts = Array.from(document.querySelectorAll(`[data-key=${key}]`));
  const part = parts.find((one) => one.checkVisibility() && !one.disabled);
  if (!part) return;
  part.click();
  if (!part.matches("summary") || !part.parentElement.open) return;
  part.parentElement.querySelector("select, textarea, button:not([name=insert])")?.focus();
}

customElements.define("queue-keys", QueueKeys);
