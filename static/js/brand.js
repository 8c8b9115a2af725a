// A brand's page: colour wells that follow their hex fields, contrast while one types, products in order, logos by drop,
// and the focus where the hand left off after a card was opened, saved or left.

const say = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: text }));

// -- Colours: [data-well] and [data-hex] of one role are one value; [data-dab] puts a colour into the field used last.
const full = (text) => {
  const found = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim());
  if (!found) return "";
  const code = found[1].length === 3 ? [...found[1]].map((letter) => letter + letter).join("") : found[1];
  return `#${code.toLowerCase()}`;
};
const luminance = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
  .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
  .reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0);
const contrast = (one, other) => {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};

function rated(form) {
  const fields = [...form.querySelectorAll("[data-hex]")];
  const colours = Object.fromEntries(fields.map((field) => [field.dataset.hex, full(field.value)]));
  for (const field of fields) {
    const role = field.dataset.hex;
    const out = field.closest("[data-role]").querySelector("[data-ratio]");
    const inks = ["dark", "light"].filter((ink) => ink !== role && colours[ink]);
    if (!colours[role] || !inks.length) {
      out.textContent = "";
      continue;
    }
    const best = inks.sort((a, b) => contrast(colours[b], colours[role]) - contrast(colours[a], colours[role]))[0];
    const ratio = Math.floor(contrast(colours[best], colours[role]) * 10) / 10;
    const enough = ratio >= 4.5; // What cannot be read is not written so: the figure stands in the page's own ink then.
    out.textContent = `Aa ${ratio.toFixed(1)}:1${enough ? "" : ", low"}`;
    out.style.setProperty("--c", enough ? colours[role] : "var(--surface)");
    out.style.setProperty("--on", enough ? colours[best] : "var(--ink)");
  }
}

function followed(field) {
  const form = field.closest("[data-colours]");
  const role = field.dataset.well || field.dataset.hex;
  const other = form.querySelector(field.dataset.well ? `[data-hex="${role}"]` : `[data-well="${role}"]`);
  const colour = full(field.value);
  if (colour) other.value = colour;
  form.dataset.last = role;
  rated(form);
}
document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-colours] :is([data-well], [data-hex])")) followed(event.target);
});
document.addEventListener("focusin", (event) => {
  const field = event.target;
  if (field.matches?.("[data-colours] :is([data-well], [data-hex])")) field.closest("[data-colours]").dataset.last = field.dataset.well || field.dataset.hex;
});
document.addEventListener("click", (event) => {
  const dab = event.target.closest?.("[data-dab]");
  if (!dab) return;
  const form = dab.closest("[data-colours]");
  const field = form.querySelector(`[data-hex="${form.dataset.last || "primary"}"]`);
  field.value = dab.dataset.dab;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  say(`${field.labels[0].textContent.trim()} is ${dab.dataset.dab}`);
});

// -- Further colours: the well and the hex field of a row are one value.
document.addEventListener("input", (event) => {
  const row = event.target.closest?.("[data-more]");
  if (!row || !event.target.matches("[data-more-well], [data-more-hex]")) return;
  const colour = full(event.target.value);
  const other = row.querySelector(event.target.matches("[data-more-well]") ? "[data-more-hex]" : "[data-more-well]");
  if (colour) other.value = colour;
});

// -- File names: parts by one press, and an example that follows one's typing.
const cleaned = (text) => text.normalize("NFC").replace(/[^\p{L}\p{N}_.-]+/gu, "-").replace(/([-._])[-._]+/g, "$1").replace(/^[-._]+|[-._]+$/g, "");
function exampled(field) {
  const out = document.getElementById(field.dataset.fileName);
  const words = Object.fromEntries([...document.querySelectorAll("[data-token]")].map((it) => [it.dataset.token, it.dataset.words]));
  const template = field.value.trim() || "{brand}-{title}-{ratio}";
  const filled = template.replace(/\{([^{}]*)\}/g, (whole, part) => (words[part] === undefined ? whole : cleaned(words[part]).replaceAll("_", "-")));
  out.textContent = `${cleaned(filled) || "untitled"}${out.dataset.suffix}`;
}
document.addEventListener("input", (event) => { if (event.target.dataset?.fileName) exampled(event.target); });
document.addEventListener("click", (event) => {
  const part = event.target.closest?.("[data-token]");
  if (!part) return;
  const field = part.closest("form").querySelector("[data-file-name]");
  const [from, to] = [field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length];
  const gap = from && !/[-_. ]$/.test(field.value.slice(0, from)) ? "_" : "";
  field.setRangeText(`${gap}{${part.dataset.token}}`, from, to, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

// -- Products: drag, or Alt+arrows on one.
let dragged = null;
let placed = -1;
const places = (product) => [...product.parentNode.children].filter((one) => one.matches(".product"));

function move(product, values) {
  const { id } = product;
  window.htmx.ajax("POST", product.dataset.moveUrl, { target: "#card-products", swap: "outerHTML", values }).then(() => {
    const again = document.getElementById(id);
    if (!again) return;
    again.tabIndex = 0; // It has just been swapped in and is not made ready yet.
    again.focus();
    say(`${again.dataset.name} is at place ${places(again).indexOf(again) + 1}`);
  });
}
document.addEventListener("keydown", (event) => {
  const product = event.target.closest?.(".product[data-move-url]");
  if (!product?.dataset.moveUrl || !event.altKey || !/^Arrow(Left|Up|Right|Down)$/.test(event.key)) return;
  event.preventDefault();
  move(product, { step: /Left|Up/.test(event.key) ? "-1" : "1" });
});
document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".product[draggable=true]") ?? null;
  if (!dragged) return;
  placed = places(dragged).indexOf(dragged);
  dragged.classList.add("dragging");
});
document.addEventListener("dragover", (event) => {
  if (!dragged) return;
  const over = event.target.closest?.(".product");
  if (!over && !event.target.closest?.("[data-products]")) return;
  event.preventDefault();
  if (!over || over === dragged || over.parentNode !== dragged.parentNode) return;
  const box = over.getBoundingClientRect();
  if (event.clientX > box.left + box.width / 2) over.after(dragged);
  else over.before(dragged);
});
document.addEventListener("dragend", () => {
  if (!dragged) return;
  const product = dragged;
  dragged = null;
  product.classList.remove("dragging");
  const now = places(product).indexOf(product);
  if (now !== placed) move(product, { to: String(now) });
});

// -- Logos: a file dropped on a ground is that ground's logo.
const groundOf = (event) => ([...(event.dataTransfer?.types ?? [])].includes("Files") ? event.target.closest?.("[data-logo]:has(input[type=file])") : null);
document.addEventListener("dragover", (event) => {
  const ground = groundOf(event);
  document.querySelectorAll(".logo-card.over").forEach((other) => other.classList.toggle("over", other === ground));
  if (!ground) return;
  event.preventDefault();
  ground.classList.add("over");
});
document.addEventListener("drop", (event) => {
  const ground = groundOf(event);
  document.querySelectorAll(".logo-card.over").forEach((other) => other.classList.remove("over"));
  if (!ground) return;
  event.preventDefault();
  event.stopImmediatePropagation(); // Else the drop zone of an open product would take it too.
  const field = ground.querySelector("input[type=file]");
  field.files = event.dataTransfer.files;
  field.form.requestSubmit();
}, true);

// -- Focus: into a card that opened, back to its button when it closes.
let moving = false;
document.addEventListener("htmx:beforeRequest", ({ detail }) => { moving = Boolean(detail.requestConfig.path.endsWith("/move")); });
document.addEventListener("htmx:afterSettle", (event) => {
  ready();
  if (event.target.id === "brand") document.querySelector("#brand > .banner button")?.focus({ preventScroll: true });
  const card = event.target.closest?.("[id^=card-]");
  if (!card || moving || event.detail.requestConfig?.target !== event.detail.target) return;
  const wrong = card.querySelector("[aria-invalid=true], [role=alert]");
  const opened = card.querySelector("form.stack :is(input:not([type=hidden], [type=file], [type=color], :disabled), textarea)");
  const at = wrong ?? card.querySelector("form.stack input[type=radio]:checked") ?? opened ?? card.querySelector("header a.btn, .logo-card input[type=file]");
  at?.focus({ preventScroll: Boolean(opened) });
});

function ready() {
  document.querySelectorAll(".font-list").forEach((list) => {
    const chosen = list.querySelector(":checked")?.closest(".font-choice");
    if (chosen && !list.scrollTop) list.scrollTop = chosen.offsetTop - list.offsetTop - 48;
  });
  document.querySelectorAll("[data-with-script][hidden]").forEach((node) => { node.hidden = false; });
  document.querySelectorAll("[data-colours]").forEach(rated);
  document.querySelectorAll(".product[data-move-url]").forEach((product) => {
    if (!product.dataset.moveUrl || places(product).length < 2) return;
    product.tabIndex = 0;
    product.draggable = true;
  });
}
ready();
