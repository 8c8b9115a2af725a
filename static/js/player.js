// Clips and sounds. The stage: <div data-player data-fps><video|audio class="screen" controls> and a transport whose buttons say data-do;
// without script the browser's own controls stay. Space and K play, J and L shuttle, comma and period step a frame. In tiles
// a[data-clip] shows its video, muted, while pointed at; one with a[data-sprite] is scrub.js's.

const still = matchMedia("(prefers-reduced-motion: reduce)");
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

const two = (number) => String(number).padStart(2, "0");

/** `MM:SS:FF`, with hours in front where there are any. 29.97 counts 30 frames a second, as editing programs do. */
function timecode(frame, fps) {
  const [f, s] = [frame % Math.round(fps), Math.floor(frame / Math.round(fps))];
  const hours = Math.floor(s / 3600);
  return `${hours ? `${two(hours)}:` : ""}${two(Math.floor(s / 60) % 60)}:${two(s % 60)}:${two(f)}`;
}

/** A clip's or sound's own sentence in place of it: the file is of a kind that this browser cannot play, or it did not arrive. */
async function refuse(box, media, transport) {
  const note = box.querySelector(".unplayable");
  if (!note || !note.hidden) return;
  const there = await fetch(media.currentSrc || media.src, { method: "HEAD" }).then((answer) => answer.ok, () => false);
  note.querySelectorAll("[data-unplayable]").forEach((node) => { node.hidden = (node.dataset.unplayable === "file") !== there; });
  media.hidden = true;
  transport.hidden = true;
  note.hidden = false;
}

function makePlayer(box) {
  const media = box.querySelector(".screen");
  const transport = box.querySelector(".transport");
  if (!media || !transport) return;
  const isVideo = media.matches("video");
  const fps = Number(box.dataset.fps) || 25;
  const seek = transport.querySelector(".seek");
  const time = transport.querySelector(".timecode");
  const count = transport.querySelector(".frameno");
  const button = (name) => transport.querySelector(`[data-do="${name}"]`);
  media.controls = false;
  let rewinding = 0;
  let backwards = 0;

  const lastFrame = () => Math.max(0, Math.ceil((media.duration || 0) * fps - 0.5) - 1);
  const frameNow = () => Math.min(lastFrame(), Math.max(0, Math.floor(media.currentTime * fps + 0.001)));
  const stopRewind = () => { clearInterval(rewinding); rewinding = 0; backwards = 0; };
  const toggle = () => {
    stopRewind();
    media.playbackRate = 1;
    if (media.paused) void media.play().catch(() => {});
    else media.pause();
  };
  const step = (frames) => {
    stopRewind();
    media.pause();
    // The middle of a frame: however its container rounds times, that one is drawn.
    media.currentTime = (Math.min(lastFrame(), Math.max(0, frameNow() + frames)) + 0.5) / fps;
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
      backwards = Math.min(4, backwards * 2 || 1);
      rewinding ||= setInterval(() => {
        media.currentTime = Math.max(0, media.currentTime - 0.1 * backwards);
        if (media.currentTime === 0) stopRewind();
      }, 100);
    },
    "frame-back": () => step(-1),
    "frame-on": () => step(1),
    loop() {
      media.loop = !media.loop;
      button("loop").setAttribute("aria-pressed", String(media.loop));
    },
    full() {
      if (document.fullscreenElement) void document.exitFullscreen();
      else if (box.requestFullscreen) void box.requestFullscreen();
      else media.webkitEnterFullscreen?.(); // A phone whose browser shows nothing but films full screen.
    },
    mute() { media.muted = !media.muted; },
  };
  transport.addEventListener("click", ({ target }) => acts[target.closest("[data-do]")?.dataset.do]?.());

  // While it plays, what is drawn runs a frame behind or before its clock: a pause settles the clock on the frame that is seen.
  let seen = 0;
  const watch = (_, { mediaTime }) => {
    seen = mediaTime;
    media.requestVideoFrameCallback(watch);
  };
  if (isVideo && media.requestVideoFrameCallback) {
    media.requestVideoFrameCallback(watch);
    media.addEventListener("pause", () => {
      const frame = Math.floor(seen * fps + 0.001);
      if (!media.ended && !media.seeking && Math.abs(frame - frameNow()) < 3) media.currentTime = (Math.min(lastFrame(), frame) + 0.5) / fps;
    });
  }

  const draw = () => {
    const share = media.duration ? media.currentTime / media.duration : 0;
    if (document.activeElement !== seek || !media.paused) seek.value = String(Math.round(share * 1000));
    seek.style.setProperty("--p", share.toFixed(4));
    seek.setAttribute("aria-valuetext", `${clock(media.currentTime)} of ${clock(media.duration || 0)}`);
    box.querySelector(".wave .played")?.style.setProperty("--p", share.toFixed(4));
    if (count) count.textContent = `${Number(fps.toFixed(2))} fps, frame ${frameNow()}`;
    time.textContent = isVideo ? timecode(frameNow(), fps) : `${clock(media.currentTime)} / ${clock(media.duration || 0)}`;
    const on = !media.paused;
    button("play").toggleAttribute("data-on", on);
    button("play").setAttribute("aria-label", `${on ? "Pause" : "Play"} (K)`);
    button("mute").toggleAttribute("data-on", media.muted);
    button("mute").setAttribute("aria-pressed", String(media.muted));
    button("faster")?.setAttribute("aria-label", on && media.playbackRate > 1 ? `${media.playbackRate} times as fast (L)` : "Faster (L)");
    if (on) requestAnimationFrame(draw);
  };
  for (const kind of ["play", "pause", "timeupdate", "seeked", "loadedmetadata", "volumechange", "ratechange"]) media.addEventListener(kind, draw);
  seek.addEventListener("input", () => {
    stopRewind();
    media.currentTime = (seek.value / 1000) * (media.duration || 0);
  });
  // The slider moves by seconds, not by thousandths, and its arrows do not turn the page.
  seek.addEventListener("keydown", (event) => {
    const seconds = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -Infinity, End: Infinity }[event.key];
    if (seconds === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    stopRewind();
    media.currentTime = Math.min(media.duration || 0, Math.max(0, media.currentTime + seconds));
  });
  media.addEventListener("click", toggle);
  box.querySelector(".wavebox")?.addEventListener("click", (event) => {
    const area = event.currentTarget.getBoundingClientRect();
    media.currentTime = ((event.clientX - area.left) / area.width) * (media.duration || 0);
  });
  const fail = () => void refuse(box, media, transport);
  media.addEventListener("error", fail);
  media.addEventListener("loadedmetadata", () => isVideo && !media.videoWidth && fail());
  if (media.error || (isVideo && media.readyState && !media.videoWidth)) fail();
  document.addEventListener("keydown", (event) => {
    const busy = event.target.closest?.("input, textarea, select, button, a, summary, [contenteditable]");
    if (event.key !== " " || busy || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    toggle();
  });
  draw();
}

document.querySelectorAll("[data-player]").forEach(makePlayer);

// The waveform of a sound whose page was there before it.
document.addEventListener("backlot:asset", async ({ detail }) => {
  const box = document.querySelector(`[data-bare-wave="${CSS.escape(detail.subject)}"]`);
  if (!box) return;
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const drawn = page.querySelector(".wavebox:not([data-bare-wave]) > .wave");
  if (!drawn) return;
  box.removeAttribute("data-bare-wave");
  box.replaceChildren(drawn);
});

// Clips in tiles without such frames play while pointed at.
let wait = 0;
document.addEventListener("pointerover", ({ target, pointerType }) => {
  const link = target.closest?.(".shot")?.querySelector("a[data-clip]");
  if (!link || pointerType === "touch" || still.matches || navigator.connection?.saveData || link.querySelector("video")) return;
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
