// <local-time>: says a moment on the reader's own clock, and keeps "12 min ago" true while the page is open.
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

class LocalTime extends HTMLElement {
  #timer = null;

  connectedCallback() {
    const time = this.querySelector("time");
    const at = new Date(time?.dateTime ?? "");
    if (Number.isNaN(at.getTime())) return;
    const lang = this.closest("[lang]")?.lang || undefined;
    time.title = new Intl.DateTimeFormat(lang, { dateStyle: "full", timeStyle: "short" }).format(at);
    if (Date.now() - at.getTime() > DAY) return;
    const words = new Intl.RelativeTimeFormat(lang, { numeric: "always" });
    const now = new Intl.RelativeTimeFormat(lang, { numeric: "auto" }).format(0, "second");
    const say = () => {
      const minutes = Math.floor((Date.now() - at.getTime()) / MINUTE);
      if (minutes < 1) time.textContent = now;
      else time.textContent = minutes < 60 ? words.format(-minutes, "minute") : words.format(-Math.floor(minutes / 60), "hour");
    };
    say();
    this.#timer = setInterval(say, MINUTE);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }
}

customElements.define("local-time", LocalTime);
