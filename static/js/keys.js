// Single-key shortcuts. A link or button says its key: data-key="a" (also "?", "Escape", "ArrowLeft", "Shift+r");
// data-go="b" is pressed after G. Off while one types, and where <body data-single-keys="off">.
// Ctrl or Command with Enter submits the form in hand.

const typing = (node) =>
  node instanceof HTMLElement &&
  (node.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName) && !/^(checkbox|radio|button|submit|range|file|color)$/.test(node.type)));
const shown = (node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest("[inert]");
let waitingForGo = 0;

const find = (attribute, key) =>
  [...document.querySelectorAll(`[${attribute}]`)].find(
    (node) => node.getAttribute(attribute).split(" ").includes(key) && shown(node),
  );

function press(node) {
  if (node.matches("input:not([type=checkbox]):not([type=radio]), textarea, select")) node.focus();
  else {
    // A menu opened by its key is walked from its button on.
    if (node.matches("summary")) node.focus();
    node.click();
  }
}

function nameOf(node) {
  const copy = node.cloneNode(true);
  copy.querySelectorAll("kbd, svg, .n, .when-busy").forEach((part) => part.remove());
  const label = node.dataset.keyName || node.getAttribute("aria-label") || copy.textContent;
  return label.replace(/\s*\([^)]*\)\s*$/, "").trim();
}

function listShortcuts(dialog) {
  const rows = new Map();
  document.querySelectorAll("[data-go]").forEach((node) => rows.set(`G ${node.dataset.go}`, nameOf(node)));
  document.querySelectorAll("[data-key]").forEach((node) => {
    if (shown(node) && !dialog.contains(node)) rows.set(node.dataset.key.split(" ")[0], nameOf(node));
  });
  if (document.querySelector(".wall .tile")) {
    rows.set("Arrows", "Move on the wall");
    if (document.querySelector(".pick")) rows.set("x", "Select the picture in hand");
  }
  if (document.querySelector("form [data-submit]")) rows.set("Ctrl Enter", "Submit the form");
  rows.set("?", "This list");
  const list = dialog.querySelector(".keys");
  list.replaceChildren();
  for (const [keys, name] of rows) {
    const term = document.createElement("dt");
    const combo = document.createElement("dd");
    term.textContent = name;
    for (const key of keys.split(/[ +]/)) {
      const cap = document.createElement("kbd");
      cap.textContent = key.length === 1 ? key.toUpperCase() : key.replace(/^Arrow(?=[A-Z])/, "");
      combo.append(cap);
    }
    list.append(term, combo);
  }
}

function openShortcuts() {
  const dialog = document.getElementById("shortcuts");
  if (!dialog || dialog.open) return;
  listShortcuts(dialog);
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.('[data-dialog="shortcuts"]');
  if (!button) return;
  event.stopImmediatePropagation();
  openShortcuts();
}, true);

// early.js keeps what is pressed before htmx took forms and links over, which is when the document is read.
document.addEventListener("DOMContentLoaded", () => {
  const keys = window.earlyKeys || [];
  window.earlyKeys = null;
  keys.forEach((event) => document.body.dispatchEvent(new KeyboardEvent("keydown", event)));
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const node = event.target;
  if (window.earlyKeys && !typing(node)) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    const form = node.closest?.("form") || document.querySelector("form:has([data-submit])");
    if (form) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-submit]") || undefined);
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const single = event.key.length === 1;
  if (single && (document.body.dataset.singleKeys === "off" || typing(node))) return;
  if (typing(node) && event.key !== "Escape") return;
  if (document.querySelector("dialog[open]")) return;
  const key = single ? event.key.toLowerCase() : event.key;

  if (waitingForGo && performance.now() - waitingForGo < 1200 && single) {
    waitingForGo = 0;
    const target = find("data-go", key);
    if (target) {
      event.preventDefault();
      press(target);
      return;
    }
  }
  if (key === "?") {
    event.preventDefault();
    openShortcuts();
    return;
  }
  const hit = find("data-key", event.shiftKey && /^[a-z]$/.test(key) ? `Shift+${key}` : key);
  if (hit) {
    event.preventDefault();
    press(hit);
  } else if (key === "g" && !event.shiftKey) {
    waitingForGo = performance.now();
  }
});
