// The photos of a person: the buttons on each move it where dragging is not at hand, and what the server says of a photo is shown on it, and
// read out where it is new.

const say = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: text }));

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-move]");
  if (!button) return;
  event.preventDefault();
  const card = button.closest(".thumb-card");
  const list = card.parentNode;
  const step = button.dataset.move;
  const other = step === "first" ? list.firstElementChild : step < 0 ? card.previousElementSibling : card.nextElementSibling;
  if (!other || other === card) return;
  if (step > 0) other.after(card);
  else other.before(card);
  (step === "first" ? card : button).focus();
  say(step === "first" ? "This is the face now" : `Moved to place ${[...list.children].indexOf(card) + 1}`);
  list.dispatchEvent(new Event("change", { bubbles: true }));
});

// Whether a photo is the first one, or repeats another, changes with the order: the server tells it for the whole set.
const advice = (line) => [...line.querySelectorAll("small")].map((it) => it.textContent).join(" ");
let heard = null;
function told() {
  const lines = [...document.querySelectorAll("#photo-said > li")];
  for (const line of lines) {
    const said = document.querySelector(`#photo-list > [data-asset="${line.dataset.of}"] > .said`);
    if (said && said.innerHTML !== line.firstElementChild.innerHTML) said.replaceChildren(...line.firstElementChild.cloneNode(true).childNodes);
  }
  const now = new Map(lines.map((line, place) => [`${line.dataset.of} ${advice(line)}`, advice(line) && `Photo ${place + 1}: ${advice(line)}`]));
  const fresh = [...now].filter(([key, words]) => words && heard && !heard.has(key)).map(([, words]) => words);
  heard = new Set(now.keys());
  if (fresh.length) say(fresh.join(" "));
}
document.addEventListener("htmx:afterSettle", told);
document.addEventListener("htmx:oobAfterSwap", told);
told();
