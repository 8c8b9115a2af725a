// Keys that are pressed while the page is still being read: kept for keys.js, which acts on them once everything can.
// Not a module, and first of all: a module comes later than the first picture of the page, and who sees a page may press.
window.earlyKeys = [];
document.addEventListener("keydown", (event) => {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && event.key.length === 1 && event.key !== " ";
  if (window.earlyKeys && plain && !event.target.closest("input, textarea, select, [contenteditable]")) window.earlyKeys.push(event);
}, true);
