// <picture-drop data-url>: sends pictures that are dropped or pasted into the words of its form, or chosen in it, one
// after another, and puts what shows them into the words. Without this the form itself brings one picture.
class PictureDrop extends HTMLElement {
  // Bytes; the server says the same.
  static #MOST = 8 * 1024 * 1024;

  #form = null;
  #area = null;
  #waiting = [];
  #isSending = false;
  // Pictures in the words that nobody has described yet: [what shows it, its file's name].
  #undescribed = [];

  connectedCallback() {
    this.#form = this.closest("form");
    this.#area = this.#form.querySelector("textarea[name=body]");
    this.#file.multiple = true;
    this.#add.addEventListener("click", this.#press);
    this.#alt.addEventListener("keydown", this.#enter);
    this.#file.addEventListener("change", this.#chosen);
    this.#area.addEventListener("paste", this.#paste);
    this.#area.addEventListener("dragover", this.#over);
    this.#area.addEventListener("dragleave", this.#off);
    this.#area.addEventListener("drop", this.#drop);
    this.#form.addEventListener("submit", this.#hold, true);
  }

  disconnectedCallback() {
    this.#area?.removeEventListener("paste", this.#paste);
    this.#area?.removeEventListener("dragover", this.#over);
    this.#area?.removeEventListener("dragleave", this.#off);
    this.#area?.removeEventListener("drop", this.#drop);
    this.#form?.removeEventListener("submit", this.#hold, true);
  }

  get #file() {
    return this.querySelector("input[type=file]");
  }

  get #alt() {
    return this.querySelector("input[name=alt]");
  }

  get #add() {
    return this.querySelector("[data-add]");
  }

  // How pictures come

  #paste = (event) => {
    const { files, types } = event.clipboardData;
    // Words copied from a document bring a picture of themselves along.
    if (!files.length || types.includes("text/plain")) return;
    event.preventDefault();
    this.#take([...files]);
  };

  #over = (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    this.#area.classList.add("is-dropping");
  };

  #off = () => this.#area.classList.remove("is-dropping");

  #drop = (event) => {
    this.#off();
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    this.#take([...event.dataTransfer.files]);
  };

  #chosen = () => {
    this.#complain("");
    if (this.#file.files.length) this.#ask("");
  };

  #press = (event) => {
    event.preventDefault();
    const files = [...this.#file.files];
    if (files.length) this.#take(files, files.length === 1 ? this.#alt.value : "", true);
    else if (this.#undescribed.length) this.#describe();
    else this.#complain(this.dataset.none);
  };

  // Enter in the description means the button beside it, not the first one of the form.
  #enter = (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    this.#add.click();
  };

  #take(files, alt = "", isChosen = false) {
    const before = this.#area.value.slice(0, this.#area.selectionEnd);
    this.#waiting.push(...files.map((file) => ({ file, alt, before, isChosen })));
    if (!this.#isSending) this.#sendAll();
  }

  // How they go

  async #sendAll() {
    this.#isSending = true;
    this.#complain("");
    let sent = null;
    while (this.#waiting.length) {
      const one = this.#waiting.shift();
      try {
        await this.#send(one);
        sent = one;
      } catch (error) {
        this.#complain(`${one.file.name}: ${error.message}`);
      }
    }
    this.#isSending = false;
    this.#progress(null);
    this.#say(sent ? this.dataset.added : "");
    if (!sent) return;
    if (sent.isChosen) this.#file.value = this.#alt.value = "";
    this.#ask(this.#undescribed[0]?.[1] ?? "");
    // Whoever pressed the button goes on where the picture is; whoever types is left alone.
    if (!sent.isChosen) return;
    if (this.#undescribed.length) this.#alt.focus();
    else this.#area.focus();
  }

  async #send({ file, alt, before }) {
    if (file.size > PictureDrop.#MOST) throw new Error(this.dataset.large);
    this.#say(this.dataset.sending.replace("#", file.name));
    const data = new FormData();
    data.set("csrf_token", this.#form.elements.csrf_token.value);
    data.set("picture", file, file.name || "picture");
    data.set("alt", alt);
    const { status, answer } = await this.#post(data);
    if (status !== 201) throw new Error(answer?.sentence ?? this.#reason(status));
    this.#insert(answer.markdown, before);
    if (!alt.trim()) this.#undescribed.push([answer.markdown, file.name]);
  }

  // fetch tells nothing of how much is sent.
  #post(data) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", this.dataset.url);
      request.responseType = "text";
      request.upload.addEventListener("progress", (event) => this.#progress((100 * event.loaded) / event.total));
      request.addEventListener("load", () => resolve({ status: request.status, answer: parse(request.responseText) }));
      request.addEventListener("error", () => reject(new Error(this.dataset.failed)));
      request.addEventListener("timeout", () => reject(new Error(this.dataset.failed)));
      request.timeout = 120_000;
      request.send(data);
    });
  }

  #reason(status) {
    if (status === 413) return this.dataset.large;
    if (status === 429) return this.dataset.often;
    return [200, 400, 401, 403].includes(status) ? this.dataset.out : this.dataset.failed;
  }

  // What becomes of the words

  // Where the caret was when the picture came, or at the end where those words have changed.
  #insert(markdown, before) {
    const { value } = this.#area;
    const place = value.startsWith(before) ? before.length : value.length;
    const head = value.slice(0, place).replace(/\s+$/, "");
    const tail = value.slice(place).replace(/^\s+/, "");
    const part = `${head && "\n\n"}${markdown}\n\n`;
    this.#write(head.length, value.length - tail.length, part);
    // What came together with it stands behind it.
    for (const one of this.#waiting) if (one.before === before) one.before = head + part;
  }

  #describe() {
    const [markdown, name] = this.#undescribed[0];
    const words = this.#alt.value.trim().replace(/\s+/g, " ").replace(/[\\`*_[\]<>&~|!#@$:^]/g, "\\$&");
    const place = this.#area.value.indexOf(markdown);
    if (!words) return this.#alt.focus();
    this.#undescribed.shift();
    if (place >= 0) this.#write(place, place + markdown.length, markdown.replace("![]", () => `![${words}]`));
    this.#alt.value = "";
    this.#ask(this.#undescribed[0]?.[1] ?? "");
    this.#say(this.dataset.described);
    if (this.#undescribed.length) this.#alt.focus();
    else this.#area.focus();
    return name;
  }

  // Like typing where the browser lets it, so that undo knows it. The focus stays where it is.
  #write(start, end, text) {
    const isHere = document.activeElement === this.#area;
    if (isHere) this.#area.setSelectionRange(start, end);
    if (isHere && document.execCommand("insertText", false, text)) return;
    this.#area.setRangeText(text, start, end, "end");
    this.#area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }

  // What the writer is told

  // The field asks for the description of this picture that stands in the words, or of the one to be chosen.
  #ask(name) {
    const label = this.querySelector("[data-alt-label]");
    label.dataset.usual ??= label.textContent;
    this.#add.dataset.usual ??= this.#add.textContent;
    label.textContent = name ? this.dataset.describe.replace("#", name) : label.dataset.usual;
    this.#add.textContent = name ? this.dataset.save : this.#add.dataset.usual;
    if (name) this.querySelector("details").open = true;
  }

  #say(words) {
    this.querySelector("[data-status]").textContent = words;
  }

  #complain(words) {
    const place = this.querySelector("[data-error]");
    place.hidden = !words;
    place.querySelector("[data-error-words]").textContent = words;
    if (words) this.querySelector("details").open = true;
    if (words) this.#file.setAttribute("aria-invalid", "true");
    else this.#file.removeAttribute("aria-invalid");
  }

  #progress(share) {
    const bar = this.querySelector("progress");
    bar.hidden = share === null;
    if (share !== null) bar.value = share;
  }

  // Words that are posted now would be posted without their picture.
  #hold = (event) => {
    if (!this.#isSending || event.submitter?.value === "preview") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#say(this.dataset.wait);
  };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

customElements.define("picture-drop", PictureDrop);
