// Selecting on the wall: tick a box, Shift+click a range, X on the focused tile, Ctrl/Command+A, Esc clears.
// The bulk bar itself shows through CSS; here is only its count ([data-count]) and [data-clear].

let last = null;
const boxes = () => [...document.querySelectorAll(".pick > input, .pick-row")].filter((box) => box.closest(".tile, tr"));
const ticked = () => boxes().filter((box) => box.checked);

function count() {
  const many = ticked().length;
  document.querySelectorAll(".bulk [data-count]").forEach((node) => {
    node.textContent = `${many} selected`;
  });
  document.querySelectorAll(".wall").forEach((wall) => wall.classList.toggle("selecting", many > 0));
}

function set(box, value) {
  if (box.checked === value) return;
  box.checked = value;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

function range(from, to, value) {
  const all = boxes();
  const [low, high] = [all.indexOf(from), all.indexOf(to)].sort((a, b) => a - b);
  if (low >= 0) all.slice(low, high + 1).forEach((box) => set(box, value));
}

function clear() {
  ticked().forEach((box) => set(box, false));
  last = null;
}

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-clear]")) {
    clear();
    return;
  }
  const box = event.target.closest?.(".pick > input, .pick-row");
  if (!box) {
    // While some are selected, a click on a picture with Shift, Ctrl or Command selects instead of opening.
    const picture = event.target.closest?.(".tile .pic");
    const own = picture?.closest(".tile").querySelector(".pick > input");
    if (!own || !(event.shiftKey || event.metaKey || event.ctrlKey) || !ticked().length) return;
    event.preventDefault();
    if (event.shiftKey && last) range(last, own, true);
    else set(own, !own.checked);
    last = own;
    return;
  }
  if (event.shiftKey && last && last !== box) range(last, box, box.checked);
  last = box;
});

document.addEventListener("change", (event) => {
  if (event.target.matches?.(".pick > input, .pick-row")) count();
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
  const typing = event.target.matches?.("input:not([type=checkbox]), textarea, select");
  if (event.key === "Escape" && ticked().length && !typing && !document.querySelector("details.pop[open]")) {
    event.preventDefault();
    clear();
  } else if (typing) {
    return;
  } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a" && boxes().length) {
    event.preventDefault();
    boxes().forEach((box) => set(box, true));
  } else if (event.key.toLowerCase() === "x" && !event.ctrlKey && !event.metaKey && !event.altKey && document.body.dataset.singleKeys !== "off") {
    const box = event.target.closest?.(".tile, tr")?.querySelector(".pick > input, .pick-row");
    if (!box) return;
    event.preventDefault();
    set(box, !box.checked);
    last = box;
  }
});

document.addEventListener("wall:extend", ({ detail }) => {
  for (const tile of [detail.from, detail.to]) {
    const box = tile.querySelector(".pick > input");
    if (box) set(box, true);
  }
});

// Long press starts selecting on a touch screen.
let timer = 0;
document.addEventListener("pointerdown", (event) => {
  const tile = event.pointerType === "touch" && event.target.closest?.(".tile");
  const box = tile && tile.querySelector(".pick > input");
  if (!box) return;
  timer = setTimeout(() => {
    set(box, !box.checked);
    tile.addEventListener("click", (click) => click.preventDefault(), { once: true, capture: true });
    tile.addEventListener("contextmenu", (menu) => menu.preventDefault(), { once: true });
  }, 450);
});
for (const kind of ["pointerup", "pointercancel", "pointermove", "scroll"]) {
  document.addEventListener(kind, () => clearTimeout(timer), { passive: true, capture: true });
}
document.addEventListener("htmx:afterSettle", count);
count();
