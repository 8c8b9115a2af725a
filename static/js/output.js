// An output's page: after an approval on to the next with Undo at hand, U takes the last decision back, a swipe turns the page, the
// stage gets the full file once one zooms in, and the gallery finds this tile again.

const RETURN = "gallery-return";
const LAST = "last-decision";
const own = document.querySelector("[data-back]")?.dataset.back;

const kept = JSON.parse(sessionStorage.getItem(RETURN) || "null");
if (kept && own) sessionStorage.setItem(RETURN, JSON.stringify({ ...kept, id: own }));

const csrf = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}");
const say = (detail) => document.dispatchEvent(new CustomEvent("toast", { detail }));

document.addEventListener("output:decided", ({ detail }) => {
  const next = document.getElementById("next");
  const moves = detail.verdict === "approved" && next;
  sessionStorage.setItem(LAST, JSON.stringify({ undo: detail.undo, at: Date.now(), output: own, moved: Boolean(moves) }));
  if (moves) setTimeout(() => next.isConnected && sessionStorage.getItem(LAST) && next.click(), 600);
});
// A reason that is being typed stays, whatever answer comes meanwhile: the bar under it is drawn anew only for its own.
let inVerdict = false;
document.addEventListener("htmx:beforeRequest", ({ target }) => {
  if (!target.closest?.("#verdict")) return;
  inVerdict = true;
  document.activeElement?.blur();
});
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target } = event.detail;
  if (target?.id === "verdict" && target.contains(document.activeElement) && document.activeElement.matches("input")) event.detail.shouldSwap = false;
});
// The bar is drawn anew after a decision; whoever pressed a key in it stays in it.
// Nobody else is put there: a space bar is for the player.
document.addEventListener("htmx:oobAfterSwap", ({ detail }) => {
  if (!inVerdict || detail.target?.id !== "verdict") return;
  inVerdict = false;
  if (document.activeElement === document.body) document.getElementById("approve")?.focus({ preventScroll: true });
});
document.addEventListener("output:undone", () => sessionStorage.removeItem(LAST));
document.addEventListener("output:gone", ({ detail }) => {
  const toast = { text: detail.text, id: "output", action: { label: "Undo", post: detail.undo } };
  sessionStorage.setItem("carried-toast", JSON.stringify({ at: Date.now(), toast }));
  document.querySelector("[data-back]")?.click();
});

// On the page after: the approval just made elsewhere, with its Undo, for ten seconds.
function lastElsewhere() {
  const last = JSON.parse(sessionStorage.getItem(LAST) || "null");
  return last?.moved && Date.now() - last.at < 10_000 && last.output !== own ? last : null;
}
const last = lastElsewhere();
if (last) {
  addEventListener("load", () => say({ text: "Approved. This is the next one.", id: "output", action: { label: "Undo", post: `${last.undo}&on=none` } }));
}

document.addEventListener("keydown", async (event) => {
  const { target, key } = event;
  if (key.toLowerCase() !== "u" || event.ctrlKey || event.metaKey || event.altKey || document.body.dataset.singleKeys === "off") return;
  const made = lastElsewhere();
  if (target.matches?.("input, textarea, select") || !made) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  sessionStorage.removeItem(LAST);
  const answer = await fetch(`${made.undo}&on=none`, { method: "POST", keepalive: true, headers: { ...csrf(), "HX-Request": "true" } });
  for (const [name, detail] of Object.entries(JSON.parse(answer.headers.get("HX-Trigger") || "{}"))) {
    document.dispatchEvent(new CustomEvent(name, { detail }));
  }
}, true);

// The large preview is enough to look at; zoomed in, one judges the file itself.
const image = document.querySelector("[data-stage] img[data-original]");
if (image) {
  new MutationObserver((_, watcher) => {
    if (!image.closest("[data-zoomed]")) return;
    watcher.disconnect();
    const full = new Image();
    full.onload = () => { image.src = full.src; };
    full.src = image.dataset.original;
  }).observe(image.closest("[data-stage]"), { attributes: true, attributeFilter: ["data-zoomed"] });
}

let from = null;
const stage = document.querySelector("[data-stage]");
stage?.addEventListener("touchstart", (event) => {
  from = event.touches.length === 1 && !stage.hasAttribute("data-zoomed") ? event.touches[0] : null;
}, { passive: true });
stage?.addEventListener("touchend", (event) => {
  if (!from) return;
  const to = event.changedTouches[0];
  const [dx, dy] = [to.clientX - from.clientX, to.clientY - from.clientY];
  from = null;
  if (Math.abs(dx) > 56 && Math.abs(dx) > 2 * Math.abs(dy)) document.querySelector(dx < 0 ? "[rel=next]" : "[rel=prev]")?.click();
}, { passive: true });
