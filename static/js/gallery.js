// The gallery while it is open: what is new comes in at its place (or waits behind "3 new" when one has scrolled), empty days go, and
// coming back from an output's page finds the tile again, however far down it was.

const results = () => document.querySelector("[data-gallery]");
const wallOf = (day) => day.querySelector("[data-wall]") || day;
const tilesOf = (wall) => [...wall.children].filter((node) => node.matches("[data-output-id]"));
const uuid = (tile) => tile.dataset.outputId;
const waiting = new Map();

function address(extra) {
  const { url, query } = results().dataset;
  return `${url}?${query ? `${query}&` : ""}${extra}`;
}

async function ask(extra) {
  const answer = await fetch(address(extra), { headers: { "HX-Request": "true" } });
  if (!answer.ok) return [];
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  return [...holder.content.querySelectorAll("[data-day]")];
}

/** Put one tile where its id says: newest first, behind what is still being made. False where it is older than all that is loaded. */
function place(wall, tile) {
  const next = tilesOf(wall).find((other) => !other.hasAttribute("data-live") && uuid(other) < uuid(tile));
  const more = wall.querySelector(":scope > .more");
  if (tile.hasAttribute("data-live")) wall.prepend(tile);
  else if (next) next.before(tile);
  else if (more) return false;
  else wall.append(tile);
  return true;
}

function placeDay(day) {
  const days = [...document.querySelectorAll("#days [data-day]")];
  const same = days.find((other) => other.dataset.day === day.dataset.day);
  if (same) {
    for (const tile of tilesOf(wallOf(day)).reverse()) {
      if (!document.getElementById(tile.id) && place(wallOf(same), tile)) window.htmx.process(tile);
    }
    return;
  }
  const older = days.find((other) => other.dataset.day < day.dataset.day);
  if (older) older.before(day);
  else if (!document.querySelector("#days .more")) document.getElementById("days").append(day);
  else return;
  window.htmx.process(day);
}

function tidy() {
  for (const day of document.querySelectorAll("#days section[data-day]")) {
    const many = tilesOf(wallOf(day)).length;
    const label = day.querySelector("[data-day-count]");
    if (!many && !day.querySelector(".more")) day.remove();
    else if (label) label.textContent = `${many} output${many === 1 ? "" : "s"}`;
  }
  const tray = document.getElementById("tray");
  if (tray) tray.hidden = !tray.children.length;
  document.dispatchEvent(new CustomEvent("wall:refit"));
  if (document.getElementById("days") && !document.querySelector("#days [data-output-id]")) reload();
}

const reload = () => window.htmx.ajax("GET", address(""), { target: "#results", swap: "outerHTML" });

async function tray(id) {
  const list = document.getElementById("tray");
  const tile = document.getElementById(`tile-${id}`);
  if (!list || !tile?.hasAttribute("data-live") || document.getElementById(`tray-${id}`)) return;
  const answer = await fetch(`${tile.dataset.tileUrl.split("?")[0]}?on=tray`, { headers: { "HX-Request": "true" } });
  if (!answer.ok || document.getElementById(`tray-${id}`)) return;
  list.insertAdjacentHTML("afterbegin", await answer.text());
  if (list.firstElementChild) window.htmx.process(list.firstElementChild);
}

function insert(days) {
  days.forEach(placeDay);
  days.flatMap((day) => tilesOf(wallOf(day))).forEach((tile) => void tray(uuid(tile)));
  tidy();
}

const topmost = () => [...document.querySelectorAll("#days [data-output-id]")].map(uuid).sort().at(-1) || "";
const isScrolled = () => document.documentElement.scrollTop > 160;

async function arrived(ids) {
  if (!results() || results().hasAttribute("data-older")) return;
  if (!document.getElementById("days")) {
    void reload();
    return;
  }
  const unknown = ids.filter((id) => !document.getElementById(`tile-${id}`));
  if (!unknown.length) return;
  const newest = topmost();
  show(await ask(`new=${unknown.join(",")}`), newest);
}

function show(days, newest) {
  const tiles = days.flatMap((day) => tilesOf(wallOf(day)));
  if (!tiles.length) return;
  // What comes back from the trash goes to its old place at once; what is newer than all shown would shift what one looks at.
  if (!isScrolled() || tiles.every((tile) => uuid(tile) < newest)) {
    insert(days);
    return;
  }
  tiles.forEach((tile) => waiting.set(uuid(tile), tile));
  const pill = document.querySelector(".news");
  pill.hidden = false;
  pill.querySelector("span").textContent = `${waiting.size} new`;
  document.dispatchEvent(new CustomEvent("announce", { detail: `${waiting.size} new` }));
}

document.addEventListener("click", async (event) => {
  if (!event.target.closest?.("[data-news]")) return;
  const ids = [...waiting.keys()];
  waiting.clear();
  document.querySelector(".news").hidden = true;
  scrollTo({ top: 0 });
  insert(await ask(`new=${ids.join(",")}`));
  document.querySelector("#days .tile .pic, #days .tile a")?.focus({ preventScroll: true });
});

let batch = [];
let timer = 0;
function soon(ids) {
  batch.push(...ids);
  clearTimeout(timer);
  timer = setTimeout(() => {
    const all = [...new Set(batch)].slice(0, 60);
    batch = [];
    void arrived(all);
  }, 120);
}

document.addEventListener("backlot:output_new", ({ detail }) => soon([detail.subject]));
// With a filter of state, decision or star, a change can make an output belong here that was left out before.
document.addEventListener("backlot:output", ({ detail: { subject } }) => {
  if (!/[?&](state|decision|starred)=/.test(location.search)) return;
  const oldest = [...document.querySelectorAll("#days [data-output-id]")].map(uuid).sort()[0] || "";
  if (subject > oldest || !document.querySelector("#days .more")) soon([subject]);
});
document.addEventListener("outputs:restored", ({ detail }) => soon(detail.ids || []));
document.addEventListener("tiles:gone", tidy);
document.addEventListener("backlot:refresh", async () => {
  const newest = topmost();
  if (newest && results() && !results().hasAttribute("data-older")) show(await ask(`since=${newest}`), newest);
});

// A page that came in below may hold what was put in above meanwhile: the first one stays.
document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  detail.fragment?.querySelectorAll?.("[data-output-id]").forEach((tile) => document.getElementById(tile.id) && tile.remove());
});

// Back from an output's page: load as far down as one was, then focus that tile.
const KEY = "gallery-return";
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("#days .pic, #days .cap a.name, #days th a");
  if (!link) return;
  const id = uuid(link.closest("[data-output-id]"));
  sessionStorage.setItem(KEY, JSON.stringify({ id, opened: id, top: document.documentElement.scrollTop, query: results().dataset.query }));
});

async function comeBack() {
  const kept = sessionStorage.getItem(KEY);
  if (!kept || !results()) return;
  sessionStorage.removeItem(KEY);
  const { id, opened, top, query } = JSON.parse(kept);
  if (query !== results().dataset.query) return;
  for (let page = 0; page < 20 && !document.getElementById(`tile-${id}`); page += 1) {
    const more = document.getElementById("more");
    if (!more) return;
    await window.htmx.ajax("GET", more.getAttribute("hx-get"), { target: more, swap: "outerHTML" });
    await new Promise((done) => setTimeout(done, 30));
  }
  const tile = document.getElementById(`tile-${id}`);
  if (!tile) return;
  document.dispatchEvent(new CustomEvent("wall:refit"));
  if (id === opened) scrollTo({ top });
  const box = tile.getBoundingClientRect();
  if (box.top < 80 || box.bottom > innerHeight - 80) tile.scrollIntoView({ block: "center" });
  tile.querySelector(".pic, a")?.focus({ preventScroll: true });
}
addEventListener("load", () => void comeBack());
