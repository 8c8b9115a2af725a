// Clips and sounds. The stage: <div data-player data-fps><video|audio class="screen" controls> and a transport whose buttons say data-do;
// without script the browser's own controls stay. Space and K play, J and L shuttle, comma and period step a frame. In tiles:
// <a data-play="url" href="url"> plays a sound in place (one at a time), a[data-clip] shows its video, muted, while pointed at.

const still = matchMedia("(prefers-reduced-motion: reduce)");
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

function timecode(seconds, fps) {
  const frame = Math.round(seconds * fps);
  const [f, s] = [frame % Math.round(fps), Math.floor(frame / fps)];
  return `${String(Math.floor(s / 60)).padStart(2, "0")}:${String(s % 60).padStart(2, "0")}:${String(f).padStart(2, "0")}`;
}

function makePlayer(box) {
  const media = box.querySelector(".screen");
  const transport = box.querySelector(".transport");
  if (!media || !transport) return;
  const isVideo = media.matches("video");
  const fps = Number(box.dataset.fps) || 25;
  const seek = transport.querySelector(".seek");
  const time = transport.querySelector(".timecode");
  const button = (name) => transport.querySelector(`[data-do="${name}"]`);
  const played = box.querySelector(".wave .played");
  media.controls = false;
  let rewinding = 0;

  const stopRewind = () => { clearInterval(rewinding); rewinding = 0; };
  const toggle = () => {
    stopRewind();
    media.playbackRate = 1;
    if (media.paused) void media.play().catch(() => {});
    else media.pause();
  };
  const step = (frames) => {
    stopRewind();
    media.pause();
    media.currentTime = Math.min(media.duration || 0, Math.max(0, (Math.round(media.currentTime * fps) + frames + 0.01) / fps));
  };
  const acts = {
    play: toggle,
    faster() {
      stopRewind();
      if (media.paused) toggle();
      else media.playbackRate = Math.min(4, media.playbackRate * 2);
    },
    slower() {
      media.pause();
      if (rewinding) return;
      rewinding = setInterval(() => { media.currentTime = Math.max(0, media.currentTime - 0.1); }, 100);
    },
    "frame-back": () => step(-1),
    "frame-on": () => step(1),
    loop() {
      media.loop = !media.loop;
      button("loop").setAttribute("aria-pressed", String(media.loop));
    },
    full() {
      if (document.fullscreenElement) void document.exitFullscreen();
      else void box.requestFullscreen();
    },
    mute() { media.muted = !media.muted; },
  };
  transport.addEventListener("click", ({ target }) => acts[target.closest("[data-do]")?.dataset.do]?.());

  const draw = () => {
    const share = media.duration ? media.currentTime / media.duration : 0;
    if (document.activeElement !== seek || !media.paused) seek.value = String(Math.round(share * 1000));
    seek.style.setProperty("--p", share.toFixed(4));
    seek.setAttribute("aria-valuetext", `${clock(media.currentTime)} of ${clock(media.duration || 0)}`);
    played?.style.setProperty("--p", share.toFixed(4));
    time.textContent = isVideo ? timecode(media.currentTime, fps) : `${clock(media.currentTime)} / ${clock(media.duration || 0)}`;
    const on = !media.paused;
    button("play").toggleAttribute("data-on", on);
    button("play").setAttribute("aria-label", `${on ? "Pause" : "Play"} (K)`);
    button("mute").toggleAttribute("data-on", media.muted);
    button("mute").setAttribute("aria-pressed", String(media.muted));
    if (on) requestAnimationFrame(draw);
  };
  for (const kind of ["play", "pause", "timeupdate", "seeked", "loadedmetadata", "volumechange"]) media.addEventListener(kind, draw);
  seek.addEventListener("input", () => {
    stopRewind();
    media.currentTime = (seek.value / 1000) * (media.duration || 0);
  });
  media.addEventListener("click", toggle);
  box.querySelector(".wavebox")?.addEventListener("click", (event) => {
    const area = event.currentTarget.getBoundingClientRect();
    media.currentTime = ((event.clientX - area.left) / area.width) * (media.duration || 0);
  });
  media.addEventListener("error", () => {
    const note = document.createElement("p");
    note.className = "hint";
    note.textContent = "This browser cannot play this file. Download it to see it.";
    media.replaceWith(note);
    transport.hidden = true;
  });
  document.addEventListener("keydown", (event) => {
    const busy = event.target.closest?.("input, textarea, select, button, a, summary, [contenteditable]");
    if (event.key !== " " || busy || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    toggle();
  });
  draw();
}

document.querySelectorAll("[data-player]").forEach(makePlayer);

// Sounds in tiles.
const speaker = new Audio();
let pressed = null;
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
  pressed = button;
  button.dataset.name ||= button.getAttribute("aria-label");
  button.setAttribute("data-on", "");
  button.setAttribute("aria-label", "Pause");
  speaker.src = button.dataset.play;
  void speaker.play().catch(stop);
});

// Clips in tiles, while pointed at.
let wait = 0;
document.addEventListener("pointerover", ({ target, pointerType }) => {
  const link = target.closest?.(".shot")?.querySelector("a[data-clip]");
  if (!link || pointerType === "touch" || still.matches || link.querySelector("video")) return;
  clearTimeout(wait);
  wait = setTimeout(() => {
    const clip = document.createElement("video");
    Object.assign(clip, { muted: true, loop: true, playsInline: true, src: link.dataset.clip });
    clip.setAttribute("aria-hidden", "true");
    link.append(clip);
    void clip.play().catch(() => clip.remove());
    link.closest(".shot").addEventListener("pointerleave", () => clip.remove(), { once: true });
  }, 180);
  link.closest(".shot").addEventListener("pointerleave", () => clearTimeout(wait), { once: true });
});
