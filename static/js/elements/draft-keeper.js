// <draft-keeper data-key data-token>: keeps the words of a composer on this device until they are posted.
// A posted form leaves its token behind; a page that no longer offers that token means that the server took the words.
const PREFIX = "draft:";
const WAIT = 1000;

class DraftKeeper extends HTMLElement {
  #area = null;
  #timer = null;

  connectedCallback() {
    this.#area = this.querySelector("textarea");
    if (!this.#area) return;
    this.#forgetPosted();
    this.#restore();
    this.#area.addEventListener("input", this.#later);
    this.querySelector("form").addEventListener("submit", this.#sending);
    addEventListener("pagehide", this.#save);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    removeEventListener("pagehide", this.#save);
  }

  get #key() {
    return PREFIX + this.dataset.key;
  }

  // Shared pages carry no token of their own.
  get #token() {
    return this.dataset.token || "none";
  }

  #forgetPosted() {
    const sent = read(sessionStorage, `${this.#key}:sent`);
    if (sent && sent !== this.#token && !this.#area.value.trim()) write(localStorage, this.#key, "");
    write(sessionStorage, `${this.#key}:sent`, "");
  }

  #restore() {
    const kept = read(localStorage, this.#key);
    if (!kept || this.#area.value.trim()) return;
    this.#area.value = kept;
    this.dispatchEvent(new CustomEvent("draft-restored", { bubbles: true }));
  }

  #later = () => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#save, WAIT);
  };

  #save = () => {
    clearTimeout(this.#timer);
    write(localStorage, this.#key, this.#area.value.trim() ? this.#area.value : "");
  };

  #sending = (event) => {
    this.#save();
    if (!["preview", "write"].includes(event.submitter?.value)) write(sessionStorage, `${this.#key}:sent`, this.#token);
  };
}

// Storage may be full or forbidden; a draft is a convenience, so the page goes on without it.
function read(storage, key) {
  try {
    return storage.getItem(key);
  } catch {
    return null;
  }
}

function write(storage, key, value) {
  try {
    if (value) storage.setItem(key, value);
    else storage.removeItem(key);
  } catch {
    /* see above */
  }
}

customElements.define("draft-keeper", DraftKeeper);
