// Hearing a voice or a sound in the picker's drawer: one at a time, and none once the drawer is gone.

const sound = new Audio();

function hear(button) {
  const drawer = button.closest(".picker");
  const playing = button.getAttribute("aria-pressed") === "true";
  drawer.querySelectorAll(".hear").forEach((other) => other.setAttribute("aria-pressed", "false"));
  sound.pause();
  if (playing) return;
  if (sound.getAttribute("src") !== button.dataset.hear) sound.src = button.dataset.hear;
  button.setAttribute("aria-pressed", "true");
  sound.onended = () => button.setAttribute("aria-pressed", "false");
  drawer.addEventListener("close", () => sound.pause(), { once: true });
  sound.play().catch((error) => {
    button.setAttribute("aria-pressed", "false");
    if (error.name !== "AbortError") drawer.querySelector("[data-count]").textContent = "This sound cannot be played.";
  });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.(".picker .hear");
  if (button) hear(button);
});
