// The drop zone: drag, paste anywhere on the page, choose or take a photo; each file has its own progress and error.
// <div class="drop" data-upload-url data-name="product_images" data-max="4"> with <ul class="thumbs">, <input type="file">
// and one .drop-here. Each file is POSTed as "file" with "name"; the answer is the <li class="thumb-card"> to insert (with
// its hidden input), or an error status with one sentence. Order: drag a card, or Alt+arrows on it. [data-remove] takes it out.

const MB = 1024 * 1024;
const changed = (zone) => zone.querySelector(".thumbs").dispatchEvent(new Event("change", { bubbles: true }));
const cards = (zone) => [...zone.querySelectorAll(".thumb-card:not(.bad)")];
const say = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: text }));

function headers() {
  return JSON.parse(document.body.getAttribute("hx-headers") || "{}");
}

function failed(zone, card, name, reason) {
  const text = `${name}: ${reason}`;
  const words = Object.assign(document.createElement("p"), { className: "error", textContent: text });
  const close = Object.assign(document.createElement("button"), { type: "button", className: "x", textContent: "×" });
  close.dataset.remove = "";
  close.setAttribute("aria-label", `Dismiss the message about ${name}`);
  card.className = "thumb-card bad";
  card.setAttribute("role", "alert");
  card.replaceChildren(words, close);
}

function reasonOf(request) {
  const text = request.responseText.trim();
  if (request.status === 413) return "it is larger than the server takes.";
  if (!text || text.startsWith("<") || request.status >= 500) return "the server could not take it. Try again.";
  try {
    return JSON.parse(text).error ?? text;
  } catch {
    return text;
  }
}

function placeholder(file) {
  const card = document.createElement("li");
  card.className = "thumb-card";
  if (file.type.startsWith("image/")) {
    const image = Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: "" });
    image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
    image.addEventListener("error", () => image.remove(), { once: true });
    card.append(image);
  }
  const meter = Object.assign(document.createElement("span"), { className: "meter" });
  meter.setAttribute("role", "progressbar");
  meter.setAttribute("aria-label", `Uploading ${file.name}`);
  meter.append(document.createElement("i"));
  card.append(meter);
  return [card, meter];
}

function upload(zone, file) {
  const list = zone.querySelector(".thumbs");
  const [card, meter] = placeholder(file);
  const limit = Number(zone.dataset.maxMb || 0);
  list.append(card);
  if (limit && file.size > limit * MB) {
    failed(zone, card, file.name, `it is ${Math.ceil(file.size / MB)} MB. Use one under ${limit} MB.`);
    return;
  }
  const body = new FormData();
  body.append("file", file, file.name || "pasted.png");
  body.append("name", zone.dataset.name || "");
  const request = new XMLHttpRequest();
  request.open("POST", zone.dataset.uploadUrl);
  for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
  request.setRequestHeader("HX-Request", "true");
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    meter.firstElementChild.style.setProperty("--p", String(loaded / total));
    meter.setAttribute("aria-valuenow", String(Math.round((100 * loaded) / total)));
  });
  request.addEventListener("load", () => {
    if (request.status < 200 || request.status > 299) {
      failed(zone, card, file.name, reasonOf(request));
      return;
    }
    const holder = document.createElement("template");
    holder.innerHTML = request.responseText;
    const fresh = holder.content.querySelector(".thumb-card");
    card.replaceWith(holder.content);
    if (fresh) {
      window.htmx?.process(fresh);
      say(`${file.name} added`);
      ready(zone);
      changed(zone);
    }
  });
  request.addEventListener("error", () => failed(zone, card, file.name, "the connection broke. Try again."));
  request.send(body);
}

function add(zone, files) {
  const max = Number(zone.dataset.max || Infinity);
  if (max === 1 && files.length === 1) zone.querySelector(".thumbs").replaceChildren(); // The one file is replaced.
  const room = max - cards(zone).length;
  [...files].slice(0, Math.max(0, room)).forEach((file) => upload(zone, file));
  if (files.length > room) {
    document.dispatchEvent(new CustomEvent("toast", { detail: { kind: "bad", id: "drop", text: max === 1 ? "Only one fits here." : `At most ${max} ${zone.dataset.noun ?? "pictures"}. Take one out first.` } }));
  }
}

function move(card, step) {
  const zone = card.closest(".drop");
  const other = step < 0 ? card.previousElementSibling : card.nextElementSibling;
  if (!other) return;
  if (step < 0) other.before(card);
  else other.after(card);
  card.focus();
  say(`Moved to place ${cards(zone).indexOf(card) + 1}`);
  changed(zone);
}

function ready(zone) {
  cards(zone).forEach((card) => {
    card.tabIndex = 0;
    card.draggable = true;
  });
}

const zoneOf = (event) => event.target.closest?.(".drop[data-upload-url]");
const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
let dragged = null;

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".drop .thumb-card") ?? null;
  dragged?.classList.add("dragging");
});
document.addEventListener("dragend", () => {
  dragged?.classList.remove("dragging");
  if (dragged) changed(dragged.closest(".drop"));
  dragged = null;
});
document.addEventListener("dragover", (event) => {
  const over = event.target.closest?.(".thumb-card");
  if (dragged && over && over !== dragged && over.parentNode === dragged.parentNode) {
    event.preventDefault();
    const box = over.getBoundingClientRect();
    if (event.clientX > box.left + box.width / 2) over.after(dragged);
    else over.before(dragged);
  } else if (dragged && zoneOf(event)) {
    event.preventDefault();
  } else if (hasFiles(event)) {
    event.preventDefault();
    const zone = zoneOf(event);
    document.querySelectorAll(".drop.over").forEach((other) => other.classList.toggle("over", other === zone));
    zone?.classList.add("over");
  }
});
for (const kind of ["dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    if (kind === "dragleave" && event.relatedTarget) return;
    document.querySelectorAll(".drop.over").forEach((zone) => zone.classList.remove("over"));
  });
}
document.addEventListener("drop", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault(); // A picture dropped beside the zone must not replace the page.
  const zone = zoneOf(event) ?? document.querySelector(".drop[data-upload-url]");
  if (zone) add(zone, event.dataTransfer.files);
});
document.addEventListener("paste", (event) => {
  const files = event.clipboardData?.files;
  const zone = zoneOf(event) ?? document.querySelector(".drop[data-upload-url]");
  if (!zone || !files?.length) return;
  event.preventDefault();
  add(zone, files);
});
document.addEventListener("change", (event) => {
  const zone = zoneOf(event);
  if (!zone || event.target.type !== "file") return;
  event.stopPropagation();
  add(zone, event.target.files);
  event.target.value = "";
});
document.addEventListener("click", (event) => {
  const zone = zoneOf(event);
  if (!zone) return;
  if (event.target.closest("[data-choose]")) {
    event.preventDefault();
    zone.querySelector(event.target.closest("[data-choose]").dataset.choose || "input[type=file]").click();
  } else if (event.target.closest("[data-remove]")) {
    event.preventDefault();
    const card = event.target.closest(".thumb-card");
    const near = card.nextElementSibling ?? card.previousElementSibling ?? zone.querySelector("[data-choose]");
    card.remove();
    near?.focus();
    changed(zone);
  }
});
document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.(".drop .thumb-card");
  if (!card) return;
  if (event.altKey && /^Arrow(Left|Up|Right|Down)$/.test(event.key)) {
    event.preventDefault();
    move(card, /Left|Up/.test(event.key) ? -1 : 1);
  } else if ((event.key === "Delete" || event.key === "Backspace") && event.target === card) {
    event.preventDefault();
    card.querySelector("[data-remove]")?.click();
  }
});

const start = () => document.querySelectorAll(".drop[data-upload-url]").forEach((zone) => {
  zone.classList.add("ready");
  ready(zone);
});
document.addEventListener("htmx:afterSettle", start);
start();
