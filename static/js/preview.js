// The live preview is htmx's (the newest request replaces the one before); this file shows its proposed words in the empty
// fields, and lets one take them over to change them.

const box = document.getElementById("preview");

function propose() {
  const words = new Map([...document.querySelectorAll("[data-proposed]")].map((node) => [node.dataset.proposed, node.dataset.text]));
  document.querySelectorAll("#making [data-placeholder]").forEach((field) => {
    field.placeholder = words.get(field.name) ?? field.dataset.placeholder;
  });
  document.querySelectorAll("[data-proposed]").forEach((node) => {
    if (node.querySelector("button")) return;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: "Edit" });
    button.setAttribute("aria-label", `Edit the proposed ${node.querySelector("dt").textContent.toLowerCase()}`);
    node.querySelector("dd").append(button);
  });
}

box?.addEventListener("click", (event) => {
  const node = event.target.closest("button")?.closest("[data-proposed]");
  const field = node && document.getElementById("making").elements.namedItem(node.dataset.proposed);
  if (!field) return;
  event.preventDefault();
  field.closest("details")?.setAttribute("open", "");
  field.value = node.dataset.text;
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt === box || event.target === box) propose();
});
propose();
