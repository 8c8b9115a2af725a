// <a data-play="url" href="url"> plays a sound in place, in a tile, a row or a choice: one at a time. Whatever else sounds on the page is silent
// meanwhile, and the other way round. Without script it is a link to the sound.

const speaker = new Audio();
let pressed = null;
document.addEventListener("play", ({ target }) => {
  if (target.muted) return;
  stop();
  document.querySelectorAll("video, audio").forEach((other) => other !== target && !other.muted && other.pause());
}, true);
function mark(button) {
  pressed = button;
  button.dataset.name ||= button.getAttribute("aria-label");
  button.setAttribute("data-on", "");
  button.setAttribute("aria-label", button.dataset.name.replace(/^Play/, "Pause"));
}
function stop() {
  speaker.pause();
  pressed?.removeAttribute("data-on");
  pressed?.setAttribute("aria-label", pressed.dataset.name);
  pressed = null;
}
speaker.addEventListener("ended", stop);
speaker.addEventListener("timeupdate", () => {
  const share = speaker.duration ? speaker.currentTime / speaker.duration : 0;
  pressed?.closest(".shot, [data-sound]")?.querySelector(".wave .played")?.style.setProperty("--p", share.toFixed(4));
});
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-play]");
  if (!button) return;
  event.preventDefault();
  const again = pressed === button;
  stop();
  if (again) return;
  document.querySelectorAll("video, audio").forEach((other) => !other.muted && other.pause());
  mark(button);
  if (speaker.getAttribute("src") !== button.dataset.play) speaker.src = button.dataset.play;
  speaker.play().catch((error) => {
    if (error.name === "AbortError") return;
    stop();
    const text = "This browser cannot play that sound. Download it, and open it with another player.";
    document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind: "bad", id: "sound" } }));
  });
});
// A tile that was drawn anew while it sounded goes on with the new button.
document.addEventListener("htmx:load", ({ detail }) => {
  if (!pressed || pressed.isConnected) return;
  const same = [...detail.elt.querySelectorAll("[data-play]")].find((node) => node.dataset.play === pressed.dataset.play);
  if (same) mark(same);
});
