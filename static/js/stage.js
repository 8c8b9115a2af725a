// The stage: zoom and pan of the picture. <div class="stage" data-stage><a class="art" style="--ar" href="original"><img>.
// Z or a click: 100 % and back; Ctrl+wheel or a pinch: any zoom; drag: pan; 0: fit; F: full screen.
// Buttons: data-zoom="in | out | fit | toggle | full". Without script the picture links to the file.

const LIMIT = 8;
const stage = document.querySelector("[data-stage]");
const art = stage?.querySelector(".art");
const view = { z: 1, x: 0, y: 0 };
const fingers = new Map();
let moved = 0;
let pinch = 0;

function natural() {
  const image = art.querySelector("img");
  const width = Number(image.dataset.width || image.getAttribute("width")) || image.naturalWidth;
  return Math.min(LIMIT, Math.max(1.5, width / devicePixelRatio / art.offsetWidth));
}

function draw() {
  const room = (size, box) => Math.max(0, (size * view.z - box) / 2);
  const [w, h] = [room(art.offsetWidth, stage.clientWidth), room(art.offsetHeight, stage.clientHeight)];
  view.x = Math.min(w, Math.max(-w, view.x));
  view.y = Math.min(h, Math.max(-h, view.y));
  art.style.setProperty("--z", view.z.toFixed(3));
  art.style.setProperty("--x", `${view.x.toFixed(1)}px`);
  art.style.setProperty("--y", `${view.y.toFixed(1)}px`);
  stage.toggleAttribute("data-zoomed", view.z > 1);
  document.querySelectorAll("[data-zoom=toggle]").forEach((node) => node.setAttribute("aria-pressed", String(view.z > 1)));
}

function zoomTo(z, clientX, clientY) {
  const box = stage.getBoundingClientRect();
  const [px, py] = clientX === undefined ? [0, 0] : [clientX - box.left - box.width / 2, clientY - box.top - box.height / 2];
  const next = Math.min(LIMIT, Math.max(1, z));
  view.x = px - ((px - view.x) * next) / view.z;
  view.y = py - ((py - view.y) * next) / view.z;
  view.z = next;
  draw();
}

const toggle = (x, y) => zoomTo(view.z > 1 ? 1 : natural(), x, y);

function run(what) {
  if (what === "in") zoomTo(view.z * 1.4);
  else if (what === "out") zoomTo(view.z / 1.4);
  else if (what === "fit") zoomTo(1);
  else if (what === "toggle") toggle();
  else if (document.fullscreenElement) void document.exitFullscreen();
  else void stage.parentElement.requestFullscreen();
}

if (art) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-zoom]");
    if (!button) return;
    event.preventDefault();
    run(button.dataset.zoom);
  });
  art.addEventListener("click", (event) => {
    event.preventDefault();
    if (moved < 6) toggle(event.detail ? event.clientX : undefined, event.clientY);
  });
  art.addEventListener("dragstart", (event) => event.preventDefault());
  stage.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && view.z === 1) return;
    event.preventDefault();
    if (event.ctrlKey) zoomTo(view.z * Math.exp(-event.deltaY / 200), event.clientX, event.clientY);
    else {
      view.x -= event.deltaX;
      view.y -= event.deltaY;
      draw();
    }
  }, { passive: false });
  stage.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, event);
    moved = 0;
    pinch = 0;
  });
  addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const [dx, dy] = [event.clientX - before.clientX, event.clientY - before.clientY];
    moved += Math.abs(dx) + Math.abs(dy);
    fingers.set(event.pointerId, event);
    if (fingers.size === 2) {
      const [a, b] = [...fingers.values()];
      const apart = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
      if (pinch) zoomTo((view.z * apart) / pinch, (a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2);
      pinch = apart;
    } else if (view.z > 1) {
      view.x += dx;
      view.y += dy;
      draw();
    }
  });
  for (const kind of ["pointerup", "pointercancel"]) addEventListener(kind, (event) => { fingers.delete(event.pointerId); pinch = 0; });
  document.addEventListener("keydown", (event) => {
    if (view.z === 1 || !/^Arrow/.test(event.key) || !(event.target === document.body || stage.contains(event.target))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    view.x += { ArrowLeft: 60, ArrowRight: -60 }[event.key] ?? 0;
    view.y += { ArrowUp: 60, ArrowDown: -60 }[event.key] ?? 0;
    draw();
  }, true);
  addEventListener("resize", draw);
}
