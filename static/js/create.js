// The tool's form: faults shown at their fields, product photos by one click, the draft of this tab, brands narrowed by typing.

const form = document.getElementById("making");
const elsewhere = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: text }));

document.querySelectorAll("[data-without-script]").forEach((node) => { node.hidden = true; });

// Faults. The server sends sentences into the fields' slots; the fields say that they are wrong.
function mark() {
  form.querySelectorAll("[data-slot]").forEach((slot) => {
    const field = document.getElementById(slot.dataset.slot);
    if (slot.querySelector(".error:not([hidden])")) {
      field?.setAttribute("aria-invalid", "true");
      field?.closest("details")?.setAttribute("open", "");
    } else field?.removeAttribute("aria-invalid");
  });
}

document.addEventListener("create:refused", () => {
  mark();
  document.querySelector("#problems .banner")?.focus();
});

document.addEventListener("create:accepted", () => {
  mark();
  forget();
  const strip = document.getElementById("strip");
  const first = strip.firstElementChild;
  if (!first) return;
  const { top, bottom } = first.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) first.scrollIntoView({ block: "nearest" });
  elsewhere("Generating. Results appear below the summary.");
});

// A choice that was wrong is right again once something else is chosen.
form.addEventListener("change", (event) => {
  const group = event.target.closest('[role="radiogroup"], [role="group"].choices, .drop');
  const slot = group?.id && document.getElementById(`${group.id}-error`);
  if (slot?.firstElementChild) {
    slot.replaceChildren();
    group.removeAttribute("aria-invalid");
  }
});

// The buttons that submit stand beside the form; while it is on its way they say so, also those that come with a new summary.
let isBusy = false;
function busy(on) {
  isBusy = on;
  document.querySelectorAll("button[form=making][data-busy]").forEach((button) => {
    button.style.minWidth = on ? `${button.offsetWidth}px` : "";
    if (on) button.setAttribute("aria-busy", "true");
    else button.removeAttribute("aria-busy");
  });
}
document.addEventListener("htmx:oobAfterSwap", () => { if (isBusy) busy(true); });
// What was ticked or unticked since an answer was asked for stays so: the next answer will know of it.
document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  for (const box of detail.fragment.querySelectorAll("input[type=checkbox][id]")) {
    const now = detail.target.querySelector(`#${CSS.escape(box.id)}`);
    if (now) box.checked = now.checked;
  }
});
// A picture that is still on its way belongs to the ad: submitting waits for it, and stops where it is refused.
let holding = null;
form.addEventListener("htmx:confirm", (event) => {
  const uploading = () => form.querySelector(".thumb-card .meter");
  if (event.target !== form || !uploading()) return;
  event.preventDefault();
  if (holding) return;
  const refused = () => form.querySelectorAll(".thumb-card.bad").length;
  const before = refused();
  holding = new MutationObserver(() => {
    if (uploading()) return;
    holding.disconnect();
    holding = null;
    busy(false);
    if (refused() === before) event.detail.issueRequest(true);
  });
  holding.observe(form, { childList: true, subtree: true });
  busy(true);
});
// Whoever cancels a picture has not said that the ad should be made without it.
form.addEventListener("drop:canceled", () => {
  if (!holding) return;
  holding.disconnect();
  holding = null;
  busy(false);
});
form.addEventListener("htmx:beforeRequest", (event) => { if (event.target === form) busy(true); });
form.addEventListener("htmx:afterRequest", (event) => { if (event.target === form) busy(false); });

// A link to a field takes the focus to the control itself.
document.addEventListener("click", (event) => {
  const link = event.target.closest("#problems a[href^='#']");
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  const control = target.matches("input, textarea") ? target : (target.querySelector("input:checked:not([type=hidden]), input:not([type=hidden])") ?? target);
  control.focus();
  target.scrollIntoView({ block: "center" });
});

// Product photos: the button carries its own card.
function offerPhotos() {
  const used = new Set([...form.querySelectorAll(".thumbs input[type=hidden]")].map((input) => input.value));
  form.querySelectorAll("[data-add-photo]").forEach((button) => { button.hidden = used.has(button.dataset.addPhoto); });
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add-photo]");
  if (!button) return;
  event.preventDefault();
  const zone = button.closest(".field").querySelector(".drop");
  const list = zone.querySelector(".thumbs");
  const max = Number(zone.dataset.max);
  if (list.querySelectorAll(".thumb-card:not(.bad)").length >= max) {
    document.dispatchEvent(new CustomEvent("toast", { detail: { kind: "bad", id: "drop", text: `At most ${max} pictures. Take one out first.` } }));
    return;
  }
  const card = button.querySelector("template").content.querySelector(".thumb-card").cloneNode(true);
  Object.assign(card, { tabIndex: 0, draggable: true });
  list.append(card);
  list.dispatchEvent(new Event("change", { bubbles: true }));
  elsewhere(`${button.textContent.trim()} added`);
  const next = [...form.querySelectorAll("[data-add-photo]")].find((other) => !other.hidden);
  (next ?? card).focus();
});
form.addEventListener("change", offerPhotos);
document.addEventListener("htmx:afterSettle", offerPhotos);
offerPhotos();

// Brands: more than a dozen can be narrowed by typing.
document.addEventListener("input", (event) => {
  const list = event.target.dataset?.narrow && document.getElementById(event.target.dataset.narrow);
  if (!list) return;
  event.stopImmediatePropagation();
  const wanted = event.target.value.trim().toLowerCase();
  list.querySelectorAll(".pick-brand").forEach((card) => {
    card.hidden = !card.querySelector(":checked") && !card.textContent.toLowerCase().includes(wanted);
  });
}, true);
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("[data-narrow]")) event.preventDefault();
});

// The draft of this tab. It comes back on the empty form only: what the server filled in is never written over.
let waiting = 0;
const key = `draft:${form.dataset.draft}`;
const KEPT = "input[type=text], input:not([type]), textarea, select, input[type=radio], input[type=checkbox]";
const controls = () => [...form.querySelectorAll(KEPT)].filter((node) => node.name && !["shown", "agreed"].includes(node.name));
const zones = () => [...form.querySelectorAll(".drop[data-name]")];
const offer = () => form.querySelector("[name=offer]:checked")?.value ?? "";

function keep() {
  clearTimeout(waiting);
  waiting = 0;
  const draft = controls().map((node) => (/radio|checkbox/.test(node.type) ? [node.name, node.value, node.checked] : [node.name, node.value]));
  const cards = zones().map((zone) => [
    zone.dataset.name,
    [...zone.querySelectorAll(".thumb-card")].filter((card) => card.querySelector("input[type=hidden]")).map((card) => card.outerHTML),
  ]);
  sessionStorage.setItem(key, JSON.stringify({ draft, cards, offer: offer() }));
}
function forget() {
  clearTimeout(waiting);
  waiting = 0;
  sessionStorage.removeItem(key);
}
function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "null");
  } catch {
    forget();
    return null;
  }
}
// A draft of another offer has other fields: they are asked for first.
let drafted = null;
function bringBack() {
  const kept = stored();
  if (!kept || !Array.isArray(kept.draft) || "filled" in form.dataset) return;
  const radio = [...form.querySelectorAll("[name=offer]:not(:disabled)")].find((node) => node.value === kept.offer);
  if (radio && !radio.checked) {
    drafted = kept;
    radio.checked = true;
    radio.closest("details")?.setAttribute("open", "");
    addEventListener("load", () => radio.dispatchEvent(new Event("change", { bubbles: true })), { once: true });
    return;
  }
  putBack(kept);
}
function putBack(kept) {
  let changed = false;
  for (const [name, value, checked] of kept.draft) {
    if (name === "offer") continue;
    for (const node of controls().filter((each) => each.name === name)) {
      if (/radio|checkbox/.test(node.type)) {
        if (node.value === value && node.checked !== checked) {
          node.checked = checked;
          changed = true;
        }
      } else if (node.value !== value && (node.tagName === "SELECT" || node.value === node.defaultValue)) {
        node.value = value;
        node.closest("details")?.setAttribute("open", "");
        node.dispatchEvent(new Event("input", { bubbles: true }));
        changed = true;
      }
    }
  }
  for (const [name, cards] of kept.cards ?? []) {
    const list = zones().find((zone) => zone.dataset.name === name)?.querySelector(".thumbs");
    if (!list || list.firstElementChild || !cards?.length) continue;
    const holder = document.createElement("template");
    holder.innerHTML = cards.join("");
    list.append(holder.content);
    list.closest("details")?.setAttribute("open", "");
    changed = true;
  }
  if (!changed) return;
  document.getElementById("draft-note").hidden = false;
  form.dispatchEvent(new Event("change", { bubbles: true }));
  const brand = form.querySelector(".pick-brand :checked");
  brand?.dispatchEvent(new Event("change", { bubbles: true }));
}
// What is typed while another model's fields are on their way goes into them.
const typed = () => new Map(controls().filter((node) => node.closest("#derived") && node.type !== "checkbox" && (node.type !== "radio" || node.checked)).map((node) => [node.name, node.value]));
let asked = null;
let meanwhile = [];
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.target.id === "derived") asked = typed();
});
// A preview of the fields before would answer to fields that are gone; the new ones ask for theirs.
const dropPreview = () => document.getElementById("preview")?.dispatchEvent(new CustomEvent("htmx:abort", { bubbles: true, detail: {} }));
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id !== "derived") return;
  dropPreview();
  if (asked) meanwhile = [...typed()].filter(([name, value]) => asked.get(name) !== value);
});
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id !== "derived") return;
  for (const [name, value] of meanwhile) {
    for (const node of controls().filter((each) => each.name === name)) {
      if (node.type === "radio") node.checked = node.value === value;
      else node.value = value;
    }
  }
  [asked, meanwhile] = [null, []];
});

document.addEventListener("create:derived", () => {
  mark();
  if (drafted) {
    const kept = drafted;
    drafted = null;
    putBack(kept);
  } else form.dispatchEvent(new Event("change", { bubbles: true }));
});
for (const kind of ["input", "change"]) {
  form.addEventListener(kind, () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, 300);
  });
}
addEventListener("pagehide", () => { if (waiting) keep(); });
document.querySelector("[data-start-over]")?.addEventListener("click", forget);
bringBack();
