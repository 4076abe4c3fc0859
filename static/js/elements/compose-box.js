// <compose-box data-longest>: a composer that shows its preview in place, grows with its words, counts them near the
// limit, and is sent once. Without this Preview is a button that shows the page again.
class ComposeBox extends HTMLElement {
  static #NEAR = 500;
  static #REST = 1500;

  #form = null;
  #area = null;
  #timer = null;
  #isSending = false;

  connectedCallback() {
    this.#form = this.querySelector("form");
    this.#area = this.querySelector(".composer__body");
    this.#form.addEventListener("submit", this.#submit);
    this.#form.addEventListener("click", this.#click);
    this.#form.addEventListener("change", this.#change);
    this.#area.addEventListener("input", this.#typed);
    this.#area.addEventListener("keydown", this.#press);
    addEventListener("pageshow", this.#comeBack);
    this.#typed();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    removeEventListener("pageshow", this.#comeBack);
  }

  #submit = (event) => {
    const intent = event.submitter?.value ?? "post";
    if (intent === "preview") {
      if (event.submitter.dataset.plain) return;
      event.preventDefault();
      this.#preview(event.submitter);
    } else if (["post", "as_it_is", "join", "signin"].includes(intent)) {
      if (this.#isSending) event.preventDefault();
      else this.#send(event.submitter);
    }
  };

  #send(button) {
    this.#isSending = true;
    button?.setAttribute("aria-disabled", "true");
    const words = this.querySelector("[data-posting]");
    if (!words) return;
    words.hidden = false;
    this.#say(words.textContent);
  }

  // The browser may bring back the page as it was left.
  #comeBack = (event) => {
    if (!event.persisted) return;
    this.#isSending = false;
    this.querySelector("[aria-disabled]")?.removeAttribute("aria-disabled");
    const words = this.querySelector("[data-posting]");
    if (words) words.hidden = true;
  };

  async #preview(button) {
    const place = this.querySelector("[data-preview]");
    const data = new URLSearchParams([...new FormData(this.#form)].filter(([, value]) => typeof value === "string"));
    data.set("intent", "preview");
    try {
      const answer = await fetch(this.#form.action, {
        method: "POST",
        body: data,
        headers: { "X-Fragment": "preview" },
        credentials: "same-origin",
      });
      const html = await answer.text();
      if (answer.redirected || ![200, 422].includes(answer.status) || /<html/i.test(html)) throw new Error(answer.status);
      place.innerHTML = html;
      if (answer.ok) this.#show(true);
    } catch {
      // The page of the answer says what is wrong.
      button.dataset.plain = "true";
      this.#form.requestSubmit(button);
    }
  }

  #show(isPreview) {
    this.#form.classList.toggle("composer--previewing", isPreview);
    const write = this.querySelector("[data-write]");
    const preview = this.querySelector(".composer__bar [value=preview]");
    for (const [tab, isHere] of [[write, !isPreview], [preview, isPreview]]) {
      tab.classList.toggle("composer__tab--here", isHere);
      if (isHere) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    }
    if (isPreview) {
      this.querySelector("[data-preview] [role=region]")?.focus();
    } else {
      this.querySelector("[data-preview]").replaceChildren();
      this.#area.focus();
    }
  }

  #click = (event) => {
    if (!event.target.closest("[data-write]")) return;
    event.preventDefault();
    this.#show(false);
  };

  #change = (event) => {
    if (event.target.name === "lang") this.#area.lang = event.target.value;
  };

  #press = (event) => {
    if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey) || event.isComposing) return;
    event.preventDefault();
    const post = this.querySelector(".composer__buttons [value=post]");
    if (post) this.#form.requestSubmit(post);
    else this.querySelector(".composer__buttons button")?.focus();
  };

  #typed = () => {
    this.#grow();
    this.#count();
  };

  // For browsers whose style sheets cannot say it.
  #grow() {
    if (CSS.supports("field-sizing", "content")) return;
    this.#area.style.blockSize = "auto";
    this.#area.style.blockSize = `${this.#area.scrollHeight + 2}px`;
  }

  // Letters as the server counts them: one outside the first plane of Unicode is one, not two.
  #count() {
    const place = this.querySelector("[data-left]");
    const longest = Number(this.dataset.longest);
    const isFar = this.#area.value.length <= longest - ComposeBox.#NEAR;
    const left = isFar ? longest : longest - [...this.#area.value.trim()].length;
    const wasHidden = place.hidden;
    place.hidden = left > ComposeBox.#NEAR;
    clearTimeout(this.#timer);
    if (place.hidden) return;
    place.textContent = (left < 0 ? place.dataset.over : place.dataset.words).replace("#", Math.abs(left));
    place.classList.toggle("composer__left--over", left < 0);
    this.#timer = setTimeout(() => this.#say(place.textContent), wasHidden ? 0 : ComposeBox.#REST);
  }

  #say(words) {
    this.querySelector("[data-say]").textContent = words;
  }
}

customElements.define("compose-box", ComposeBox);
