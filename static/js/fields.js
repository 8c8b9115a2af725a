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

function ready() {
  form.querySelectorAll("[data-slide]").forEach(follow);
  form.querySelectorAll("[data-with-script]").forEach((node) => { node.hidden = false; });
  form.querySelectorAll("[data-without-script]").forEach((node) => { node.hidden = true; });
}
document.addEventListener("htmx:afterSettle", ready);
ready();
