// The picker: a drawer from which a field gets files, people, voices or styles. <button data-picker="/picker/?tool=…&place=…"> opens it;
// on a page without a tool, data-picker-for names the .drop that gets the cards. What the field holds is ticked, and numbered in its order.
// Keys: arrows in the grid, Space ticks, Enter adds, P plays a sound, Esc closes and the focus goes back to the button.

const say = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: text }));
const toast = (text) => document.dispatchEvent(new CustomEvent("toast", { detail: { kind: "bad", id: "picker", text } }));
const sound = new Audio();
let drawer = null; // The open <dialog>.
let field = null; // What it picks for: { zone } or { group }.
let chosen = new Map(); // In order: value -> its card for the field, or null for what the field holds already.
let held = [];
let asked = 0; // Answers of older questions are dropped.

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
  document.body.append(drawer);
  drawer.addEventListener("close", closed);
  fresh();
  drawer.showModal();
  (drawer.querySelector("#picker-url") ?? drawer.querySelector("[data-words]")).focus();
}

function closed() {
  sound.pause();
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
  const more = drawer.querySelector("[data-more]");
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
  }
  sync();
  count();
}

// The page of a tab, and the next one.
async function show(tab = current()) {
  const address = query(tab);
  const mine = ++asked;
  const shelf = drawer.querySelector("[data-shelf]");
  shelf.setAttribute("aria-busy", "true");
  const html = await read(address);
  if (mine !== asked || !drawer) return;
  shelf.removeAttribute("aria-busy");
  shelf.replaceChildren(html ?? parsed('<p class="none">This could not be read. Try again.</p>'));
  shelf.scrollTop = 0;
  drawer.querySelector(".narrow").hidden = tab === "link";
  fresh();
}

async function read(address) {
  try {
    const answer = await ask(address);
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
  return address;
}

const current = () => drawer.querySelector("[role=tab][aria-selected=true]")?.dataset.tab ?? drawer.dataset.tab;

async function more(button) {
  if (button.disabled) return;
  button.disabled = true;
  const address = query(current());
  address.searchParams.set("before", button.dataset.more);
  const mine = asked;
  const html = await read(address);
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
  show(tab.dataset.tab);
}

// Into the field.
async function add() {
  if (!sync()) {
    drawer.close();
    return;
  }
  const order = [...chosen];
  const { zone, group } = field;
  const title = drawer.querySelector("h2").textContent;
  drawer.close();
  if (zone) fill(zone, order);
  else await tick(group, order.map(([value]) => value));
  say(`${title}: ${order.length === 1 ? "1 chosen" : `${order.length} chosen`}`);
}

function fill(zone, order) {
  const list = zone.querySelector(".thumbs");
  const known = new Map(cardsOf(zone).map((card) => [valueOf(card), card]));
  const rest = [...list.children].filter((card) => !known.has(valueOf(card)) || !valueOf(card));
  list.replaceChildren(...order.map(([value, card]) => known.get(value) ?? card).filter(Boolean), ...rest);
  list.dispatchEvent(new Event("change", { bubbles: true }));
}

async function tick(group, values) {
  const inputs = () => [...group.querySelectorAll("input[type=radio], input[type=checkbox]")];
  if (values.some((value) => !inputs().some((input) => input.value === value))) {
    const address = new URL(group.dataset.things, location.href);
    for (const value of values) address.searchParams.append(group.dataset.name, value);
    const offer = document.querySelector("#making [name=offer]:checked, #making input[type=hidden][name=offer]");
    if (offer) address.searchParams.set("offer", offer.value);
    const html = await read(address);
    if (!html) {
      toast("The choice could not be taken over. Try again.");
      return;
    }
    group.querySelector(".things").replaceWith(html);
  }
  for (const input of inputs()) input.checked = values.includes(input.value) || (!values.length && !input.value);
  inputs()[0]?.dispatchEvent(new Event("change", { bubbles: true }));
}

// A pasted address.
async function fetchLink(form) {
  const input = form.querySelector("input");
  const error = form.querySelector("[role=alert]");
  const button = form.querySelector("[data-fetch]");
  if (button.getAttribute("aria-busy") === "true") return;
  error.replaceChildren();
  input.removeAttribute("aria-invalid");
  button.setAttribute("aria-busy", "true");
  const body = new FormData();
  for (const [name, value] of new URLSearchParams(form.dataset.asked)) body.append(name, value);
  body.append("url", input.value);
  body.append("for", "picker");
  let sentence = "It could not be fetched. Try again.";
  try {
    const answer = await ask(form.dataset.link, { method: "POST", body });
    if (answer.ok) {
      const item = parsed(await answer.text()).querySelector("li");
      const box = item.querySelector("input");
      const list = form.querySelector("[data-picks]");
      boxes().find((other) => other.value === box.value)?.closest("li").remove();
      list.prepend(item);
      input.value = "";
      if (!chosen.has(box.value)) toggle(box);
      fresh();
      rove(box);
      return;
    }
    if (answer.status === 422) sentence = (await answer.json()).error;
  } catch {
    sentence = "The connection broke. Try again.";
  } finally {
    button.removeAttribute("aria-busy");
  }
  if (!drawer) return;
  const words = Object.assign(document.createElement("p"), { className: "error", textContent: sentence });
  error.replaceChildren(words);
  input.setAttribute("aria-invalid", "true");
  input.focus();
}

function hear(button) {
  const playing = button.getAttribute("aria-pressed") === "true";
  drawer.querySelectorAll(".hear").forEach((other) => other.setAttribute("aria-pressed", "false"));
  sound.pause();
  if (playing) return;
  if (sound.getAttribute("src") !== button.dataset.hear) sound.src = button.dataset.hear;
  button.setAttribute("aria-pressed", "true");
  sound.onended = () => button.setAttribute("aria-pressed", "false");
  sound.play().catch(() => {
    button.setAttribute("aria-pressed", "false");
    count("This sound cannot be played.");
  });
}

// The next box in a direction: by what is seen, since rows differ in width.
function neighbour(box, key) {
  const all = usable();
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

function onKey(event) {
  const { target, key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (key === "Escape" && !(target.matches("[data-words]") && target.value)) {
    event.preventDefault();
    event.stopPropagation();
    drawer.close();
    return;
  }
  const arrow = /^(Arrow(Left|Right|Up|Down)|Home|End)$/.test(key);
  if (target.matches("[role=tab]") && /^(Arrow(Left|Right)|Home|End)$/.test(key)) {
    event.preventDefault();
    const all = [...drawer.querySelectorAll("[role=tab]")];
    const step = key === "ArrowRight" ? 1 : -1;
    select(key === "Home" ? all[0] : key === "End" ? all.at(-1) : all[(all.indexOf(target) + step + all.length) % all.length]);
  } else if (target.matches(".pick-item input")) {
    if (arrow) {
      event.preventDefault();
      const next = neighbour(target, key);
      if (next) rove(next);
      else if (key === "ArrowUp") drawer.querySelector("[data-words]").focus();
      else if (/Right|Down|End/.test(key)) drawer.querySelector("[data-more]")?.click();
    } else if (key === "Enter") {
      event.preventDefault();
      if (!sync()) toggle(target);
      add();
    } else if (key === "p" || key === "P") target.closest("li").querySelector(".hear")?.click();
  } else if (target.matches("[data-words]")) {
    if (key === "ArrowDown" || key === "Enter") {
      event.preventDefault();
      if (key === "Enter" && sync()) add();
      else (usable().find((box) => box.tabIndex === 0) ?? usable()[0])?.focus();
    }
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
  else if (event.target.closest(".hear")) hear(event.target.closest(".hear"));
});
document.addEventListener("dblclick", (event) => {
  if (!drawer?.contains(event.target) || many() || !event.target.closest(".pick-item label")) return;
  add();
});
document.addEventListener("keydown", (event) => {
  if (drawer?.contains(event.target)) onKey(event);
});
document.addEventListener("submit", (event) => {
  if (!drawer?.contains(event.target)) return;
  event.preventDefault();
  fetchLink(event.target);
});
document.addEventListener("change", (event) => {
  if (!drawer?.contains(event.target)) return;
  event.stopPropagation();
  if (event.target.matches(".pick-item input")) {
    rove(event.target, false);
    toggle(event.target);
  } else if (event.target.name === "picker-kind") show();
}, true);
document.addEventListener("input", (event) => {
  if (!drawer?.contains(event.target)) return;
  event.stopPropagation();
  if (event.target.type === "text" || event.target.type === "search") event.target.defaultValue = event.target.value; // Esc closes all the same.
  if (!event.target.matches("[data-words]")) return;
  clearTimeout(typing);
  typing = setTimeout(() => drawer && show(), 200);
}, true);

// Lists of people, voices and styles fold to a few: the drawer has them all.
const fold = () => document.querySelectorAll(".thing-group[data-things]").forEach((group) => group.closest(".field").classList.add("folds"));
document.addEventListener("htmx:afterSettle", fold);
fold();
