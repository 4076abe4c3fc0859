// Quote puts the words somebody has chosen in a comment, or the whole comment, into a composer, with the way back to
// the comment. The server makes the quotation; chosen words take its place in it. Without this Quote opens the page
// with the whole comment in a composer.
const SIGNS = /[\\`*_[\]<>|~]/g;
const BEGINNINGS = /^(\s*)([#>+=-]|\d+[.)])/;

// A choice made by pointer is at rest after so many milliseconds.
const REST = 300;

let chosen = null;
let last = null;
let near = null;
let timer = null;

// Pressing a link takes the choice away before the click arrives.
document.addEventListener("pointerdown", () => (chosen = choice()), true);
document.addEventListener("keydown", () => (chosen = choice()), true);
document.addEventListener("selectionchange", () => {
  clearTimeout(timer);
  timer = setTimeout(offer, REST);
});
document.addEventListener("focusin", (event) => {
  if (event.target.matches?.(".composer__body")) last = event.target;
});

document.addEventListener("click", async (event) => {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest("a[data-quote]");
  if (!link) return;
  event.preventDefault();
  const card = link.closest(".card");
  const words = chosen?.card === card ? chosen.words : "";
  const area = openComposer();
  if (!area && !words) return open(link, link.href);
  try {
    const answer = await fetch(`/comments/${link.dataset.quote}/quote`, { headers: { "X-Fragment": "quote" } });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const whole = await answer.text();
    const text = words ? [...quoted(words), ...whole.split("\n").slice(-2)].join("\n") : whole;
    if (area) insert(area, text);
    else open(link, card.querySelector("a[data-reply]").href, (opened) => insert(opened, text));
  } catch {
    location.assign(link.href);
  }
});

// What is chosen in the words of one comment.
function choice() {
  const selection = document.getSelection();
  if (!selection?.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const card = at(range.startContainer);
  if (!card || card !== at(range.endContainer)) return null;
  return { card, words: selection.toString().trim() };
}

// A second Quote beside the chosen words, for long comments whose actions are out of sight. It comes after the words in
// the order of the Tab key. Telephones show a menu of their own there.
function offer() {
  const now = choice();
  const link = now?.card.querySelector("a[data-quote]");
  if (near?.contains(document.activeElement)) return;
  near?.remove();
  near = null;
  if (!link || matchMedia("(pointer: coarse)").matches) return;
  near = document.createElement("button");
  near.type = "button";
  // Its picture comes with the first of them.
  near.className = "i-quote quote-near";
  near.ariaLabel = near.title = link.ariaLabel;
  near.addEventListener("click", () => link.click());
  const words = now.card.querySelector(".words");
  words.after(near);
  const rects = document.getSelection().getRangeAt(0).getClientRects();
  const end = rects[rects.length - 1];
  const box = near.offsetParent.getBoundingClientRect();
  near.style.top = `${end.bottom - box.top + 4}px`;
  near.style.left = `${Math.max(0, Math.min(end.right - box.left, box.width - near.offsetWidth))}px`;
}

function at(node) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  return element?.closest(".card .words") ? element.closest(".card") : null;
}

// The reply that is being written, or the box below the post once there is something in it.
function openComposer() {
  const reply = document.querySelector(".thread__item--composer .composer__body");
  const areas = [last, reply, ...document.querySelectorAll(".composer__body:not([readonly])")];
  return areas.find((area) => area?.isConnected && !area.readOnly && (area === reply || area.value.trim())) ?? null;
}

// Signs that mean something in Markdown stand for themselves.
function quoted(words) {
  const lines = words.replace(/\n{3,}/g, "\n\n").split("\n");
  return lines.map((line) => `> ${line.replace(SIGNS, "\\$&").replace(BEGINNINGS, begin)}`.trimEnd());
}

function begin(all, space, sign) {
  return sign.length > 1 ? `${space}${sign.slice(0, -1)}\\${sign.slice(-1)}` : `${space}\\${sign}`;
}

function insert(area, text) {
  area.dispatchEvent(new CustomEvent("compose-insert", { detail: text }));
}

function open(link, address, opened) {
  const detail = { link, address, opened };
  document.dispatchEvent(new CustomEvent("reply-wanted", { detail }));
}
