// Menus (<details class="pop">): one open at a time, Esc and a click elsewhere close, arrows and typing move.
// Segments (.seg): arrow keys move between their links or buttons.

let typed = "";
let typedAt = 0;
const items = (menu) => [...menu.querySelectorAll(".item:not([hidden])")];

function close(pop, focus = false) {
  pop.open = false;
  if (focus) pop.querySelector("summary").focus();
}

document.addEventListener("toggle", (event) => {
  const pop = event.target;
  if (pop.matches?.(".verdict > details[open]")) pop.querySelector("textarea, input:not([type=hidden])")?.focus();
  if (!pop.matches?.("details.pop") || !pop.open) return;
  document.querySelectorAll("details.pop[open]").forEach((other) => {
    if (other !== pop && !other.contains(pop)) close(other);
  });
  const menu = pop.querySelector(".menu");
  const box = menu.getBoundingClientRect();
  if (box.right > innerWidth - 8) pop.classList.add("end");
}, true);

document.addEventListener("click", (event) => {
  document.querySelectorAll("details.pop[open]").forEach((pop) => {
    if (!pop.contains(event.target)) close(pop);
  });
});

document.addEventListener("keydown", (event) => {
  const pop = event.target.closest?.("details.pop[open]");
  if (event.key === "Escape") {
    const open = pop || document.querySelector("details.pop[open]");
    if (!open) return;
    event.preventDefault();
    close(open, true);
    return;
  }
  if (pop && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const list = items(pop.querySelector(".menu"));
    const at = list.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? list.length - 1 : at - 1, Home: 0, End: list.length - 1 }[event.key];
    const writing = event.target.matches("input, textarea");
    if (to !== undefined && (!writing || /^Arrow(Up|Down)$/.test(event.key))) {
      event.preventDefault();
      list[(to + list.length) % list.length]?.focus();
    } else if (!writing && event.key.length === 1 && event.key !== " ") {
      event.preventDefault();
      typed = performance.now() - typedAt > 700 ? event.key : typed + event.key;
      typedAt = performance.now();
      list.find((item) => item.textContent.trim().toLowerCase().startsWith(typed.toLowerCase()))?.focus();
    }
    return;
  }
  const seg = event.target.closest?.(".seg");
  if (!seg || !/^Arrow(Left|Right)$/.test(event.key) || event.target.matches("input")) return;
  const parts = [...seg.querySelectorAll("a, button")];
  const next = parts[(parts.indexOf(event.target) + (event.key === "ArrowRight" ? 1 : -1) + parts.length) % parts.length];
  if (!next) return;
  event.preventDefault();
  event.stopPropagation();
  next.focus();
  if (next.matches("button")) next.click();
}, true);

document.querySelectorAll("[data-with-script]").forEach((node) => { node.hidden = false; });
