// "Use as…" on a card: it moves to another field of the form that takes the same kind of file. A field for one file gives its own in return.

const say = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: text }));
const zones = () => [...document.querySelectorAll(".drop[data-widget][data-name]")];
const cards = (zone) => [...zone.querySelectorAll(".thumb-card:not(.bad)")].filter((card) => card.querySelector("input[type=hidden]"));
const kindOf = (card) => ["image", "video", "audio"].find((kind) => card.classList.contains(kind));
const TAKES = { image: /^(image|photos|files)/, video: /^(video|files)/, audio: /^(audio|files)/ };
let menu = null;

const others = (card) => zones().filter((zone) => zone !== card.closest(".drop") && TAKES[kindOf(card)]?.test(zone.dataset.widget));

function offer() {
  for (const button of document.querySelectorAll(".drop .thumb-card [data-use-as]")) {
    button.hidden = !others(button.closest(".thumb-card")).length;
  }
}

function open(button) {
  shut();
  const card = button.closest(".thumb-card");
  menu = Object.assign(document.createElement("div"), { className: "use-menu", popover: "manual" });
  menu.setAttribute("role", "menu");
  menu.setAttribute("aria-label", "Use as");
  for (const zone of others(card)) {
    const item = Object.assign(document.createElement("button"), { type: "button", className: "item", textContent: zone.getAttribute("aria-label"), tabIndex: -1 });
    item.setAttribute("role", "menuitem");
    item.addEventListener("click", () => {
      shut();
      move(card, zone);
    });
    menu.append(item);
  }
  menu.opener = button;
  button.after(menu);
  menu.showPopover();
  const at = button.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${at.bottom + menu.offsetHeight + 8 > innerHeight ? Math.max(8, at.top - menu.offsetHeight - 4) : at.bottom + 4}px`;
  button.setAttribute("aria-expanded", "true");
  menu.firstElementChild.focus();
}

function shut(focus = false) {
  if (!menu) return;
  const { opener } = menu;
  menu.remove();
  menu = null;
  opener.setAttribute("aria-expanded", "false");
  if (focus) opener.focus();
}

function named(card, zone) {
  const input = card.querySelector("input[type=hidden]");
  input.name = zone.dataset.name;
  card.querySelector("[data-remove]").value = `remove:${zone.dataset.name}:${input.value}`;
}

function move(card, zone) {
  const from = card.closest(".drop");
  const [here, there] = [from, zone].map((each) => each.querySelector(".thumbs"));
  const value = card.querySelector("input[type=hidden]").value;
  const title = card.querySelector("[data-remove]").getAttribute("aria-label").replace(/^Take out /, "");
  const twin = cards(zone).find((other) => other.querySelector("input[type=hidden]").value === value);
  const full = !twin && zone.querySelectorAll(".thumb-card:not(.bad)").length >= Number(zone.dataset.max);
  if (full && (Number(zone.dataset.max) > 1 || !cards(zone).length)) {
    document.dispatchEvent(new CustomEvent("toast", { detail: { kind: "bad", id: "drop", text: `${zone.getAttribute("aria-label")} is full. Take one out first.` } }));
    card.focus();
    return;
  }
  twin?.remove();
  if (full) {
    const [old] = cards(zone);
    named(old, from);
    card.before(old);
  }
  named(card, zone);
  there.append(card);
  zone.closest("details")?.setAttribute("open", "");
  for (const list of [here, there]) list.dispatchEvent(new Event("change", { bubbles: true }));
  card.focus();
  say(`${title} is used as: ${zone.getAttribute("aria-label")}`);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-use-as]");
  if (button) {
    event.preventDefault();
    if (menu?.opener === button) shut(true);
    else open(button);
  } else if (menu && !menu.contains(event.target)) shut();
});
document.addEventListener("keydown", (event) => {
  if (!menu?.contains(event.target)) return;
  const items = [...menu.children];
  const to = { ArrowDown: items.indexOf(event.target) + 1, ArrowUp: items.indexOf(event.target) - 1, Home: 0, End: -1 }[event.key];
  if (to !== undefined) items.at(to % items.length).focus();
  else if (event.key === "Escape") shut(true);
  else if (event.key === "Tab") return shut();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);
document.addEventListener("change", offer);
document.addEventListener("htmx:afterSettle", offer);
offer();
