// <live-thread data-url data-after data-version>: hears what happens in the discussion of this page: by a stream, or
// where there is none by asking now and then. Tells the elements in it as live-news, live-reload and live-gone, and
// fetches for them what they are told of.
class LiveThread extends HTMLElement {
  // Milliseconds. A stream that was silent for so long is dead, whatever the browser says: it beats every 20 s.
  static #SILENCE = 50_000;
  // Between two questions, not the same for all; after so many the stream is tried again, or at once if it has worked.
  static #PAUSE = 20_000;
  static #SPREAD = 10_000;
  static #QUESTIONS = 4;

  #source = null;
  #timer = null;
  #after = "";
  #heard = new Set();
  #questions = 0;
  #hasWorked = false;
  #isOver = false;

  connectedCallback() {
    this.#after ||= this.dataset.after;
    document.addEventListener("visibilitychange", this.#turn);
    addEventListener("pagehide", this.#stop);
    addEventListener("pageshow", this.#turn);
    this.#turn();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#turn);
    removeEventListener("pagehide", this.#stop);
    removeEventListener("pageshow", this.#turn);
    this.#stop();
  }

  // These comments as the server makes them now, as templates in a document; null when there is no answer.
  // `areShown` when the reader asked for them and reads them now.
  async fetch(numbers, { areNew = false, areShown = false } = {}) {
    const isFlat = this.hasAttribute("data-flat");
    const query = `?ids=${[...numbers]}${areNew ? "&new" : ""}${areShown ? "&shown" : ""}${isFlat ? "&flat" : ""}`;
    try {
      const answer = await fetch(`${this.dataset.url}/comments${query}`, { credentials: "same-origin" });
      return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    } catch {
      return null;
    }
  }

  // Says anew how many there are, wherever the page says it.
  recount(parts) {
    for (const { content, dataset } of parts.querySelectorAll("[data-branch]")) {
      const item = document.getElementById(`comment-${dataset.branch}`)?.closest(".thread__item");
      const toggle = item?.querySelector(":scope > .thread__branch > summary");
      toggle?.replaceChildren(...content.querySelector("summary").cloneNode(true).childNodes);
    }
    for (const count of parts.querySelector("[data-counts]").content.children) {
      for (const place of document.querySelectorAll(`[data-count=${count.dataset.count}]`)) {
        place.replaceChildren(...count.cloneNode(true).childNodes);
      }
    }
  }

  get #query() {
    return `?after=${this.#after}&version=${this.dataset.version}`;
  }

  // A page that nobody looks at holds no line, and goes on where it was.
  #turn = () => {
    if (document.hidden) this.#stop();
    else if (!this.#isOver && !this.#source && !this.#timer) this.#listen();
  };

  #stop = () => {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = this.#timer = null;
  };

  #listen() {
    if (!globalThis.EventSource) return this.#askLater();
    const source = new EventSource(this.dataset.url + this.#query);
    this.#source = source;
    source.onopen = this.#wait;
    source.onmessage = (event) => {
      this.#hasWorked = true;
      this.#wait();
      this.#after = event.lastEventId;
      this.#tell(JSON.parse(event.data));
    };
    source.addEventListener("beat", (event) => {
      this.#hasWorked = true;
      this.#wait();
      this.#after = event.data;
    });
    source.addEventListener("reload", () => this.#end("live-reload"));
    source.addEventListener("gone", () => this.#end("live-gone"));
    // The browser tries again by itself, but not after an answer that is no stream.
    source.onerror = () => source.readyState === EventSource.CLOSED && source === this.#source && this.#askLater();
    this.#wait();
  }

  #wait = () => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), LiveThread.#SILENCE);
  };

  #askLater() {
    this.#stop();
    this.#timer = setTimeout(() => this.#ask(), LiveThread.#PAUSE + Math.random() * LiveThread.#SPREAD);
  }

  async #ask() {
    this.#askLater();
    const asked = this.#timer;
    try {
      const answer = await fetch(`${this.dataset.url}/since${this.#query}`, { credentials: "same-origin" });
      if (answer.status === 404) return this.#end("live-gone");
      const told = answer.status === 200 ? await answer.json() : {};
      if (told.reload) return this.#end("live-reload");
      told.news?.forEach((one) => this.#tell(one));
      this.#after = answer.headers.get("X-Live-After") ?? this.#after;
    } catch {
      return; // No network: the next question is on its way.
    }
    this.#questions += 1;
    if ((!this.#hasWorked && this.#questions % LiveThread.#QUESTIONS) || asked !== this.#timer) return;
    this.#hasWorked = false;
    this.#stop();
    this.#turn();
  }

  // Near the end of the log an event may be told twice.
  #tell(news) {
    if (this.#heard.has(news.event)) return;
    this.#heard.add(news.event);
    this.#send("live-news", news);
  }

  #end(how) {
    this.#isOver = true;
    this.#stop();
    this.#send(how);
  }

  #send(name, detail) {
    for (const part of this.children) part.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

customElements.define("live-thread", LiveThread);
