// The picker: a drawer from which a field gets files, people, voices or styles. <button data-picker="/picker/?tool=…&place=…"> opens it;
// on a page without a tool, data-picker-for names the .drop that gets the cards. What the field holds is ticked, and numbered in its order.
// Keys: arrows in the grid, Space ticks, Enter adds, P plays a sound, Esc closes and the focus goes back to the button.
// Beside it: picker-keys.js (moving about), picker-field.js (what was chosen goes into the field), picker-link.js (a pasted address).

const toast = (text) => document.dispatchEvent(new CustomEvent("toast", { detail: { kind: "bad", id: "picker", text } }));
let drawer = null; // The open <dialog>.
let field = null; // What it picks for: { zone } or { group }.
let chosen = new Map(); // In order: value -> its card for the field, or null for what the field holds already.
let held = [];
let coming = new Map(); // What only a service has: value -> { id, at, title }.
let asked = 0; // Answers of older questions are dropped.
let asking = new AbortController();

async function ask(address, options = {}) {
  const headers = { ...JSON.parse(document.body.getAttribute("hx-headers") || "{}"), "HX-Request": "true", "HX-Current-URL": location.href };
  const answer = await fetch(address, { headers, ...options });
  if (answer.headers.has("HX-Redirect")) location.assign(answer.headers.get("HX-Redirect"));
  return answer;
}

function parsed(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content;
}

const cardsOf = (zone) => [...zone.querySelectorAll(".thumb-card:not(.bad)")];
const valueOf = (card) => card.querySelector("input[type=hidden]")?.value;
const ticked = (group) => [...group.querySelectorAll("input:checked")].filter((input) => input.value);
const most = () => Number(drawer.dataset.most) - (field.zone ? field.zone.querySelectorAll(".thumb-card .meter").length : 0);
const many = () => Number(drawer.dataset.most) > 1;
const boxes = () => [...drawer.querySelectorAll(".pick-item input")];
const usable = () => boxes().filter((box) => !box.disabled);

async function open(button) {
  const box = button.closest(".field");
  const zone = button.dataset.pickerFor ? document.getElementById(button.dataset.pickerFor) : box.querySelector(".drop");
  field = zone ? { zone } : { group: box.querySelector("[role=radiogroup], [role=group]") };
  const address = new URL(button.dataset.picker, location.href);
  const offer = document.querySelector("#making [name=offer]:checked, #making input[type=hidden][name=offer]");
  if (offer) address.searchParams.set("offer", offer.value);
  button.setAttribute("aria-busy", "true");
  try {
    const answer = await ask(address);
    if (!answer.ok) throw new Error(String(answer.status));
    document.getElementById("picker")?.remove();
    drawer = parsed(await answer.text()).querySelector("dialog");
  } catch {
    toast("The library could not be read. Try again.");
    return;
  } finally {
    button.removeAttribute("aria-busy");
  }
  held = field.zone ? cardsOf(field.zone).map(valueOf).filter(Boolean) : ticked(field.group).map((input) => input.value);
  chosen = new Map(held.map((value) => [value, null]));
  coming = new Map();
  document.body.append(drawer);
  drawer.addEventListener("close", closed);
  fresh();
  drawer.showModal();
  (drawer.querySelector("#picker-url") ?? drawer.querySelector("[data-words]")).focus();
}

function closed() {
  asking.abort();
  drawer?.remove();
  drawer = null;
}

// What is ticked, its numbers, and the count below.
function sync() {
  const order = [...chosen.keys()];
  for (const box of boxes()) {
    const place = order.indexOf(box.value);
    box.checked = place >= 0;
    const item = box.closest(".pick-item");
    item.querySelector(".order").textContent = place >= 0 && many() ? String(place + 1) : "";
    item.classList.toggle("on", place >= 0);
    if (place >= 0 && many()) box.setAttribute("aria-description", `Number ${place + 1}${place ? "" : ", leads"}`);
    else box.removeAttribute("aria-description");
  }
  const added = order.filter((value) => !held.includes(value)).length;
  const changed = added || order.length !== held.length || order.some((value, index) => value !== held[index]);
  const button = drawer.querySelector("[data-add]");
  button.textContent = many() && added && added + held.length === order.length ? `Add ${added}` : many() && changed ? "Use these" : "Add";
  return changed;
}

function count(note = "") {
  const room = Number(drawer.dataset.most);
  const size = chosen.size;
  const text = many() ? `${size} of ${room} chosen${size > 1 ? ", first leads" : ""}` : size ? "1 chosen" : "Nothing chosen";
  drawer.querySelector("[data-count]").textContent = note ? `${text}. ${note}` : text;
}

// New items have come: the first one is reached by Tab, the others by arrows.
function fresh() {
  const all = usable();
  if (all.length && !all.some((box) => box.tabIndex === 0)) rove(all.find((box) => chosen.has(box.value)) ?? all[0], false);
  sync();
  count();
  const more = drawer.querySelector("[data-more]:not([data-by-hand])");
  if (more) watch.observe(more);
}

function rove(box, focus = true) {
  for (const other of drawer.querySelectorAll(".pick-item :is(input, .hear)")) other.tabIndex = -1;
  box.tabIndex = 0;
  const hear = box.closest(".pick-item").querySelector(".hear");
  if (hear) hear.tabIndex = 0;
  if (focus) box.focus();
}

function toggle(box) {
  const { value } = box;
  if (chosen.has(value) && many()) chosen.delete(value);
  else if (many() && chosen.size >= most()) {
    box.checked = false;
    count(most() < 1 ? "Wait for the uploads." : "Take one out first.");
    return;
  } else {
    if (!many()) chosen.clear();
    const card = box.closest(".pick-item").querySelector("template")?.content.querySelector(".thumb-card");
    chosen.set(value, held.includes(value) ? null : (card?.cloneNode(true) ?? null));
    if (box.dataset.bring) coming.set(value, { id: box.dataset.bring, at: place(), title: box.dataset.title });
  }
  sync();
  count();
}

// The page of a tab, and the next one. A service may take seconds: its place is shown meanwhile, and one can go on to another tab.
async function show(tab = current(), isNew = false) {
  const address = query(tab);
  const mine = ++asked;
  const shelf = drawer.querySelector("[data-shelf]");
  asking.abort();
  asking = new AbortController();
  shelf.setAttribute("aria-busy", "true");
  drawer.querySelector(".narrow").hidden = tab === "link";
  drawer.querySelector("[data-services]")?.toggleAttribute("hidden", tab !== "theirs");
  if (isNew && tab === "theirs" && place()) shelf.replaceChildren(waiting());
  const html = await read(address, asking.signal);
  if (mine !== asked || !drawer) return;
  shelf.removeAttribute("aria-busy");
  shelf.replaceChildren(html ?? parsed('<p class="none">This could not be read. Try again.</p>'));
  shelf.scrollTop = 0;
  fresh();
}

function waiting() {
  const list = Object.assign(document.createElement("ul"), { className: "picks waiting", ariaHidden: "true" });
  list.append(...Array.from({ length: 9 }, () => document.createElement("li")));
  return list;
}

async function read(address, signal) {
  try {
    const answer = await ask(address, { signal });
    return answer.ok ? parsed(await answer.text()) : null;
  } catch {
    return null;
  }
}

function query(tab) {
  const address = new URL(drawer.dataset.items, location.href);
  address.searchParams.set("tab", tab);
  const words = drawer.querySelector("[data-words]").value.trim();
  const kind = drawer.querySelector("[name=picker-kind]:checked")?.value;
  if (words) address.searchParams.set("q", words);
  if (kind) address.searchParams.set("kind", kind);
  if (tab === "theirs" && place()) address.searchParams.set("at", place());
  return address;
}

const place = () => drawer.querySelector("[name=picker-at]:checked, input[type=hidden][name=picker-at]")?.value ?? "";
const current = () => drawer.querySelector("[role=tab][aria-selected=true]")?.dataset.tab ?? drawer.dataset.tab;

async function more(button) {
  if (button.disabled) return;
  button.disabled = true;
  const address = query(current());
  address.searchParams.set("before", button.dataset.more);
  const mine = asked;
  const html = await read(address, asking.signal);
  if (mine !== asked || !drawer) return;
  if (!html) {
    button.disabled = false;
    return;
  }
  const focused = document.activeElement === button;
  const line = button.closest("li");
  const first = html.querySelector("input:not(:disabled)");
  line.replaceWith(html);
  if (focused && first) rove(first);
  fresh();
}

const watch = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    watch.unobserve(entry.target);
    more(entry.target);
  }
}, { rootMargin: "300px" });

function select(tab, focus = true) {
  for (const other of drawer.querySelectorAll("[role=tab]")) {
    other.setAttribute("aria-selected", String(other === tab));
    other.tabIndex = other === tab ? 0 : -1;
  }
  drawer.querySelector("[data-shelf]").setAttribute("aria-labelledby", tab.id);
  if (focus) tab.focus();
  tab.scrollIntoView({ block: "nearest", inline: "nearest" });
  show(tab.dataset.tab, true);
}

// Into the field.
async function add() {
  if (drawer.hasAttribute("aria-busy")) return;
  if (!sync()) {
    drawer.close();
    return;
  }
  const mine = drawer;
  if (!(await bring()) || drawer !== mine) return;
  const title = drawer.querySelector("h2").textContent;
  drawer.close();
  document.dispatchEvent(new CustomEvent("picker:chosen", { detail: { ...field, order: [...chosen], title } }));
}

// What only a service has comes into the library first. What cannot is unticked, with the reason below.
async function bring() {
  const queue = [...chosen.keys()].filter((value) => coming.has(value));
  if (!queue.length) return true;
  const mine = drawer;
  const button = mine.querySelector("[data-add]");
  const parts = [mine.querySelector(".look"), mine.querySelector("[data-shelf]")];
  const all = queue.length;
  const reasons = [];
  let done = 0;
  const told = () => { mine.querySelector("[data-count]").textContent = all > 1 ? `Bringing ${all} files into your library, ${done} done` : "Bringing it into your library"; };
  const worker = async () => {
    for (let value = queue.shift(); value; value = queue.shift()) {
      const reason = await bringOne(mine, value);
      if (reason) reasons.push(`${coming.get(value).title}: ${reason}`);
      if (reason) chosen.delete(value);
      done += 1;
      told();
    }
  };
  button.focus();
  for (const node of [mine, button]) node.setAttribute("aria-busy", "true");
  for (const part of parts) part.inert = true;
  told();
  await Promise.all([worker(), worker(), worker()]);
  for (const node of [mine, button]) node.removeAttribute("aria-busy");
  for (const part of parts) part.inert = false;
  if (drawer !== mine) return false;
  if (reasons.length) {
    fresh();
    count(reasons.length > 1 ? `${reasons[0]} And ${reasons.length - 1} more could not be brought.` : reasons[0]);
  }
  return !reasons.length;
}

async function bringOne(mine, value) {
  const { id, at } = coming.get(value);
  const body = new FormData();
  for (const [name, text] of new URL(mine.dataset.items, location.href).searchParams) body.append(name, text);
  body.append("at", at);
  body.append("id", id);
  try {
    const answer = await ask(mine.dataset.bringUrl, { method: "POST", body });
    if (answer.status === 422) return (await answer.json()).error;
    if (!answer.ok) return "it could not be brought. Try again.";
    const item = parsed(await answer.text()).querySelector("li");
    const box = item.querySelector("input");
    const card = item.querySelector("template").content.querySelector(".thumb-card").cloneNode(true);
    if (drawer === mine) chosen = new Map([...chosen].map((pair) => (pair[0] === value ? [box.value, held.includes(box.value) ? null : card] : pair)));
    [...mine.querySelectorAll(".pick-item input")].find((other) => other.value === value)?.closest("li").replaceWith(item);
    return "";
  } catch {
    return "the connection broke. Try again.";
  }
}

// A file that was fetched from a pasted address.
document.addEventListener("picker:fetched", ({ detail: { item } }) => {
  const box = item.querySelector("input");
  if (!chosen.has(box.value)) toggle(box);
  fresh();
  rove(box);
});

// Enter on a thing takes it and everything that is ticked; in the search it goes on to what was found. The other keys: picker-keys.js.
function onEnter(event) {
  const { target } = event;
  if (target.matches(".pick-item input")) {
    event.preventDefault();
    if (!sync()) toggle(target);
    add();
  } else if (target.matches("[data-words]")) {
    event.preventDefault();
    if (sync()) add();
    else (usable().find((box) => box.tabIndex === 0) ?? usable()[0])?.focus();
  }
}

let typing = 0;
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-picker]");
  if (button) {
    event.preventDefault();
    if (button.getAttribute("aria-busy") !== "true") open(button);
  }
  if (!drawer?.contains(event.target)) return;
  const tab = event.target.closest("[role=tab]");
  if (tab) select(tab);
  else if (event.target.closest("[data-add]")) add();
  else if (event.target.closest("[data-more]")) more(event.target.closest("[data-more]"));
  else if (event.target.closest("[data-again]")) show(current(), true);
});
document.addEventListener("dblclick", (event) => {
  if (!drawer?.contains(event.target) || many() || !event.target.closest(".pick-item label")) return;
  add();
});
document.addEventListener("keydown", (event) => {
  if (drawer?.contains(event.target) && event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.altKey) onEnter(event);
});
document.addEventListener("focusin", (event) => {
  if (drawer?.contains(event.target) && event.target.matches(".pick-item input")) rove(event.target, false);
});
document.addEventListener("change", (event) => {
  if (!drawer?.contains(event.target)) return;
  event.stopPropagation();
  if (event.target.matches(".pick-item input")) {
    rove(event.target, false);
    toggle(event.target);
  } else if (event.target.name === "picker-kind") show();
  else if (event.target.name === "picker-at") show(current(), true);
}, true);
document.addEventListener("input", (event) => {
  if (!drawer?.contains(event.target)) return;
  event.stopPropagation();
  if (event.target.type === "text" || event.target.type === "search") event.target.defaultValue = event.target.value; // Esc closes all the same.
  if (!event.target.matches("[data-words]")) return;
  clearTimeout(typing);
  typing = setTimeout(() => drawer && show(), current() === "theirs" && place() ? 500 : 200);
}, true);
