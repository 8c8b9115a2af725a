// Clips in tiles and in the picker, looked through with the pointer: their frames lie side by side, from the beginning at the left to the end.

const still = matchMedia("(prefers-reduced-motion: reduce)");

document.addEventListener("pointerover", ({ target, clientX, pointerType }) => {
  const shot = target.closest?.(".shot, .pick-item");
  const film = shot?.querySelector("[data-sprite]");
  if (!film || pointerType === "touch" || still.matches || film.querySelector(".scrub")) return;
  const frames = Number(film.dataset.frames);
  const scrub = Object.assign(document.createElement("span"), { className: "scrub", hidden: true });
  const move = (event) => {
    const area = film.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - area.left) / area.width));
    scrub.style.setProperty("--p", share.toFixed(4));
    scrub.style.setProperty("--frame", String(Math.min(frames - 1, Math.floor(share * frames))));
  };
  const strip = new Image();
  strip.addEventListener("load", () => { scrub.hidden = false; });
  strip.src = film.dataset.sprite;
  scrub.style.backgroundImage = `url("${strip.src}")`;
  scrub.style.setProperty("--frames", String(frames));
  scrub.setAttribute("aria-hidden", "true");
  move({ clientX });
  film.append(scrub);
  shot.addEventListener("pointermove", move);
  shot.addEventListener("pointerleave", () => {
    scrub.remove();
    shot.removeEventListener("pointermove", move);
  }, { once: true });
});
