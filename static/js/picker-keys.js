// Moving about in the picker's drawer by keys: arrows in the grid and among the tabs, P plays a sound, Esc closes.

const usable = (drawer) => [...drawer.querySelectorAll(".pick-item input:not(:disabled)")];
const isMove = (key) => /^(Arrow(Left|Right|Up|Down)|Home|End)$/.test(key);

// The next box in a direction: by what is seen, since rows differ in width.
function neighbour(box, key) {
  const all = usable(box.closest(".picker"));
  const at = all.indexOf(box);
  if (key === "Home" || key === "End") return all.at(key === "Home" ? 0 : -1);
  if (key === "ArrowLeft" || key === "ArrowRight") return all[at + (key === "ArrowRight" ? 1 : -1)];
  const down = key === "ArrowDown";
  const here = box.closest("li").getBoundingClientRect();
  const rows = (down ? all.slice(at + 1) : all.slice(0, Math.max(at, 0)).reverse()).map((other) => [other, other.closest("li").getBoundingClientRect()]);
  const next = rows.find(([, spot]) => (down ? spot.top > here.top + 4 : spot.top < here.top - 4));
  if (!next) return null;
  const row = rows.filter(([, spot]) => Math.abs(spot.top - next[1].top) < 4);
  return row.sort((a, b) => Math.abs(a[1].left - here.left) - Math.abs(b[1].left - here.left))[0][0];
}

function inGrid(drawer, box, key) {
  const next = neighbour(box, key);
  if (next) next.focus();
  else if (key === "ArrowUp") drawer.querySelector("[data-words]").focus();
  else if (/Right|Down|End/.test(key)) drawer.querySelector("[data-more]")?.click();
}

function inTabs(drawer, tab, key) {
  const all = [...drawer.querySelectorAll("[role=tab]")];
  const step = key === "ArrowRight" ? 1 : -1;
  (key === "Home" ? all[0] : key === "End" ? all.at(-1) : all[(all.indexOf(tab) + step + all.length) % all.length]).click();
}

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  const drawer = target.closest?.(".picker[open]");
  if (!drawer || event.ctrlKey || event.metaKey || event.altKey) return;
  const taken = () => event.preventDefault();
  if (key === "Escape" && !(target.matches("[data-words]") && target.value)) {
    taken();
    event.stopPropagation();
    drawer.close();
  } else if (target.matches("[role=tab]") && /^(Arrow(Left|Right)|Home|End)$/.test(key)) {
    taken();
    inTabs(drawer, target, key);
  } else if (target.matches(".pick-item input") && isMove(key)) {
    taken();
    inGrid(drawer, target, key);
  } else if (target.matches(".pick-item input") && key.toLowerCase() === "p") {
    target.closest("li").querySelector(".hear")?.click();
  } else if (target.matches("[data-words]") && key === "ArrowDown") {
    taken();
    (drawer.querySelector('.pick-item input[tabindex="0"]:not(:disabled)') ?? usable(drawer)[0])?.focus();
  }
});
