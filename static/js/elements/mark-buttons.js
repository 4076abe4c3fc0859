// Hearts and bookmarks change at once, and go back when the server does not agree. Without this they are buttons of
// the page's one form.
const BACK = { like: "unlike", unlike: "like", bookmark: "unbookmark", unbookmark: "bookmark" };

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.card__mark");
  if (!button?.form) return;
  event.preventDefault();
  const address = button.formAction;
  turn(button);
  try {
    const answer = await fetch(address, {
      method: "POST",
      body: new URLSearchParams(new FormData(button.form)),
      headers: { "X-Fragment": "likes" },
      credentials: "same-origin",
    });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const likes = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-likes]");
    if (likes) document.querySelector(`[data-likes="${likes.dataset.likes}"]`)?.replaceWith(likes);
  } catch {
    turn(button);
    // The page of the answer says what is wrong: signed out, removed meanwhile, too fast.
    button.form.requestSubmit(button);
  }
});

function turn(button) {
  const act = button.getAttribute("formaction").split("/").pop();
  button.setAttribute("formaction", button.getAttribute("formaction").replace(/[a-z]+$/, BACK[act]));
  button.setAttribute("aria-pressed", String(button.ariaPressed !== "true"));
}
