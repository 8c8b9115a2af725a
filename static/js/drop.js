// The drop zone: drag, paste anywhere on the page, choose or take a photo; each file has its own progress, ✕ and error.
// <div class="drop" data-upload-url data-name="product_images" data-max="4"> with <ul class="thumbs">, <input type="file">
// and one .drop-here. Each file is POSTed as "file" with "name"; the answer is the <li class="thumb-card"> to insert (with
// its hidden input), or an error status with one sentence. Order: drag a card, or Alt+arrows on it. [data-remove] takes it out.
// With data-link-url and data-asked (a query) it takes addresses too: pasted, or dragged from another page.

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

// What stands in the field while a file is on its way. Its ✕ aborts the request.
function placeholder(name, label) {
  const card = Object.assign(document.createElement("li"), { className: "thumb-card going" });
  const meter = Object.assign(document.createElement("span"), { className: "meter" });
  meter.setAttribute("role", "progressbar");
  meter.setAttribute("aria-label", `${label} ${name}`);
  meter.append(document.createElement("i"));
  const close = Object.assign(document.createElement("button"), { type: "button", className: "x", textContent: "×" });
  close.dataset.remove = "";
  close.setAttribute("aria-label", `Cancel ${name}`);
  card.append(meter, close);
  return [card, meter];
}

function picture(card, file) {
  const image = Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: "" });
  image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
  image.addEventListener("error", () => image.remove(), { once: true });
  card.prepend(image);
}

const under = new WeakMap(); // Card -> its request.

function cancel(card) {
  const request = under.get(card);
  if (!request) return;
  request.abort();
  card.dispatchEvent(new Event("drop:canceled", { bubbles: true }));
  say("Canceled");
}

function send(zone, card, name, address, body, broken) {
  const request = new XMLHttpRequest();
  under.set(card, request);
  request.open("POST", address);
  for (const [key, value] of Object.entries(headers())) request.setRequestHeader(key, value);
  request.setRequestHeader("HX-Request", "true");
  request.setRequestHeader("HX-Current-URL", location.href);
  request.addEventListener("load", () => {
    under.delete(card);
    if (request.getResponseHeader("HX-Redirect")) {
      location.assign(request.getResponseHeader("HX-Redirect"));
      return;
    }
    if (request.status < 200 || request.status > 299) {
      failed(zone, card, name, reasonOf(request));
      return;
    }
    const holder = document.createElement("template");
    holder.innerHTML = request.responseText;
    const fresh = holder.content.querySelector(".thumb-card");
    const focused = card.contains(document.activeElement);
    const value = fresh?.querySelector("input[type=hidden]")?.value;
    const twin = value && cards(zone).find((other) => other !== card && other.querySelector("input[type=hidden]")?.value === value);
    if (twin) {
      card.remove();
      say(`${name} is here already`);
      twin.focus();
      changed(zone);
      return;
    }
    card.replaceWith(holder.content);
    if (!fresh) return;
    window.htmx?.process(fresh);
    say([`${name} added`, fresh.querySelector(".chip .vh")?.textContent].filter(Boolean).join(". "));
    changed(zone);
    if (focused) fresh.focus();
  });
  request.addEventListener("error", () => {
    under.delete(card);
    failed(zone, card, name, broken);
  });
  request.addEventListener("abort", () => under.delete(card));
  request.send(body);
  return request;
}

function upload(zone, file) {
  const [card, meter] = placeholder(file.name, "Uploading");
  const limit = Number(zone.dataset.maxMb || 0);
  if (file.type.startsWith("image/")) picture(card, file);
  zone.querySelector(".thumbs").append(card);
  if (limit && file.size > limit * MB) {
    failed(zone, card, file.name, `it is ${Math.ceil(file.size / MB)} MB. Use one under ${limit} MB.`);
    return;
  }
  const body = new FormData();
  body.append("file", file, file.name || "pasted.png");
  body.append("name", zone.dataset.name || "");
  const request = send(zone, card, file.name, zone.dataset.uploadUrl, body, "the connection broke. Try again.");
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    meter.firstElementChild.style.setProperty("--p", String(loaded / total));
    meter.setAttribute("aria-valuenow", String(Math.round((100 * loaded) / total)));
  });
}

// An address: the server fetches it, judged like an upload.
function addLink(zone, address) {
  if (!roomFor(zone, 1)) return;
  const name = address.split(/[?#]/)[0].split("/").filter(Boolean).pop();
  const [card, meter] = placeholder(name, "Fetching");
  meter.classList.add("open");
  zone.querySelector(".thumbs").append(card);
  const body = new FormData();
  for (const [key, value] of new URLSearchParams(zone.dataset.asked)) body.append(key, value);
  body.append("url", address);
  send(zone, card, name, zone.dataset.linkUrl, body, "the connection broke. Try again.");
}

// How many of `wanted` fit. The one file of a field for one is replaced.
function roomFor(zone, wanted) {
  const max = Number(zone.dataset.max || Infinity);
  if (max === 1 && wanted === 1) {
    cards(zone).forEach(cancel);
    zone.querySelector(".thumbs").replaceChildren();
  }
  const room = Math.max(0, max - cards(zone).length);
  if (wanted > room) {
    document.dispatchEvent(new CustomEvent("toast", { detail: { kind: "bad", id: "drop", text: max === 1 ? "Only one fits here." : `At most ${max} ${zone.dataset.noun ?? "pictures"}. Take one out first.` } }));
  }
  return Math.min(room, wanted);
}

function add(zone, files) {
  const room = roomFor(zone, files.length);
  [...files].slice(0, room).forEach((file) => upload(zone, file));
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
const hasLink = (event) => !dragged && [...(event.dataTransfer?.types ?? [])].includes("text/uri-list");
const firstLink = (text) => text?.split(/\s+/).find((word) => /^https?:\/\/\S+$/i.test(word));
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
  } else if (hasFiles(event) || (hasLink(event) && zoneOf(event)?.dataset.linkUrl)) {
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
  const link = hasLink(event) && !hasFiles(event) && zoneOf(event)?.dataset.linkUrl && firstLink(event.dataTransfer.getData("text/uri-list"));
  if (link) {
    event.preventDefault();
    addLink(zoneOf(event), link);
    return;
  }
  if (!hasFiles(event)) return;
  event.preventDefault(); // A picture dropped beside the zone must not replace the page.
  const zone = zoneOf(event) ?? document.querySelector(".drop[data-upload-url]");
  if (zone) add(zone, event.dataTransfer.files);
});
document.addEventListener("paste", (event) => {
  const files = event.clipboardData?.files;
  const zone = zoneOf(event) ?? document.querySelector(".drop[data-upload-url]");
  const link = !files?.length && zoneOf(event)?.dataset.linkUrl && !event.target.matches("input, textarea") && firstLink(event.clipboardData?.getData("text/plain"));
  if (link) {
    event.preventDefault();
    addLink(zone, link);
    return;
  }
  if (!zone || !files?.length || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  add(zone, files);
});
document.addEventListener("change", (event) => {
  const zone = zoneOf(event);
  if (zone && event.target.matches(".thumbs")) ready(zone);
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
    cancel(card);
    const near = card.nextElementSibling ?? card.previousElementSibling ?? zone.querySelector("[data-choose], [data-picker]");
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
