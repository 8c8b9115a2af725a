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
