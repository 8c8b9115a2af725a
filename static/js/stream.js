// What changed on the server, told to the page: every element that shows it is fetched again, and only that element.
//
// Markup: `data-output-id` on a tile, with `data-tile-url` (and `data-tile-swap="innerHTML"` where the element itself stays). Events on document: `backlot:output_new`, `backlot:asset`, … with {subject}.
const meta = document.querySelector('meta[name="backlot-live"]');

if (meta) start(JSON.parse(meta.content));

function start({ worker, stream, changes, workspace, after }) {
  const message = { type: "join", stream, changes, workspace, after };
  if (window.SharedWorker) {
    const shared = new SharedWorker(worker, { type: "module", name: `backlot-${workspace}` });
    shared.port.onmessage = ({ data }) => receive(data);
    shared.port.start();
    shared.port.postMessage(message);
    addEventListener("pagehide", () => shared.port.postMessage({ type: "leave" }));
    addEventListener("pageshow", (event) => {
      if (event.persisted) {
        shared.port.postMessage(message);
        refresh();
      }
    });
    return;
  }
  // No shared workers here: one stream of this tab's own, and only while somebody looks at it.
  import(worker).then(({ join, leave }) => {
    const port = { postMessage: receive };
    const follow = () => (document.hidden ? leave(port) : (join(port, message), refresh()));
    document.addEventListener("visibilitychange", follow);
    if (!document.hidden) join(port, message);
  });
}

function receive({ type, event }) {
  if (type === "refresh") refresh();
  if (type !== "change") return;
  if (event.kind === "output" || event.kind === "output_gone") {
    for (const tile of document.querySelectorAll(`[data-output-id="${event.subject}"]`)) reload(tile);
  }
  document.dispatchEvent(new CustomEvent(`backlot:${event.kind}`, { detail: event }));
}

function refreshTiles() {
  for (const tile of document.querySelectorAll("[data-output-id][data-live]")) reload(tile);
}

// Everything that may have changed while nobody listened: the tiles that are not finished.
function refresh() {
  refreshTiles();
  document.dispatchEvent(new CustomEvent("backlot:refresh"));
}

// The net under everything: an unfinished tile looks for itself now and then, whatever happened to the stream.
setInterval(() => document.hidden || refreshTiles(), 30000);

// Several events of one output in quick succession need one fetch; one that comes during the fetch needs one more.
// Each tile is the source of its own: with one source for all, htmx keeps only the last of those that wait.
const loading = new Map();
function reload(tile) {
  const key = tile.id || tile.dataset.outputId;
  if (loading.has(key)) {
    loading.set(key, true);
    return;
  }
  loading.set(key, false);
  guard(tile);
  window.htmx
    .ajax("GET", tile.dataset.tileUrl, { source: tile, target: tile, swap: tile.dataset.tileSwap || "outerHTML" })
    .catch(() => {})
    .finally(() => {
      const again = loading.get(key);
      loading.delete(key);
      if (again) reloadById(tile.id);
    });
}

function reloadById(id) {
  const now = id && document.getElementById(id);
  if (now) reload(now);
}

// A fetch and a press may meet in one tile. While a press in it waits for its answer, the tile stays; and an answer whose tile is gone
// is not swapped into the void (its other parts would miss their places, too). Either way the tile is fetched again a moment later.
const guarded = new WeakSet();
function guard(tile) {
  if (guarded.has(tile)) return;
  guarded.add(tile);
  tile.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target !== tile) return;
    const fetched = event.detail.requestConfig.verb === "get";
    if (tile.isConnected && !(fetched && tile.querySelector(".htmx-request"))) return;
    event.detail.shouldSwap = false;
    setTimeout(() => reloadById(tile.id), 250);
  });
}
