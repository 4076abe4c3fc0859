// Reply links open their composer in place. The server makes it; without an answer the link does what links do.
const HEADERS = { "X-Fragment": "composer" };

document.addEventListener("click", async (event) => {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const cancel = event.target.closest("a[data-cancel]");
  if (cancel) return close(event, cancel);
  const link = event.target.closest("a[data-reply]");
  if (!link) return;
  event.preventDefault();
  const open = document.querySelector(".thread__item--composer");
  if (open?.closest(".thread__replies").previousElementSibling === anchorOf(link)) return focus(open);
  try {
    const answer = await fetch(link.href, { headers: HEADERS, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const html = await answer.text();
    if (!html.includes("composer")) throw new Error("not a composer");
    open?.closest(".thread__replies").remove();
    anchorOf(link).insertAdjacentHTML("afterend", html);
    focus(anchorOf(link).nextElementSibling);
  } catch {
    location.assign(link.href);
  }
});

// What the composer stands behind: the toggle of the replies, or the comment itself.
function anchorOf(link) {
  const item = link.closest(".thread__item");
  return item.querySelector(":scope > .thread__branch > summary") ?? item.querySelector(":scope > .card");
}

function focus(part) {
  const details = part.closest("details");
  if (details) details.open = true;
  part.querySelector("textarea")?.focus();
}

function close(event, cancel) {
  const list = cancel.closest(".thread__replies");
  if (!list) return;
  event.preventDefault();
  const back = list.closest(".thread__item")?.querySelector("a[data-reply]");
  list.remove();
  back?.focus();
}
