// <live-edits> in a <live-thread>: edits and removals appear by themselves, except where somebody reads closely or
// writes. There they are told, and look when they like.
class LiveEdits extends HTMLElement {
  // A change is fetched by all who read: not by all at once.
  static #SPREAD = 1_500;
  static #AT_ONCE = 50;

  #changed = new Set();
  #timer = null;

  connectedCallback() {
    this.addEventListener("live-news", this.#hear);
  }

  disconnectedCallback() {
    this.removeEventListener("live-news", this.#hear);
    clearTimeout(this.#timer);
  }

  #hear = ({ detail: { kind, comment } }) => {
    const there = card(comment);
    // What is public again, or is one's own and was let through, stands there already.
    if (!there || (kind === "published" && !there.matches(".card--gone, .card--waiting"))) return;
    this.#changed.add(comment);
    this.#timer ??= setTimeout(this.#apply, Math.random() * LiveEdits.#SPREAD);
  };

  #apply = async () => {
    this.#timer = null;
    const numbers = [...this.#changed].slice(0, LiveEdits.#AT_ONCE);
    for (const number of numbers) this.#changed.delete(number);
    if (this.#changed.size) this.#timer = setTimeout(this.#apply);
    const thread = this.closest("live-thread");
    const parts = await thread.fetch(numbers);
    if (!parts) return;
    for (const number of numbers) {
      const fresh = parts.querySelector(`[data-id="${number}"]`)?.content.querySelector(".card");
      if (card(number)) this.#replace(card(number), fresh);
    }
    thread.recount(parts);
  };

  // Without anything fresh, readers see the comment no more.
  #replace(there, fresh) {
    const item = there.closest(".thread__item");
    item.querySelector(":scope > .live__changed")?.remove();
    const act = () => (fresh ? there.replaceWith(fresh) : item.remove());
    if (!isInUse(fresh ? there : item)) return act();
    const note = this.querySelector("template").content.firstElementChild.cloneNode(true);
    note.querySelector("button").addEventListener("click", () => {
      note.remove();
      act();
      if (!fresh) return;
      fresh.tabIndex = -1;
      fresh.focus();
    });
    there.after(note);
  }
}

function card(number) {
  return document.getElementById(`comment-${number}`);
}

function isInUse(part) {
  const selection = getSelection();
  const isSelected = selection.rangeCount && !selection.isCollapsed && selection.getRangeAt(0).intersectsNode(part);
  const isWrittenIn = [...part.querySelectorAll("textarea")].some((area) => area.value);
  return isSelected || isWrittenIn || part.contains(document.activeElement);
}

customElements.define("live-edits", LiveEdits);
