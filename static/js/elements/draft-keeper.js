// <draft-keeper data-place data-owner data-token data-save data-unsaved>: keeps the words of a composer until they are
// posted: on the server as their writer pauses, and on this device what the server has not got. Without this, Preview
// keeps them.
class DraftKeeper extends HTMLElement {
  // Milliseconds: after the last letter; between two saves; at the latest after the first letter.
  static #PAUSE = 2000;
  static #APART = 5000;
  static #LATEST = 15_000;
  // What a browser sends for a page that is gone already, in bytes; the standard says 64 KiB for all together.
  static #LAST_WORDS = 60_000;

  #form = null;
  #area = null;
  #timer = null;
  #saved = "";
  #since = 0;
  #tried = 0;
  #isBusy = false;
  #isOver = false;
  #isWarning = false;

  connectedCallback() {
    this.#form = this.querySelector("form");
    this.#area = this.querySelector(".composer__body");
    this.#saved = this.hasAttribute("data-unsaved") ? "" : this.#area.defaultValue;
    this.addEventListener("input", this.#typed);
    this.addEventListener("click", this.#choose);
    this.addEventListener("submit", this.#sending);
    addEventListener("pagehide", this.#leave);
    addEventListener("online", this.#retry);
    document.addEventListener("visibilitychange", this.#hide);
    this.#recall();
  }

  disconnectedCallback() {
    this.#leave();
    removeEventListener("pagehide", this.#leave);
    removeEventListener("online", this.#retry);
    document.removeEventListener("visibilitychange", this.#hide);
    this.#warn(false);
  }

  get #key() {
    return `draft:${this.dataset.owner}:${this.dataset.place}`;
  }

  // Shared pages carry no token of their own.
  get #token() {
    return this.dataset.token || "none";
  }

  get #version() {
    return Number(this.#form.elements.draft?.value ?? 0);
  }

  set #version(number) {
    if (this.#form.elements.draft) this.#form.elements.draft.value = number;
  }

  get #isUnsaved() {
    return this.#area.value !== this.#saved;
  }

  // On this device

  // A form leaves its token behind when it is sent. Whether it arrived, the server knows.
  async #recall() {
    const mark = `sent:${this.dataset.place}`;
    const sent = read(sessionStorage, mark);
    write(sessionStorage, mark, "");
    const kept = parse(read(localStorage, this.#key));
    if (sent === "none" && this.#token !== "none") write(localStorage, `draft:0:${this.dataset.place}`, "");
    if (!kept) return;
    if (kept.words.trim() === this.#area.value.trim()) return void write(localStorage, this.#key, "");
    if (sent && sent !== this.#token && this.dataset.save && (await this.#wasPosted(sent, kept.words))) {
      return void write(localStorage, this.#key, "");
    }
    const isNext = !this.#area.value.trim() || (this.#version && kept.version === this.#version);
    if (isNext) this.#fill(kept.words);
    else this.#tell("elsewhere");
  }

  // The server keeps no draft of what was posted with the same token.
  async #wasPosted(token, words) {
    try {
      const answer = await this.#send({}, { token, body: words });
      if (!answer.ok) return false;
      const version = Number(/data-version="(\d+)"/.exec(await answer.text())?.[1] ?? 0);
      if (version && !this.#area.value.trim()) {
        this.#version = version;
        this.#saved = words;
      }
      return !version;
    } catch {
      return false;
    }
  }

  // The device keeps what the server has not got.
  #keep() {
    const isKept = this.#area.value.trim() && this.#isUnsaved;
    const record = isKept ? JSON.stringify({ words: this.#area.value, version: this.#version }) : "";
    const isDone = write(localStorage, this.#key, record);
    if (!this.dataset.save && isKept) this.#warn(!isDone);
    if (!this.dataset.save && !isDone) this.#tell("nowhere");
    return isDone;
  }

  #fill(words) {
    this.#area.value = words;
    this.#area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }

  // On the server

  #typed = (event) => {
    if (event.target !== this.#area) return;
    this.#since ||= Date.now();
    this.#later();
  };

  #later() {
    clearTimeout(this.#timer);
    const now = Date.now();
    const next = Math.max(Math.min(now + DraftKeeper.#PAUSE, this.#since + DraftKeeper.#LATEST), this.#tried + DraftKeeper.#APART);
    this.#timer = setTimeout(this.#save, next - now);
  }

  #save = async () => {
    clearTimeout(this.#timer);
    this.#keep();
    if (!this.dataset.save || this.#isOver || this.#isBusy || !this.#isUnsaved || this.#hasNewer) return;
    const words = this.#area.value;
    this.#isBusy = true;
    this.#tried = Date.now();
    this.#since = 0;
    try {
      await this.#hear(await this.#send(), words);
      // Typed meanwhile.
      if (this.#since) this.#later();
    } catch {
      this.#fail("offline");
      this.#timer = setTimeout(this.#save, DraftKeeper.#LATEST);
    } finally {
      this.#isBusy = false;
    }
  };

  #send(options = {}, values = {}) {
    const names = ["csrf_token", "token", "parent", "draft", "lang", "body"];
    const fields = names.filter((name) => this.#form.elements[name]);
    const own = Object.fromEntries(fields.map((name) => [name, this.#form.elements[name].value]));
    const body = new URLSearchParams({ ...own, ...values });
    const headers = { "X-Fragment": "draft" };
    return fetch(this.dataset.save, { method: "POST", body, headers, redirect: "manual", ...options });
  }

  async #hear(answer, words) {
    const html = await answer.text();
    if (answer.ok) {
      this.#saved = words;
      this.querySelector("[data-saved]").innerHTML = html;
      this.#version = this.querySelector("[data-saved] [data-version]")?.dataset.version ?? 0;
      this.#tell("");
      this.#warn(false);
      this.#keep();
    } else if (answer.status === 409 && html.includes("data-version")) {
      this.querySelector("[data-newer]").innerHTML = html;
      this.#say(this.querySelector("[data-newer] strong").textContent);
      this.#warn(true);
    } else if (answer.status === 413 || answer.status === 422) {
      this.#fail("refused");
    } else {
      const isElsewhere = answer.type === "opaqueredirect" || [400, 401, 403].includes(answer.status);
      this.#fail(isElsewhere ? "signed-out" : "offline");
    }
  }

  #fail(why) {
    this.#tell(this.#keep() ? why : "nowhere");
    this.#warn(true);
  }

  #retry = () => this.#save();

  #hide = () => document.hidden && this.#save();

  #leave = () => {
    clearTimeout(this.#timer);
    this.#keep();
    if (!this.dataset.save || this.#isOver || !this.#isUnsaved || this.#hasNewer) return;
    const keepalive = this.#area.value.length * 3 < DraftKeeper.#LAST_WORDS;
    this.#send({ keepalive }).catch(() => {});
  };

  #sending = (event) => {
    if (event.defaultPrevented) return;
    this.#keep();
    this.#warn(false);
    clearTimeout(this.#timer);
    this.#isOver = true;
    const isPosting = ["post", "as_it_is", "join", "signin"].includes(event.submitter?.value ?? "post");
    if (isPosting) write(sessionStorage, `sent:${this.dataset.place}`, this.#token);
  };

  // Two drafts for one place

  get #hasNewer() {
    return this.querySelector("[data-newer] [data-version]") !== null;
  }

  #choose = (event) => {
    const button = event.target.closest("[data-newer] button, [data-device]");
    if (!button) return;
    event.preventDefault();
    if (button.dataset.device) return this.#chooseKept(button.dataset.device);
    const newer = this.querySelector("[data-newer] [data-version]");
    const theirs = newer.querySelector("[data-theirs]").value;
    this.#version = newer.dataset.version;
    newer.parentElement.replaceChildren();
    this.#warn(false);
    if (button.value === "theirs") {
      this.#saved = theirs;
      replace(this.#area, theirs);
      this.#keep();
    } else {
      this.#saved = theirs;
      this.#save();
    }
    this.#area.focus();
  };

  #chooseKept(choice) {
    const kept = parse(read(localStorage, this.#key));
    this.#tell("");
    if (choice === "show" && kept) replace(this.#area, kept.words);
    else write(localStorage, this.#key, "");
    this.#area.focus();
  }

  // What the writer is told

  #tell(state) {
    for (const note of this.querySelectorAll("[data-state]")) {
      const isNew = note.hidden && note.dataset.state === state;
      note.hidden = note.dataset.state !== state;
      if (isNew) this.#say(note.querySelector("p").textContent);
    }
  }

  #say(words) {
    this.querySelector("[data-say]").textContent = words;
  }

  // The question before leaving is asked only while there is something to lose: it keeps a page out of quick going back.
  #warn(isOn) {
    if (isOn === this.#isWarning) return;
    this.#isWarning = isOn;
    if (isOn) addEventListener("beforeunload", this.#ask);
    else removeEventListener("beforeunload", this.#ask);
  }

  #ask = (event) => {
    if (this.#area.value.trim() && this.#isUnsaved) event.preventDefault();
  };
}

// Like typing over everything, so that undo brings back what was there.
function replace(area, words) {
  area.focus();
  area.select();
  if (document.execCommand("insertText", false, words)) return;
  area.value = words;
  area.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

function parse(text) {
  try {
    const kept = JSON.parse(text);
    return typeof kept?.words === "string" ? kept : null;
  } catch {
    return null;
  }
}

// Storage may be full or forbidden; then the page goes on without it.
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
    return true;
  } catch {
    return false;
  }
}

customElements.define("draft-keeper", DraftKeeper);
