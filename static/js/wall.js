// The wall: exact justified rows, and arrow keys over its tiles. Without it CSS alone makes nearly the same rows.
// <div class="wall" data-wall> holds .tile elements with style="--ar: width/height".

const css = (node, name) => parseFloat(getComputedStyle(node).getPropertyValue(name));

/** Cut ratios into rows: each is [first, last, height]; the last row keeps the target height when it is short. */
function rowsFor(ratios, width, target, gap) {
  const rows = [];
  let first = 0;
  let sum = 0;
  ratios.forEach((ratio, index) => {
    sum += ratio;
    const height = (width - gap * (index - first)) / sum;
    if (height > target * 1.12 && index < ratios.length - 1) return;
    // Leave the tile for the next row where the row would come nearer to the target without it.
    const without = index > first ? (width - gap * (index - first - 1)) / (sum - ratio) : Infinity;
    if (index > first && height < target && without - target < target - height && without <= target * 1.45) {
      rows.push([first, index - 1, without]);
      first = index;
      sum = ratio;
      if (index === ratios.length - 1) rows.push([first, index, Math.min(target, width / sum)]);
    } else {
      const isShort = index === ratios.length - 1 && height > target * 1.12;
      rows.push([first, index, isShort ? target : height]);
      first = index + 1;
      sum = 0;
    }
  });
  return rows;
}

function fit(wall) {
  const tiles = [...wall.children].filter((node) => node.classList.contains("tile") && node.offsetParent !== null);
  const width = wall.clientWidth;
  if (!width || !tiles.length) return;
  const gap = parseFloat(getComputedStyle(wall).columnGap) || 0;
  const ratios = tiles.map((tile) => Math.min(3.2, Math.max(0.4, css(tile, "--ar") || 1)));
  for (const [first, last, height] of rowsFor(ratios, width, css(wall, "--row") || 216, gap)) {
    for (let index = first; index <= last; index += 1) {
      tiles[index].style.setProperty("--h", `${height.toFixed(2)}px`);
      tiles[index].style.setProperty("--w", `${Math.floor(ratios[index] * height * 100) / 100}px`);
    }
  }
  wall.classList.add("fit");
}

const sizes = new WeakMap();
const watcher = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) {
    if (sizes.get(target) === contentRect.width) continue;
    sizes.set(target, contentRect.width);
    fit(target);
  }
});

function refit() {
  document.querySelectorAll("[data-wall]").forEach((wall) => {
    watcher.observe(wall);
    fit(wall);
  });
}

function neighbour(tile, key) {
  const tiles = [...document.querySelectorAll(".wall > .tile")].filter((node) => node.offsetParent !== null);
  const at = tiles.indexOf(tile);
  if (key === "Home") return tiles[0];
  if (key === "End") return tiles.at(-1);
  if (key === "ArrowRight") return tiles[at + 1];
  if (key === "ArrowLeft") return tiles[at - 1];
  const from = tile.getBoundingClientRect();
  const middle = from.left + from.width / 2;
  const down = key === "ArrowDown";
  let best = null;
  let bestScore = Infinity;
  for (const other of tiles) {
    const box = other.getBoundingClientRect();
    const away = down ? box.top - from.top : from.top - box.top;
    if (away < 8) continue;
    const score = away * 8 + Math.abs(box.left + box.width / 2 - middle);
    if (score < bestScore) [best, bestScore] = [other, score];
  }
  return best;
}

const handle = (tile) => tile?.querySelector(".pic, .say .btn, .cap .name a, .cap a.name");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (!/^(Arrow(Left|Right|Up|Down)|Home|End)$/.test(event.key)) return;
  const tile = event.target.closest?.(".wall > .tile");
  if (!tile || event.target.matches("input:not([type=checkbox]), textarea")) return;
  let next = neighbour(tile, event.key);
  while (next && !handle(next) && /Left|Right/.test(event.key)) next = neighbour(next, event.key);
  const target = handle(next);
  if (!target) return;
  event.preventDefault();
  target.focus();
  next.scrollIntoView({ block: "nearest" });
  if (event.shiftKey) document.dispatchEvent(new CustomEvent("wall:extend", { detail: { from: tile, to: next } }));
});

refit();
document.addEventListener("htmx:afterSettle", refit);
document.addEventListener("htmx:oobAfterSwap", refit);
document.addEventListener("wall:refit", refit);
document.fonts?.ready.then(refit);

// Coming back from an output's page: focus the tile that was opened.
document.addEventListener("click", (event) => {
  const tile = event.target.closest?.(".wall > .tile[id]");
  if (tile && event.target.closest(".pic")) sessionStorage.setItem("wall-tile", tile.id);
});
const opened = sessionStorage.getItem("wall-tile");
if (opened && document.querySelector("[data-wall]")) {
  sessionStorage.removeItem("wall-tile");
  handle(document.getElementById(opened))?.focus({ preventScroll: document.documentElement.scrollTop > 0 });
}
