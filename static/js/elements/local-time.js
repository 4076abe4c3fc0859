// <local-time>: says a moment on the reader's own clock, and keeps "12 min ago" true while the page is open.
// <local-time data-clock>: says the date and the time of day, and does not count; "hours" leaves out the date of today.
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const CLOCK = { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" };

class LocalTime extends HTMLElement {
  #timer = null;

  connectedCallback() {
    const time = this.querySelector("time");
    const at = new Date(time?.dateTime ?? "");
    if (Number.isNaN(at.getTime())) return;
    const spoken = this.closest("[lang]")?.lang;
    // Of the page's language the kind that this reader speaks: it orders day and month.
    const lang = navigator.languages.find((one) => one.split("-")[0] === spoken) ?? (spoken || undefined);
    // A browser may not know the language of its own reader, as Chromium does not know Welsh: the page's words stay then.
    if (lang && !Intl.DateTimeFormat.supportedLocalesOf(lang).length) return;
    time.title = new Intl.DateTimeFormat(lang, { dateStyle: "full", timeStyle: "short" }).format(at);
    if (this.hasAttribute("data-clock")) {
      const isToday = this.dataset.clock === "hours" && Date.now() - at.getTime() < DAY;
      time.textContent = new Intl.DateTimeFormat(lang, isToday ? { timeStyle: "short" } : CLOCK).format(at);
      return;
    }
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
