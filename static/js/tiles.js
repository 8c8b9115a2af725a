// Tiles that change under one's hands: the focus stays where it was, what has ended is said once, and `tiles:changed` {ids} fetches
// them again. The live stream (stream.js) and every action swap tiles by the same `data-tile-url`.

const before = new Map();

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const tile = detail.target?.closest?.("[data-output-id]");
  if (!tile?.id) return;
  before.set(tile.id, {
    wasLive: tile.hasAttribute("data-live"),
    ticked: tile.querySelector(".pick > input, .pick-row")?.checked,
    focus: tile.contains(document.activeElement) ? document.activeElement.id || tile.id : "",
    after: tile.nextElementSibling?.id || tile.previousElementSibling?.id || "",
  });
});

const handle = (tile) => tile?.querySelector(".pic, .say .btn, .cap a.name, th a");
const nameOf = (tile) => tile.querySelector(".cap .name, th a, b")?.textContent.trim() || "";

document.addEventListener("htmx:load", ({ detail }) => {
  const tile = detail.elt;
  const old = tile.id && before.get(tile.id);
  if (!old) return;
  before.delete(tile.id);
  const box = tile.querySelector(".pick > input, .pick-row");
  if (box && old.ticked) box.checked = true;
  if (old.focus) (document.getElementById(old.focus)?.matches("button, a") ? document.getElementById(old.focus) : handle(tile))?.focus();
  if (old.wasLive && !tile.hasAttribute("data-live") && tile.matches(".tile, tr")) {
    const state = tile.dataset.state || "ready";
    document.dispatchEvent(new CustomEvent("announce", { detail: `${nameOf(tile)} ${state === "ready" ? "is ready" : state}` }));
  }
});

// A tile that is swapped for nothing leaves the focus to its neighbour.
document.addEventListener("htmx:afterSwap", () => {
  for (const [id, old] of before) {
    if (document.getElementById(id)) continue;
    before.delete(id);
    if (old.focus) handle(document.getElementById(old.after))?.focus();
    document.dispatchEvent(new CustomEvent("wall:refit"));
    document.dispatchEvent(new CustomEvent("tiles:gone"));
  }
});

for (const kind of ["tiles:changed", "outputs:restored"]) document.addEventListener(kind, ({ detail }) => {
  for (const id of detail.ids || []) {
    for (const tile of document.querySelectorAll(`[data-output-id="${CSS.escape(id)}"]`)) {
      const box = tile.querySelector(".pick > input, .pick-row");
      if (box?.checked) {
        box.checked = false;
        box.dispatchEvent(new Event("change", { bubbles: true }));
      }
      window.htmx.ajax("GET", tile.dataset.tileUrl, { source: tile, target: tile, swap: tile.dataset.tileSwap || "outerHTML" }).catch(() => {});
    }
  }
});

// A preview or a waveform that came after its tile.
document.addEventListener("backlot:asset", ({ detail }) => {
  for (const tile of document.querySelectorAll(`[data-bare="${CSS.escape(detail.subject)}"][data-tile-url]`)) {
    window.htmx.ajax("GET", tile.dataset.tileUrl, { source: tile, target: tile, swap: "outerHTML" }).catch(() => {});
  }
});

// What was said on the page before this one, while it can still be taken back.
addEventListener("load", () => {
  const carried = JSON.parse(sessionStorage.getItem("carried-toast") || "null");
  sessionStorage.removeItem("carried-toast");
  if (carried && Date.now() - carried.at < 10_000) document.dispatchEvent(new CustomEvent("toast", { detail: carried.toast }));
});
