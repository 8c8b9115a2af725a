// The pages of voices: what was made here is listed as soon as it is there; a refused form says so; the search keeps the other filters.

const results = () => document.getElementById("voice-results");
const under = new Set();

// A tile that was being made and now is not: the list has one voice more.
document.addEventListener("htmx:load", ({ detail }) => {
  const tile = detail.elt;
  if (!tile.matches?.("#strip > .tile")) return;
  if (tile.hasAttribute("data-live")) under.add(tile.id);
  else if (under.delete(tile.id) && !tile.dataset.state && results()) {
    void window.htmx.ajax("GET", location.pathname + location.search, { source: results(), target: "#voice-results", swap: "outerHTML" });
  }
});
document.querySelectorAll("#strip > .tile[data-live]").forEach((tile) => under.add(tile.id));

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const panel = detail.target?.closest?.("#voice-panel, #say-form") ?? document.querySelector("#voice-panel, #say-form");
  panel?.querySelectorAll("[data-with-script]").forEach((node) => { node.hidden = false; });
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (!["voice-panel", "say-form"].includes(detail.target?.id)) return;
  const fresh = document.getElementById(detail.target.id);
  if (detail.xhr.status === 422) {
    fresh.querySelector("[role=alert][tabindex]")?.focus();
    return;
  }
  const tile = document.querySelector("#strip > .tile");
  const text = tile ? "Sent. The result appears below." : "";
  if (!text) return;
  document.dispatchEvent(new CustomEvent("announce", { detail: text }));
  const box = tile.getBoundingClientRect();
  if (box.top < 0 || box.bottom > innerHeight) tile.scrollIntoView({ block: "nearest" });
  tile.querySelector(".name")?.focus({ preventScroll: true });
});

// A sample that nobody had listened to was measured: its row shows how it looks, without a word of it being drawn anew.
document.addEventListener("backlot:sound", async ({ detail }) => {
  const row = document.querySelector(`[data-unheard="${CSS.escape(detail.subject)}"]`);
  if (!row) return;
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const fresh = page.getElementById(row.id);
  if (!fresh || fresh.hasAttribute("data-unheard")) return;
  row.removeAttribute("data-unheard");
  for (const part of [".line", ".length"]) row.querySelector(part).replaceChildren(...fresh.querySelector(part).childNodes);
});

// The search is part of the address with everything else that is chosen.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (!detail.elt.matches?.("form[role=search]")) return;
  for (const [key, value] of new URLSearchParams(location.search)) {
    if (!["q", "after"].includes(key) && !(key in detail.parameters)) detail.parameters[key] = value;
  }
  if (!detail.parameters.q) delete detail.parameters.q;
});
