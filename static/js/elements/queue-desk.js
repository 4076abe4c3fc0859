// <queue-desk>: the list of what waits and a case beside it. A decision is sent from where one is, and the next case,
// which was fetched while this one was read, stands there at once. Without this every step is a page of its own.
const PART = { "X-Fragment": "case" };
// Milliseconds between two renewals of the claim by somebody who still reads or writes.
const RENEW = 240_000;

class QueueDesk extends HTMLElement {
  #ahead = { url: "", part: null };
  #isBusy = false;
  #isActive = false;
  #timer = null;

  connectedCallback() {
    this.addEventListener("submit", this.#submit);
    this.addEventListener("click", this.#click);
    for (const kind of ["keydown", "pointerdown", "scroll"]) addEventListener(kind, this.#note, { passive: true });
    addEventListener("popstate", this.#reload);
    this.#timer = setInterval(this.#renew, RENEW);
    this.#fetchAhead();
  }

  disconnectedCallback() {
    this.removeEventListener("submit", this.#submit);
    this.removeEventListener("click", this.#click);
    for (const kind of ["keydown", "pointerdown", "scroll"]) removeEventListener(kind, this.#note);
    removeEventListener("popstate", this.#reload);
    clearInterval(this.#timer);
  }

  get detail() {
    return this.querySelector("[data-case]");
  }

  get #row() {
    return this.querySelector(".queue-row--here");
  }

  #reload = () => location.reload();

  #note = () => (this.#isActive = true);

  #submit = (event) => {
    const form = event.target;
    if (event.defaultPrevented || event.submitter?.name === "insert") return;
    if (form.matches("[data-decides]")) this.#decide(event, form);
    else if (form.matches("[data-claim] form") && !form.action.includes("/release")) this.#claim(event, form);
  };

  #click = (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const closes = event.target.closest("[data-closes]");
    if (closes) {
      event.preventDefault();
      const box = closes.closest("details");
      box.open = false;
      box.querySelector("summary").focus();
      return;
    }
    const link = event.target.closest(".queue-row__link, .case__ways a");
    // Where the list is not beside the case, a case is a page.
    if (!link || !this.detail || !this.#row?.checkVisibility()) return;
    event.preventDefault();
    this.#open(link.href);
  };

  async #open(url) {
    if (this.#isBusy) return;
    this.#isBusy = true;
    const part = await this.#take(url);
    this.#isBusy = false;
    if (!part) return location.assign(url);
    this.#show(part, true);
    this.#renewFrom(url);
  }

  async #decide(event, form) {
    event.preventDefault();
    if (this.#isBusy) return;
    this.#isBusy = true;
    const decided = this.detail.dataset.case;
    try {
      const answer = await send(form, "told");
      const page = parse(await answer.text());
      const told = page.querySelector("[data-next]");
      if (!answer.ok || !told) return show(page, answer.url);
      await this.#goOn(told, decided);
    } catch {
      form.submit();
    } finally {
      this.#isBusy = false;
    }
  }

  async #goOn(told, decided) {
    const { next, done } = told.dataset;
    const part = next.includes("/cases/") ? await this.#take(next) : null;
    if (!part) return location.assign(`${next}${next.includes("?") ? "&" : "?"}done=${done}`);
    document.getElementById(`case-${decided}`)?.remove();
    this.#show(part, false);
    this.querySelector("[data-told]").replaceChildren(told.firstElementChild);
    this.#renewFrom(next);
  }

  // The case at this address: as it was fetched ahead, or fetched now.
  async #take(url) {
    const wanted = new URL(url, location.href).href;
    const kept = this.#ahead.url === wanted ? this.#ahead.part : null;
    return (await kept) ?? (await fetchCase(wanted));
  }

  #show(part, isStep) {
    const ways = this.querySelector(".case__ways");
    this.detail.replaceWith(part);
    history[isStep ? "pushState" : "replaceState"](null, "", part.dataset.url);
    document.title = document.title.replace(/^[^·]*/, `${part.querySelector("[data-heading]").textContent} `);
    this.#point(part.dataset.case);
    if (ways) this.#turn(ways, part);
    part.querySelector("[data-heading]").focus({ preventScroll: true });
    if (part.getBoundingClientRect().top < 0) part.scrollIntoView({ block: "start" });
  }

  // Which row of the list is this case's.
  #point(number) {
    this.#row?.querySelector("a").removeAttribute("aria-current");
    this.#row?.classList.remove("queue-row--here");
    const row = document.getElementById(`case-${number}`);
    row?.classList.add("queue-row--here");
    row?.querySelector("a").setAttribute("aria-current", "true");
    row?.scrollIntoView({ block: "nearest" });
  }

  // The ways to the cases above and below, as the list has them.
  #turn(ways, part) {
    part.querySelector(".case__ways").replaceWith(ways);
    const row = this.#row;
    for (const [key, place] of [["k", row?.previousElementSibling], ["j", row?.nextElementSibling]]) {
      const link = ways.querySelector(`[data-key=${key}]`);
      const to = place?.querySelector(".queue-row__link");
      link.hidden = !to;
      if (to) link.href = to.href;
    }
  }

  // Claims the case that was fetched ahead, and sees whether it has changed since.
  async #renewFrom(url) {
    const now = await fetchCase(url);
    const { detail } = this;
    if (!now || now.dataset.case !== detail?.dataset.case) return;
    const isUntouched = !detail.querySelector(".decide details[open]");
    if (now.dataset.version !== detail.dataset.version && isUntouched) this.#show(now, false);
    else {
      detail.querySelector("[data-claim]").replaceWith(now.querySelector("[data-claim]"));
      detail.dataset.ahead = now.dataset.ahead;
    }
    this.#fetchAhead();
  }

  #fetchAhead() {
    const { ahead } = this.detail?.dataset ?? {};
    if (!ahead) return;
    const url = new URL(ahead, location.href);
    this.#ahead = { url: url.href, part: null };
    const quiet = new URL(url);
    quiet.searchParams.set("ahead", "1");
    this.#ahead.part = fetchCase(quiet);
  }

  async #claim(event, form) {
    event.preventDefault();
    try {
      const answer = await send(form, "claim");
      const line = parse(await answer.text()).querySelector("[data-claim]");
      if (!answer.ok || !line) throw new Error(String(answer.status));
      form.closest("[data-claim]").replaceWith(line);
    } catch {
      form.submit();
    }
  }

  // Whoever has gone away lets the claim run out.
  #renew = async () => {
    const { detail } = this;
    const isMine = detail?.querySelector("[data-claim] form[action*='/release']");
    if (!this.#isActive || !isMine || document.hidden) return;
    this.#isActive = false;
    const body = new URLSearchParams({ csrf_token: detail.querySelector("[name=csrf_token]").value });
    const url = `/moderation/cases/${detail.dataset.case}/claim`;
    try {
      const answer = await fetch(url, { method: "POST", body, headers: { "X-Fragment": "claim" }, credentials: "same-origin" });
      const line = answer.ok && parse(await answer.text()).querySelector("[data-claim]");
      if (line) detail.querySelector("[data-claim]").replaceWith(line);
    } catch {
      this.#isActive = true;
    }
  };
}

async function fetchCase(url) {
  try {
    const answer = await fetch(url, { headers: PART, credentials: "same-origin" });
    return answer.ok ? parse(await answer.text()).querySelector("[data-case]") : null;
  } catch {
    return null;
  }
}

function send(form, part) {
  const body = new URLSearchParams(new FormData(form));
  return fetch(form.action, { method: "POST", body, headers: { "X-Fragment": part }, credentials: "same-origin" });
}

function parse(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

// Another page came instead of an answer: that somebody was faster, or that something is missing.
function show(page, url) {
  const main = page.querySelector("main");
  if (!main) return location.assign(url);
  document.title = page.title;
  document.querySelector("main").replaceWith(main);
  (main.querySelector("[role=alert], [data-heading]") ?? main).scrollIntoView({ block: "nearest" });
  (main.querySelector("[autofocus], [data-heading]") ?? main).focus();
}

customElements.define("queue-desk", QueueDesk);
