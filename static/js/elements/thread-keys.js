// <thread-keys>: one-letter keys in a discussion, and their list in a window over the page. They rest inside fields,
// with Ctrl and its like, and where they are turned off. Without this its link leads to the page of the list.
const FIELDS = "input, textarea, select, [contenteditable]";
const COMMENTS = "article.card[id]";
const ROOT = document.documentElement;

class ThreadKeys extends HTMLElement {
  #last = null;

  connectedCallback() {
    document.addEventListener("keydown", this.#press);
    this.addEventListener("click", this.#click);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#press);
    this.removeEventListener("click", this.#click);
  }

  #acts = {
    j: () => this.#go(next(comments(isVisible), this.#here())),
    k: () => this.#go(previous(comments(isVisible), this.#here())),
    n: () => this.#go(next(comments(isNew), this.#here())),
    a: () => this.#go(next(comments(isByAuthor), this.#here())),
    p: () => this.#up(),
    r: () => this.#here()?.querySelector("a[data-reply]")?.click(),
    l: () => visible(this.#here()?.querySelectorAll('.card__mark[formaction$="like"]'))?.click(),
    c: () => document.querySelector("#add-comment, .composer-section textarea")?.focus(),
    "?": () => this.#list(),
  };

  #press = (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!Object.hasOwn(this.#acts, event.key) || event.target.closest?.(FIELDS)) return;
    if (ROOT.dataset.keys === "off" || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    this.querySelector("[role=status]").textContent = "";
    this.#acts[event.key]();
  };

  // The comment that has the focus or had it last, or that the address names.
  #here() {
    const focused = document.activeElement?.closest(COMMENTS);
    return focused ?? (this.#last?.isConnected ? this.#last : document.querySelector(`${COMMENTS}:target`));
  }

  #up() {
    const here = this.#here();
    const number = here?.closest(".thread__item")?.dataset.parent;
    const above = number && document.getElementById(`comment-${number}`);
    // Where it stands on another page, its link leads there.
    const link = here?.querySelector(".card__to a");
    if (!above && link) link.click();
    else this.#go(above);
  }

  #go(comment) {
    if (!comment) {
      if (document.querySelector(COMMENTS)) this.querySelector("[role=status]").textContent = this.dataset.end;
      return;
    }
    for (let up = comment.closest("details"); up; up = up.parentElement.closest("details")) up.open = true;
    comment.tabIndex = -1;
    comment.focus({ preventScroll: true });
    const { top, bottom } = comment.getBoundingClientRect();
    if (top < 0 || bottom > innerHeight) comment.scrollIntoView({ block: "start" });
    this.#last = comment;
  }

  #click = (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (!event.target.closest("a")) return;
    event.preventDefault();
    this.#list();
  };

  async #list() {
    const link = this.querySelector("a");
    try {
      const answer = await fetch(link.href, { headers: { "X-Fragment": "keys" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const html = await answer.text();
      if (!html.includes("<dialog") || document.querySelector("dialog[open]")) throw new Error("not the list");
      document.body.insertAdjacentHTML("beforeend", html);
      const list = document.body.lastElementChild;
      list.addEventListener("close", () => list.remove());
      list.showModal();
    } catch {
      location.assign(link.href);
    }
  }
}

function comments(isWanted) {
  return [...document.querySelectorAll(COMMENTS)].filter(isWanted);
}

// Those in closed branches are passed by; the others of these open the branch they stand in.
function isVisible(comment) {
  return comment.checkVisibility();
}

function isNew(comment) {
  return comment.querySelector(".new") !== null;
}

function isByAuthor(comment) {
  return comment.querySelector(".badge--author") !== null;
}

// Where nothing has been chosen yet: what stands at the top of the window, or above it.
function next(list, here) {
  if (!here) return list.find((comment) => comment.getBoundingClientRect().bottom > 0);
  return list.find((comment) => here.compareDocumentPosition(comment) & Node.DOCUMENT_POSITION_FOLLOWING);
}

function previous(list, here) {
  if (!here) return list.findLast((comment) => comment.getBoundingClientRect().top < 0);
  return list.findLast((comment) => here.compareDocumentPosition(comment) & Node.DOCUMENT_POSITION_PRECEDING);
}

function visible(parts) {
  return [...(parts ?? [])].find((part) => part.checkVisibility());
}

customElements.define("thread-keys", ThreadKeys);
