// Toasts. Server: HX-Trigger: {"toast": {"text", "kind"?: "bad", "image"?, "action"?: {"label", "href" | "post"}, "id"?}}.
// Script: document.dispatchEvent(new CustomEvent("toast", {detail: {...}})). Errors stay until closed; the rest go after
// 6 s (10 s with an action), and wait while the pointer or the focus is on them.

const region = document.getElementById("toasts");

function csrf() {
  return JSON.parse(document.body.getAttribute("hx-headers") || "{}");
}

async function act(action) {
  const answer = await fetch(action.post, { method: "POST", keepalive: true, headers: { ...csrf(), "HX-Request": "true" } });
  const trigger = answer.headers.get("HX-Trigger");
  if (!answer.ok) {
    show({ kind: "bad", text: "That did not work. Load the page again and retry." });
  } else if (answer.headers.get("HX-Refresh") || !trigger) {
    location.reload();
  } else {
    const html = await answer.text();
    for (const [name, detail] of Object.entries(JSON.parse(trigger))) {
      document.dispatchEvent(new CustomEvent(name, { detail: { ...detail, html }, bubbles: true }));
    }
  }
}

function actionOf(action, close) {
  const node = document.createElement(action.href ? "a" : "button");
  node.className = "btn sm";
  node.textContent = action.label;
  if (action.label === "Undo") {
    node.dataset.key = "u";
    node.append(Object.assign(document.createElement("kbd"), { textContent: "U" }));
  }
  if (action.href) node.href = action.href;
  else node.addEventListener("click", () => { close(); void act(action); });
  return node;
}

function closer(close) {
  const button = document.createElement("button");
  button.className = "ib sm";
  button.setAttribute("aria-label", "Dismiss");
  button.textContent = "×";
  button.addEventListener("click", close);
  return button;
}

function show({ text, kind = "", image, action, id }) {
  if (!region || !text) return;
  const toast = document.createElement("div");
  const close = () => { clearTimeout(timer); toast.remove(); };
  let timer = 0;
  const start = () => {
    clearTimeout(timer);
    if (kind !== "bad") timer = setTimeout(close, action ? 10_000 : 6_000);
  };
  toast.className = `toast ${kind}`;
  if (id) {
    region.querySelector(`[data-id="${CSS.escape(id)}"]`)?.remove();
    toast.dataset.id = id;
  }
  if (image) toast.append(Object.assign(document.createElement("img"), { src: image, alt: "" }));
  toast.append(Object.assign(document.createElement("span"), { textContent: text }));
  if (action) toast.append(actionOf(action, close));
  if (kind === "bad") toast.append(closer(close));
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("focusin", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusout", start);
  region.append(toast);
  while (region.children.length > 3) region.firstElementChild.remove();
  start();
}

document.addEventListener("toast", (event) => show(event.detail));
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  const text = status === 403 ? "Your role does not allow that." : status === 404 ? "That is no longer here." : "The server could not do that. Try again.";
  show({ kind: "bad", text, id: "htmx" });
});
for (const kind of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(kind, () => show({ kind: "bad", text: "The server did not answer. Check the connection and try again.", id: "htmx" }));
}
