// The photos of a person: the two arrows on each move it where dragging is not at hand, and what the server says of a photo is shown on it.

const say = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: text }));

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-move]");
  if (!button) return;
  event.preventDefault();
  const card = button.closest(".thumb-card");
  const list = card.parentNode;
  const other = button.dataset.move < 0 ? card.previousElementSibling : card.nextElementSibling;
  if (!other) return;
  if (button.dataset.move < 0) other.before(card);
  else other.after(card);
  button.focus();
  say(`Moved to place ${[...list.children].indexOf(card) + 1}`);
  list.dispatchEvent(new Event("change", { bubbles: true }));
});

// Whether a photo is the first one, or repeats another, changes with the order: the server tells it for the whole set.
function told() {
  for (const line of document.querySelectorAll("#photo-said > li")) {
    const said = document.querySelector(`#photo-list > [data-asset="${line.dataset.of}"] > .said`);
    if (said && said.innerHTML !== line.firstElementChild.innerHTML) said.replaceChildren(...line.firstElementChild.cloneNode(true).childNodes);
  }
}
document.addEventListener("htmx:afterSettle", told);
document.addEventListener("htmx:oobAfterSwap", told);
