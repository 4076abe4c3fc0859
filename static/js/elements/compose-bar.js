// <compose-bar role="toolbar">: buttons and keys that write Markdown into the field of their composer. What they write
// can be undone like typing. Others may ask for the same by a "compose-insert" on the field. Hidden without this.
class ComposeBar extends HTMLElement {
  static #KEYS = { b: "bold", i: "italic", k: "link" };

  #area = null;

  connectedCallback() {
    this.#area = this.closest("form").querySelector(".composer__body");
    this.hidden = false;
    this.#buttons.forEach((button, place) => {
      button.tabIndex = place ? -1 : 0;
      const key = button.getAttribute("aria-keyshortcuts")?.split("+").pop();
      if (key) button.title += isApple() ? ` (⌘${key})` : ` (Ctrl+${key})`;
    });
    this.addEventListener("click", this.#click);
    this.addEventListener("keydown", this.#move);
    this.#area.addEventListener("keydown", this.#press);
    this.#area.addEventListener("compose-insert", this.#insert);
  }

  disconnectedCallback() {
    this.#area?.removeEventListener("keydown", this.#press);
    this.#area?.removeEventListener("compose-insert", this.#insert);
  }

  get #buttons() {
    return [...this.querySelectorAll("button")];
  }

  #click = (event) => {
    const tool = event.target.closest("[data-tool]")?.dataset.tool;
    if (TOOLS[tool]) TOOLS[tool](this.#area);
  };

  #press = (event) => {
    if (event.altKey || event.shiftKey || event.isComposing || !(isApple() ? event.metaKey : event.ctrlKey)) return;
    const tool = ComposeBar.#KEYS[event.key.toLowerCase()];
    if (!tool) return;
    event.preventDefault();
    TOOLS[tool](this.#area);
  };

  // One stop for the Tab key; arrows move inside.
  #move = (event) => {
    const buttons = this.#buttons;
    const here = buttons.indexOf(document.activeElement);
    const ahead = getComputedStyle(this).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = ahead === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
    const there = { [ahead]: here + 1, [back]: here - 1, Home: 0, End: -1 }[event.key];
    if (here < 0 || there === undefined) return;
    event.preventDefault();
    const button = buttons.at(there % buttons.length);
    for (const one of buttons) one.tabIndex = one === button ? 0 : -1;
    button.focus();
  };

  // A part of its own at the caret, with an empty line around it.
  #insert = (event) => {
    const { value, selectionEnd } = this.#area;
    const before = value.slice(0, selectionEnd).replace(/\s+$/, "");
    const after = value.slice(selectionEnd).replace(/^\s+/, "");
    const text = `${before && "\n\n"}${event.detail.trim()}\n\n`;
    write(this.#area, before.length, value.length - after.length, text, before.length + text.length);
  };
}

const TOOLS = {
  bold: (area) => wrap(area, "**"),
  italic: (area) => wrap(area, "*"),
  quote: (area) => begin(area, "> "),
  list: (area) => begin(area, "- "),

  code(area) {
    const words = area.value.slice(area.selectionStart, area.selectionEnd);
    if (!words.includes("\n")) return wrap(area, "`");
    const [start, end] = lines(area);
    const block = area.value.slice(start, end);
    write(area, start, end, `\`\`\`\n${block}\n\`\`\``, start + 4, start + 4 + block.length);
  },

  link(area) {
    const { selectionStart: start, selectionEnd: end, value } = area;
    const words = value.slice(start, end);
    if (/^(https?:\/\/|www\.)\S+$/.test(words)) return write(area, start, end, `[](${words})`, start + 1);
    const address = start + words.length + 3;
    if (words) write(area, start, end, `[${words}](https://)`, address, address + 8);
    else write(area, start, end, "[](https://)", start + 1);
  },
};

// Signs around the chosen words; around words that have them, they are taken away.
function wrap(area, sign) {
  const { value } = area;
  const chosen = value.slice(area.selectionStart, area.selectionEnd);
  const start = area.selectionStart + (chosen.length - chosen.trimStart().length);
  const words = chosen.trim();
  const end = start + words.length;
  if (isAround(value.slice(0, start), value.slice(end), sign)) {
    return write(area, start - sign.length, end + sign.length, words, start - sign.length, end - sign.length);
  }
  write(area, start, end, sign + words + sign, start + sign.length, end + sign.length);
}

// One star is not half of two.
function isAround(before, after, sign) {
  if (!before.endsWith(sign) || !after.startsWith(sign)) return false;
  if (sign !== "*") return true;
  return Math.min(before.match(/\**$/)[0].length, after.match(/^\**/)[0].length) % 2 === 1;
}

// A sign at the beginning of every line; where all lines have it, it is taken away.
function begin(area, sign) {
  const [start, end] = lines(area);
  const all = area.value.slice(start, end).split("\n");
  const hasAll = all.some((line) => line.trim()) && all.every((line) => !line.trim() || line.startsWith(sign));
  const changed = all.map((line) => {
    if (hasAll) return line.startsWith(sign) ? line.slice(sign.length) : line;
    return line.trim() || all.length === 1 ? sign + line : sign === "> " ? ">" : line;
  });
  const text = changed.join("\n");
  const isOneLine = all.length === 1;
  write(area, start, end, text, isOneLine ? start + text.length : start, start + text.length);
}

function lines(area) {
  const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const end = area.value.indexOf("\n", Math.max(area.selectionEnd, start));
  return [start, end < 0 ? area.value.length : end];
}

// As if it had been typed, so that the browser's undo knows it; the command is old, and nothing has come in its place.
function write(area, start, end, text, from, to = from) {
  area.focus();
  area.setSelectionRange(start, end);
  if (!document.execCommand(text ? "insertText" : "delete", false, text)) {
    area.setRangeText(text, start, end, "end");
    area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
  area.setSelectionRange(from, to);
}

function isApple() {
  return /Mac|iPhone|iPad/.test(navigator.platform);
}

customElements.define("compose-bar", ComposeBar);
