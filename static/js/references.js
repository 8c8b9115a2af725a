// The board of references: masonry, and saving by dropping or pasting a picture or an address anywhere on the page.
// [data-masonry] gets 4 px rows and each tile its number of them; [data-board][data-save-url] takes what is dropped;
// form[data-save-reference] is sent the same way, so that its cards appear without a reload. A tile with data-look asks that address
// for itself once the worker has looked at it.

const ROW = 4;
const GAP = 20;
const MB = 1024 * 1024;
const toast = (text, kind = "") => document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind, id: "reference" } }));

function lay(wall) {
  wall.classList.add("laid");
  for (const tile of wall.querySelectorAll(":scope > .tile")) {
    const high = tile.firstElementChild.offsetHeight + (tile.lastElementChild === tile.firstElementChild ? 0 : tile.lastElementChild.offsetHeight);
    if (high) tile.style.setProperty("--rows", String(Math.ceil((high + GAP) / ROW)));
  }
}

const watcher = new ResizeObserver((entries) => entries.forEach(({ target }) => lay(target)));

function refit() {
  document.querySelectorAll("[data-masonry]").forEach((wall) => {
    watcher.observe(wall);
    lay(wall);
  });
}

const board = () => document.querySelector("[data-board][data-save-url]");
const headers = () => ({ ...JSON.parse(document.body.getAttribute("hx-headers") || "{}"), "HX-Request": "true" });

function placeholder(wall) {
  const tile = document.createElement("article");
  tile.className = "tile ref saving";
  tile.innerHTML = '<div class="shot"><span><span class="spin"></span> Saving</span></div>';
  wall.prepend(tile);
  show(wall);
  return tile;
}

// The words of an empty board make room for the first tile, and come back where it could not be saved.
function show(wall) {
  const empty = document.querySelector("#board > .empty");
  wall.hidden = !wall.firstElementChild;
  if (empty) empty.hidden = !wall.hidden;
  lay(wall);
}

async function reasonOf(answer) {
  if (answer.status === 413) return "That is larger than the server takes.";
  try {
    return (await answer.json()).error;
  } catch {
    return "The server could not take it. Try again.";
  }
}

async function send(body) {
  const here = board();
  const wall = document.getElementById("board-wall");
  if (!here || !wall) return false;
  const waiting = placeholder(wall);
  let answer;
  try {
    answer = await fetch(here.dataset.saveUrl, { method: "POST", body, headers: headers() });
  } catch {
    waiting.remove();
    show(wall);
    toast("The connection broke. Try again.", "bad");
    return false;
  }
  if (!answer.ok) {
    waiting.remove();
    show(wall);
    toast(await reasonOf(answer), "bad");
    return false;
  }
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  const fresh = [...holder.content.children];
  fresh.forEach((tile) => document.getElementById(tile.id)?.remove());
  waiting.replaceWith(...fresh);
  fresh.forEach((tile) => { tile.classList.add("fresh"); window.htmx?.process(tile); });
  show(wall);
  document.querySelector("#board [data-leave]")?.click(); // Among the archived ones what is new would have no place.
  const told = answer.headers.get("HX-Trigger");
  for (const [name, detail] of Object.entries(told ? JSON.parse(told) : {})) document.dispatchEvent(new CustomEvent(name, { detail }));
  return true;
}

async function look(tile) {
  const answer = await fetch(tile.dataset.look, { headers: headers() }).catch(() => null);
  if (answer?.status !== 200 || !tile.isConnected) return;
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  const fresh = holder.content.firstElementChild;
  const box = tile.querySelector(".pick > input");
  if (box) fresh.querySelector(".pick > input").checked = box.checked;
  const held = tile.contains(document.activeElement) && (document.activeElement === box ? ".pick > input" : ".pic");
  tile.replaceWith(fresh);
  if (held) fresh.querySelector(held).focus({ preventScroll: true });
  lay(fresh.parentElement);
}

const unseen = () => document.querySelectorAll(".tile[data-look]");
document.addEventListener("backlot:reference", ({ detail }) => {
  const tile = document.getElementById(`reference-${detail.subject}`);
  if (tile?.dataset.look) void look(tile);
});
document.addEventListener("backlot:refresh", () => unseen().forEach(look));
// The net under it, for word that came before the tile did or was lost.
setInterval(() => document.hidden || unseen().forEach(look), 5000);

function sendFiles(files) {
  const most = Number(board()?.dataset.maxMb || 0) * MB;
  const body = new FormData();
  for (const file of files) {
    if (most && file.size > most) toast(`${file.name} is larger than ${most / MB} MB, the most that is taken.`, "bad");
    else body.append("file", file, file.name || "pasted.png");
  }
  if (body.has("file")) void send(body);
}

const addressIn = (text) => (/^https?:\/\/\S+$/.test(text.trim()) ? text.trim() : "");

function sendAddress(text) {
  const url = addressIn(text);
  if (!url) return false;
  const body = new FormData();
  body.append("url", url);
  void send(body);
  return true;
}

const cover = document.createElement("p");
cover.className = "drop-cover";
cover.textContent = "Drop to save";
cover.setAttribute("aria-hidden", "true");
document.body.append(cover);

const isTyping = (event) => event.target.matches?.("input, textarea, select, [contenteditable]");

document.addEventListener("dragover", (event) => {
  if (!board() || !event.dataTransfer) return;
  const types = [...event.dataTransfer.types];
  if (!types.includes("Files") && !types.includes("text/uri-list")) return;
  event.preventDefault();
  document.body.classList.add("dropping");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("dropping");
});
document.addEventListener("drop", (event) => {
  document.body.classList.remove("dropping");
  if (!board() || isTyping(event)) return;
  const { files } = event.dataTransfer;
  if (files.length) {
    event.preventDefault();
    sendFiles(files);
  } else if (sendAddress(event.dataTransfer.getData("text/uri-list"))) {
    event.preventDefault();
  }
});
document.addEventListener("paste", (event) => {
  if (!board() || isTyping(event)) return;
  const { files } = event.clipboardData;
  if (files.length) {
    event.preventDefault();
    sendFiles(files);
  } else if (sendAddress(event.clipboardData.getData("text/plain"))) {
    event.preventDefault();
  }
});
document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("[data-save-reference]");
  if (!form || !board()) return;
  event.preventDefault();
  const body = new FormData(form);
  if (![...body.getAll("file")].some((file) => file.size)) body.delete("file");
  const menu = form.closest("details");
  menu.open = false;
  menu.querySelector("summary").focus();
  void send(body).then((done) => {
    if (done) form.reset();
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  });
}, true);

// What is done with the selected ones brings the board anew: whoever was in it stands where the first of them was.
let stood = -1;
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const now = document.getElementById("board-wall");
  if (detail.target.id !== "board" || !now || detail.requestConfig.verb !== "post") return;
  stood = [...now.querySelectorAll(".tile")].findIndex((tile) => tile.querySelector(".pick > :checked"));
});
document.addEventListener("htmx:afterSettle", () => {
  if (stood >= 0 && document.activeElement === document.body) {
    const tiles = document.querySelectorAll("#board-wall > .tile");
    tiles[Math.min(stood, tiles.length - 1)]?.querySelector(".pic").focus({ preventScroll: true });
  }
  stood = -1;
});

refit();
document.addEventListener("htmx:afterSettle", refit);
document.fonts?.ready.then(refit);
