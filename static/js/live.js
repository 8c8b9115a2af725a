// Clocks of live tiles. .timer[data-since=ISO] shows m:ss; a .meter[data-since][data-typical=seconds] moves towards 92 %;
// [data-late] beside them shows after 1.5 times the typical time. <html data-now=ISO> corrects a wrong local clock.

const skew = document.documentElement.dataset.now ? Date.parse(document.documentElement.dataset.now) - Date.now() : 0;
const seconds = (since) => Math.max(0, (Date.now() + skew - Date.parse(since)) / 1000);

function clock(total) {
  const whole = Math.floor(total);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, String(whole % 60).padStart(2, "0")];
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** 0 at the start, 0.8 at the typical time, never more than 0.92. */
const eased = (elapsed, typical) => (elapsed <= typical ? (0.8 * elapsed) / typical : 0.8 + 0.12 * (1 - Math.exp(-(elapsed - typical) / typical)));

function tick() {
  if (document.hidden) return;
  document.querySelectorAll(".timer[data-since]").forEach((node) => {
    const text = clock(seconds(node.dataset.since));
    if (node.textContent !== text) node.textContent = text;
  });
  document.querySelectorAll(".meter[data-since][data-typical]").forEach((node) => {
    const typical = Number(node.dataset.typical) || 10;
    const elapsed = seconds(node.dataset.since);
    const known = Number(node.dataset.progress || 0);
    const part = Math.max(known, eased(elapsed, typical));
    node.firstElementChild.style.setProperty("--p", part.toFixed(3));
    node.setAttribute("aria-valuenow", String(Math.round(part * 100)));
    const late = node.closest(".say, li")?.querySelector("[data-late]");
    if (late) late.hidden = elapsed < typical * 1.5;
  });
}

setInterval(tick, 1000);
document.addEventListener("htmx:afterSettle", tick);
document.addEventListener("visibilitychange", tick);
tick();

// Say once, politely: document.dispatchEvent(new CustomEvent("announce", {detail: "Monday, cancelled is ready"})).
document.addEventListener("announce", (event) => {
  const region = document.getElementById("live");
  if (region) region.textContent = typeof event.detail === "string" ? event.detail : (event.detail?.text ?? "");
});
