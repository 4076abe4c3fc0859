// <queue-news data-url>: asks what colleagues did meanwhile, and says it in the rows and in the open case. Nothing that
// is being read moves: a row stays where it is when its case is decided, and new ones are only counted.
class QueueNews extends HTMLElement {
  // Milliseconds between two questions; longer after one without an answer.
  static #PAUSE = 2_500;
  static #AFTER_FAILURE = 15_000;

  #timer = null;
  #after = null;
  #new = new Set();

  connectedCallback() {
    this.#after ??= new URL(this.dataset.url, location.href).searchParams.get("after");
    document.addEventListener("visibilitychange", this.#turn);
    this.#turn();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#turn);
    clearTimeout(this.#timer);
  }

  get #detail() {
    return document.querySelector("queue-desk [data-case]");
  }

  #turn = () => {
    clearTimeout(this.#timer);
    if (!document.hidden) this.#later(QueueNews.#PAUSE);
  };

  #later(pause) {
    clearTimeout(this.#timer);
    if (this.isConnected && !document.hidden) this.#timer = setTimeout(() => this.#ask(), pause);
  }

  async #ask() {
    const url = new URL(this.dataset.url, location.href);
    url.searchParams.set("after", this.#after);
    if (this.#detail) url.searchParams.set("current", this.#detail.dataset.case);
    try {
      const answer = await fetch(url, { credentials: "same-origin" });
      if (answer.redirected || answer.status >= 400) throw new Error(String(answer.status));
      const html = await answer.text();
      // Too much has happened to tell: the rows stay as they are until somebody asks for the list.
      if (answer.status === 200) this.#tell(new DOMParser().parseFromString(html, "text/html").body);
      this.#after = answer.headers.get("X-Live-After") ?? this.#after;
      this.#later(QueueNews.#PAUSE);
    } catch {
      this.#later(QueueNews.#AFTER_FAILURE);
    }
  }

  #tell(news) {
    for (const row of news.querySelectorAll("[data-rows] > li")) this.#renew(row);
    for (const gone of news.querySelectorAll("[data-gone] > li")) this.#end(gone);
    const current = news.querySelector("[data-current]");
    if (current && current.dataset.current === this.#detail?.dataset.case) this.#tellCase(current);
    this.#count(news.querySelectorAll("[data-tabs] > li"));
    this.#sayNew();
  }

  #renew(row) {
    const there = document.getElementById(row.id);
    if (!there) return this.#new.add(row.id);
    const tick = there.querySelector("input");
    const fresh = row.querySelector("input");
    tick.value = fresh.value;
    const link = there.querySelector("a");
    link.replaceChildren(...row.querySelector("a").childNodes);
  }

  #end(gone) {
    this.#new.delete(`case-${gone.dataset.case}`);
    const row = document.getElementById(`case-${gone.dataset.case}`);
    if (!row || row.classList.contains("queue-row--gone")) return;
    row.classList.add("queue-row--gone");
    const tick = row.querySelector("input");
    tick.checked = false;
    tick.disabled = true;
    tick.dispatchEvent(new Event("change", { bubbles: true }));
    const said = document.createElement("span");
    said.className = "queue-row__claim";
    said.textContent = gone.textContent;
    // In the place of who had it, so that no row below moves.
    const link = row.querySelector("a");
    link.querySelector(".queue-row__claim")?.remove();
    link.append(said);
  }

  #tellCase(current) {
    const detail = this.#detail;
    const line = detail.querySelector("[data-claim]");
    // Somebody may be about to take it over.
    if (!line.querySelector("details[open]")) line.replaceWith(current.querySelector("[data-claim]"));
    const place = detail.querySelector("[data-ended]");
    if (current.hasAttribute("data-closed")) {
      place.replaceChildren(...[current.querySelector("[data-ending]")].filter(Boolean));
      for (const button of detail.querySelectorAll("[data-decides] button")) button.disabled = true;
    } else if (current.dataset.version !== detail.dataset.version) {
      place.replaceChildren(current.querySelector("[data-changed]"));
    }
  }

  #count(counts) {
    const numbers = [...counts].map((count) => count.textContent.trim()).filter(Boolean);
    const places = document.querySelectorAll(".queue-tabs .count");
    numbers.forEach((number, at) => {
      if (places[at]) places[at].textContent = number;
    });
    const total = numbers.reduce((sum, number) => sum + Number(number), 0);
    for (const place of document.querySelectorAll(".masthead .count")) place.textContent = total;
  }

  #sayNew() {
    const line = document.querySelector("[data-queue-new]");
    if (!line) return;
    line.hidden = this.#new.size === 0;
    const words = this.#new.size === 1 ? line.dataset.one : line.dataset.many.replace("#", this.#new.size);
    line.querySelector("[role=status]").textContent = line.hidden ? "" : words;
  }
}

customElements.define("queue-news", QueueNews);
