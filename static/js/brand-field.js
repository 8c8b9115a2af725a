// Picking a brand in a form ticks the shapes that it usually has, unless the person has chosen shapes there already.

const boxes = () => [...document.querySelectorAll("#making label.shape > input")];
const ticked = () => boxes().filter((box) => box.checked).map((box) => box.value).join(" ");
const atFirst = () => boxes().filter((box) => box.defaultChecked).map((box) => box.value).join(" ");
let ours = null;

document.addEventListener("change", (event) => {
  const radio = event.target;
  if (!radio.matches?.("#making .pick-brand > input") || !radio.checked) return;
  const usual = (radio.dataset.shapes ?? "").split(" ").filter((shape) => boxes().some((box) => box.value === shape));
  const now = ticked();
  if (!usual.length || (now !== atFirst() && now !== ours)) return;
  const many = boxes()[0].type === "checkbox";
  const wanted = new Set(many ? usual : usual.slice(0, 1));
  boxes().forEach((box) => { box.checked = wanted.has(box.value); });
  ours = ticked();
  if (ours === now) return;
  const text = `Shape set to ${[...wanted].join(", ")}, as ${radio.dataset.brand} usually has it.`;
  document.dispatchEvent(new CustomEvent("announce", { detail: text }));
}, true);

// The brand's own words: one press puts them into the field that was used last, at first into the headline, or where people write first.
const wordy = (node) => Boolean(node?.id && node.matches?.("#making :is(input, textarea)") && document.getElementById(`${node.id}-said`));
let used = "";
const into = () => [document.getElementById(used), document.getElementById("f-headline"), ...document.querySelectorAll("#making :is(input, textarea)")].find(wordy);
const titleOf = (field) => field.labels[0].firstChild.textContent.trim();

function offered() {
  const words = document.querySelector("#brand-words [role=group]");
  const field = words && into();
  if (!field) return;
  words.querySelector("[data-into]").textContent = titleOf(field);
  words.hidden = false;
}

document.addEventListener("focusin", (event) => {
  if (!wordy(event.target)) return;
  used = event.target.id;
  offered();
});
document.addEventListener("htmx:oobAfterSwap", (event) => { if (event.target.id === "brand-words") offered(); });
document.addEventListener("htmx:afterSettle", offered);
document.addEventListener("click", (event) => {
  const words = event.target.closest?.("#brand-words [data-words]")?.dataset.words;
  const field = words && into();
  if (!field) return;
  const told = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: text }));
  const at = field.id === used ? field.selectionEnd : field.value.length;
  if (field.value.toLowerCase().includes(words.toLowerCase())) told(`${titleOf(field)} has it already`);
  else {
    const [before, after] = [field.value.slice(0, at), field.value.slice(at)];
    field.setRangeText(`${/\S$/.test(before) ? " " : ""}${words}${/^[^\s.,;:!?]/.test(after) ? " " : ""}`, at, at, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    told(`Put into ${titleOf(field)}`);
  }
  if (!matchMedia("(pointer: coarse)").matches) field.focus(); // A phone would open its keyboard over the other words.
});
offered();
