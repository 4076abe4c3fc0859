// "Show 12 more replies" and "Continue this thread" put the replies in place. The server makes them; without an answer
// the link does what links do, and opens the branch as a page.
const HEADERS = { "X-Fragment": "replies" };

document.addEventListener("click", async (event) => {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest("a.thread__more");
  const item = link?.closest(".thread__item--more");
  if (!item) return;
  event.preventDefault();
  if (link.ariaBusy === "true") return;
  link.ariaBusy = "true";
  try {
    const answer = await fetch(link.href, { headers: HEADERS, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const { body } = new DOMParser().parseFromString(await answer.text(), "text/html");
    const first = put([...body.children], item);
    if (!first) throw new Error("no replies");
    first.tabIndex = -1;
    first.focus();
  } catch {
    location.assign(link.href);
  }
});

// Puts the items in place of the one that led to them. Some of the list may stand there already: those of the post's
// authors, and new ones. They keep their state and stand in their place. Answers the first comment that is new here.
function put(items, old) {
  const list = old.parentElement;
  let first = null;
  for (const item of items) {
    const card = cardOf(item);
    if (!card) {
      list.append(item);
      continue;
    }
    const there = cardOf(document.getElementById(card.id)?.closest(".thread__item"));
    if (there && there.closest(".thread__replies") !== list) continue;
    const placed = there?.closest(".thread__item") ?? item;
    list.insertBefore(placed, [...list.children].find((other) => other !== placed && numberOf(other) > numberOf(item)) ?? old);
    if (!there) first ??= card;
  }
  if (first) old.remove();
  return first;
}

function cardOf(item) {
  return item?.querySelector(":scope > .card") ?? null;
}

// Of two replies to one comment the later has the higher number; what leads to more comes last.
function numberOf(item) {
  return Number(cardOf(item)?.id.split("-")[1] ?? Infinity);
}
