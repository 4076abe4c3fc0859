// Reply links open their composer in place, and so does who asks by a "reply-wanted" on the document. The server makes
// it; without an answer the link does what links do. A composer that has to go keeps its words as a draft.
const HEADERS = { "X-Fragment": "composer" };

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const cancel = event.target.closest("a[data-cancel]");
  if (cancel) return close(event, cancel);
  const link = event.target.closest("a[data-reply]");
  if (!link) return;
  event.preventDefault();
  show(link, link.href);
});

document.addEventListener("reply-wanted", ({ detail }) => show(detail.link, detail.address, detail.opened));

async function show(link, address, opened) {
  const open = document.querySelector(".thread__item--composer");
  if (open?.closest(".thread__replies").previousElementSibling === anchorOf(link)) return focus(open, opened);
  try {
    const answer = await fetch(address, { headers: HEADERS, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const html = await answer.text();
    if (!html.includes("composer")) throw new Error("not a composer");
    open?.closest(".thread__replies").remove();
    anchorOf(link).insertAdjacentHTML("afterend", html);
    focus(anchorOf(link).nextElementSibling, opened);
  } catch {
    location.assign(address);
  }
}

// What the composer stands behind: the toggle of the replies, or the comment itself.
function anchorOf(link) {
  const item = link.closest(".thread__item");
  return item.querySelector(":scope > .thread__branch > summary") ?? item.querySelector(":scope > .card");
}

function focus(part, opened) {
  const details = part.closest("details");
  if (details) details.open = true;
  const area = part.querySelector(".composer__body");
  area?.focus();
  // Behind what is there already: a draft, or the comment that is quoted.
  area?.setSelectionRange(area.value.length, area.value.length);
  if (area) opened?.(area);
}

function close(event, cancel) {
  const list = cancel.closest(".thread__replies");
  if (!list) return;
  event.preventDefault();
  const back = list.closest(".thread__item")?.querySelector("a[data-reply]");
  list.remove();
  back?.focus();
}
