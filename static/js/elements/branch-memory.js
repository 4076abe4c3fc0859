// Remembers which replies a reader has closed: for a member on the server, which then sends them closed; for a guest in
// this browser. Without this they open again with the page.
const STORE = "folded";
const MOST = 500;

document.addEventListener("click", (event) => {
  const branch = event.target.closest(".thread__branch > summary")?.parentElement;
  const number = branch && numberOf(branch);
  if (!number || event.defaultPrevented) return;
  // What is open now is about to be closed.
  if (document.getElementById("act")) tell(number, branch.open ? "fold" : "unfold");
  else keep(number, branch.open);
});

// What the address names is never left in a closed branch.
addEventListener("hashchange", reveal);
if (!document.getElementById("act") && kept().length) {
  closeKept();
  // Replies that a script brings.
  const thread = document.querySelector(".thread");
  if (thread) new MutationObserver(closeKept).observe(thread, { childList: true, subtree: true });
}
reveal();

function numberOf(branch) {
  return branch.closest(".thread__item")?.querySelector(":scope > .card")?.id.replace("comment-", "");
}

function tell(number, act) {
  const body = new URLSearchParams(new FormData(document.getElementById("act")));
  // It may be the last thing done on this page.
  const sent = { method: "POST", body, headers: { "X-Fragment": "fold" }, credentials: "same-origin", keepalive: true };
  fetch(`/comments/${number}/${act}`, sent).catch(() => {
    /* Closed here all the same; only the next page does not know. */
  });
}

function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(STORE) ?? "[]");
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

function keep(number, isClosed) {
  const others = kept().filter((other) => other !== number);
  try {
    localStorage.setItem(STORE, JSON.stringify(isClosed ? [...others, number].slice(-MOST) : others));
  } catch {
    /* Storage may be full or forbidden; the page goes on without it. */
  }
}

// Each is closed once: what is opened again stays open.
function closeKept() {
  const numbers = new Set(kept());
  for (const branch of document.querySelectorAll(".thread__branch:not([data-met])")) {
    branch.dataset.met = "";
    const mustStay = branch.querySelector(":target, textarea") || branch.contains(document.activeElement);
    if (!mustStay && numbers.has(numberOf(branch))) branch.open = false;
  }
}

function reveal() {
  const named = location.hash.startsWith("#comment-") && document.getElementById(location.hash.slice(1));
  if (!named || named.checkVisibility()) return;
  for (let up = named.closest("details"); up; up = up.parentElement.closest("details")) up.open = true;
  named.scrollIntoView();
}
