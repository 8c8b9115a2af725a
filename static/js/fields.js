// The fields of a tool's form: sliders that say their number, steppers, one sound at a time, the list of models.

const form = document.getElementById("making");
const say = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: text }));

// Sliders. The number is the field; the slider is another way to set it.
function follow(slide) {
  const [range, number, unset] = [slide.querySelector("input[type=range]"), slide.querySelector("input[name]"), slide.querySelector("[data-unset]")];
  if (!range || !number) return;
  const value = Number.parseFloat(number.value);
  const empty = Number.isNaN(value);
  range.value = empty ? String((Number(range.min) + Number(range.max)) / 2) : String(value);
  range.setAttribute("aria-valuetext", empty ? "Default" : number.value);
  slide.toggleAttribute("data-is-unset", empty);
  if (unset) unset.hidden = empty || !number.placeholder;
}

form.addEventListener("input", (event) => {
  const slide = event.target.closest("[data-slide]");
  if (!slide) return;
  if (event.target.type === "range") {
    const number = slide.querySelector("input[name]");
    number.value = event.target.value;
  }
  follow(slide);
});

form.addEventListener("click", (event) => {
  const unset = event.target.closest("[data-unset]");
  if (unset) {
    const number = unset.closest("[data-slide]").querySelector("input[name]");
    number.value = "";
    number.focus();
    number.dispatchEvent(new Event("input", { bubbles: true }));
    return;
  }
  const step = event.target.closest("[data-step]");
  if (step) {
    const box = step.closest("[data-stepper]");
    const number = box.querySelector("input");
    const next = (Number.parseInt(number.value, 10) || 0) + Number(step.dataset.step);
    number.value = String(Math.min(Number(box.dataset.high), Math.max(Number(box.dataset.low), next)));
    number.dispatchEvent(new Event("input", { bubbles: true }));
    say(number.value);
    return;
  }
});

// One sound at a time.
document.addEventListener("play", (event) => {
  document.querySelectorAll("audio, video").forEach((other) => { if (other !== event.target) other.pause(); });
}, true);

// Searches stand inside the form, and are no part of it: Enter does not send, and the price does not change.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  if (event.target.matches("[type=search]")) event.preventDefault();
  if (event.target.matches("[name^='link-']")) {
    event.preventDefault();
    event.target.parentNode.querySelector("button").click();
  }
}, true);
for (const kind of ["input", "change", "search"]) {
  document.addEventListener(kind, (event) => {
    const field = event.target;
    if (!field.matches?.("[data-narrow-models]")) return;
    event.stopPropagation();
    const wanted = field.value.trim().toLowerCase();
    field.closest(".more-models").querySelectorAll(".prov").forEach((card) => {
      card.hidden = !card.querySelector(":checked") && !card.textContent.toLowerCase().includes(wanted);
    });
  }, true);
}

// A list of things comes anew for other words or another template. What was picked on its way stays picked, and who stood in it stays there.
let kept = null;
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { target } = detail;
  if (!target.matches?.(".things") || !detail.shouldSwap) return;
  const held = target.contains(document.activeElement) ? document.activeElement.value : null;
  kept = { id: target.id, picked: [...target.querySelectorAll("input:checked")], held };
});
document.addEventListener("htmx:afterSwap", () => {
  const list = kept && document.getElementById(kept.id);
  if (!list) return;
  const { picked, held } = kept;
  kept = null;
  const inputs = () => [...list.querySelectorAll("input")];
  const lost = picked.filter((old) => !inputs().some((input) => input.value === old.value)).map((old) => old.closest(".thing-box"));
  list.prepend(...lost.filter(Boolean));
  for (const input of inputs()) {
    input.checked = picked.some((old) => old.value === input.value);
    if (input.value === held) input.focus({ preventScroll: true });
  }
});

// Lists that are sorted by the template ([data-by-template]) follow it, also where a draft brought another one back.
const template = () => form.querySelector("[name=template]:checked")?.value ?? "";
let sortedBy = [...form.querySelectorAll("[name=template]")].find((input) => input.defaultChecked)?.value ?? "";
function sortAnew() {
  if (template() === sortedBy) return;
  sortedBy = template();
  form.querySelectorAll("[data-by-template]").forEach((node) => window.htmx.trigger(node, "sort-anew"));
}
form.addEventListener("change", sortAnew);
addEventListener("load", sortAnew);

function ready() {
  form.querySelectorAll("[data-slide]").forEach(follow);
  form.querySelectorAll("[data-with-script]").forEach((node) => { node.hidden = false; });
  form.querySelectorAll("[data-without-script]").forEach((node) => { node.hidden = true; });
}
document.addEventListener("htmx:afterSettle", ready);
ready();
