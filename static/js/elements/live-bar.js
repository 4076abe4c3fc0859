// <live-bar data-words> in a <live-thread>: says how many comments are new, and puts them in their places when it is
// asked to, never by itself. All HTML comes from the server.
class LiveBar extends HTMLElement {
  // Milliseconds between two announcements to those who do not see the bar.
  static #QUIET = 60_000;
  static #AT_ONCE = 50;

  #waiting = new Set();
  #elsewhere = 0;
  #said = -Infinity;
  #timers = {};
  #observer = new MutationObserver(() => this.#tidy());

  connectedCallback() {
    this.addEventListener("live-news", this.#hear);
    this.addEventListener("live-reload", this.#end);
    this.addEventListener("live-gone", this.#end);
    this.#button.addEventListener("click", this.#show);
    this.#observer.observe(this.#list, { childList: true, subtree: true });
  }

  disconnectedCallback() {
    this.#observer.disconnect();
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    this.removeEventListener("live-news", this.#hear);
    this.removeEventListener("live-reload", this.#end);
    this.removeEventListener("live-gone", this.#end);
    this.#button.removeEventListener("click", this.#show);
  }

  get #list() {
    return document.getElementById("comments");
  }

  get #thread() {
    return this.closest("live-thread");
  }

  get #button() {
    return this.querySelector("button");
  }

  #hear = ({ detail: { kind, comment } }) => {
    if (kind === "published" && !card(comment)) {
      this.#waiting.add(comment);
      if (this.hasAttribute("data-sifts")) return this.#later("sift", 200, this.#sift);
    } else if (kind === "hidden") this.#waiting.delete(comment);
    this.#draw();
  };

  #later(name, wait, act) {
    this.#timers[name] ??= setTimeout(() => {
      delete this.#timers[name];
      act();
    }, wait);
  }

  // Whoever muted somebody hears of a comment only when the server has said that it is not by them. The first answer
  // says whether there is anybody.
  #sift = async () => {
    const parts = await this.#thread.fetch([...this.#waiting].slice(-LiveBar.#AT_ONCE), { areNew: true });
    if (parts && !parts.querySelector("[data-sifts]")) this.removeAttribute("data-sifts");
    for (const part of parts?.querySelectorAll("[data-quiet]") ?? []) this.#waiting.delete(Number(part.dataset.id));
    this.#draw();
  };

  // What came into the page another way is not new; what came in twice goes once.
  #tidy() {
    for (const item of this.#list.querySelectorAll("[data-live]")) {
      const { id } = item.querySelector(".card");
      if (document.querySelectorAll(`[id="${id}"]`).length > 1) item.remove();
    }
    const before = this.#waiting.size;
    for (const number of this.#waiting) if (card(number)) this.#waiting.delete(number);
    if (this.#waiting.size !== before) this.#draw();
  }

  #draw() {
    const count = this.#waiting.size;
    this.#button.hidden = !count;
    this.querySelector("[data-new]").textContent = this.#words("new", count);
    this.querySelector("[data-show]").textContent = this.#words("show", count);
    this.querySelector("[data-more]").hidden = Boolean(count) || !this.#elsewhere;
    this.querySelector("[data-elsewhere]").textContent = this.#words("elsewhere", this.#elsewhere);
    if (count) this.#later("say", Math.max(0, this.#said + LiveBar.#QUIET - performance.now()), this.#say);
  }

  #say = () => {
    if (!this.#waiting.size) return;
    this.#said = performance.now();
    this.querySelector("[role=status]").textContent = this.#words("new", this.#waiting.size);
  };

  #words(what, number) {
    const forms = JSON.parse(this.dataset.words)[what];
    const form = new Intl.PluralRules(document.documentElement.lang).select(number);
    return (forms[form] ?? forms.other).replace("#", number);
  }

  #end = ({ type }) => {
    this.#waiting.clear();
    this.#elsewhere = 0;
    this.#draw();
    const told = this.querySelector(`[data-on=${type}]`);
    told.hidden = false;
    this.querySelector("[role=status]").textContent = told.textContent.trim();
  };

  #show = async () => {
    const numbers = [...this.#waiting].slice(0, LiveBar.#AT_ONCE);
    const parts = await this.#thread.fetch(numbers, { areNew: true, areShown: true });
    this.querySelector("[data-failed]").hidden = Boolean(parts);
    if (!parts) return;
    for (const number of numbers) this.#waiting.delete(number);
    const placed = [...parts.querySelectorAll("[data-id]:not([data-quiet])")].filter((part) => this.#place(part, parts));
    this.#thread.recount(parts);
    this.#draw();
    const first = card(placed[0]?.dataset.id);
    if (!first) return this.querySelector("[data-more]:not([hidden]) a")?.focus();
    first.tabIndex = -1;
    first.focus();
  };

  // Puts a comment where it belongs; whether there is such a place on this page.
  #place(part, parts) {
    const list = this.#placeOf(part.dataset.parent, parts);
    if (!list) {
      this.#elsewhere += 1;
      return false;
    }
    const item = part.content.querySelector(".thread__item");
    item.dataset.live = "";
    list[this.dataset.tops === "first" && list.parentElement === this.#list ? "prepend" : "append"](item);
    for (let branch = item.closest("details"); branch; branch = branch.parentElement.closest("details")) branch.open = true;
    return true;
  }

  #placeOf(parent, parts) {
    const { top, tops, levels } = this.dataset;
    if (this.#thread.hasAttribute("data-flat")) return tops ? this.#topList() : null;
    if (parent === "0") return tops && top === "0" ? this.#topList() : null;
    if (parent === top && !tops) return null;
    const item = card(parent)?.closest(".thread__item");
    if (!item || card(parent).matches(".card--waiting") || depthOf(item) >= Number(levels)) return null;
    if (!item.querySelector(":scope > .thread__branch")) {
      const made = parts.querySelector(`[data-branch="${parent}"]`).content.querySelector(".thread__branch");
      const branch = item.appendChild(made.cloneNode(true));
      branch.querySelector(".thread__replies").replaceChildren();
    }
    return [...item.querySelectorAll(":scope > .thread__branch > .thread__replies")].find(isShared);
  }

  #topList() {
    const list = [...this.#list.querySelectorAll(":scope > .thread__list")].find(isShared);
    if (list) return list;
    this.#list.querySelector(".thread__empty")?.remove();
    this.#list.prepend(this.querySelector("template").content.firstElementChild.cloneNode());
    return this.#list.firstElementChild;
  }
}

function card(number) {
  return document.getElementById(`comment-${number}`);
}

// A list of what all see: no composer hangs in it, and no comment that waits.
function isShared(list) {
  return !list.querySelector(":scope > .thread__item--composer, :scope > .thread__item > .card--waiting");
}

function depthOf(item) {
  const above = item.parentElement.closest(".thread__item");
  return above ? depthOf(above) + 1 : 0;
}

customElements.define("live-bar", LiveBar);
