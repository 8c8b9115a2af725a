// <button data-dialog="id"> opens <dialog id>. A click on the scrim or [data-close] closes it, unless a text was changed.

const dirty = (dialog) => [...dialog.querySelectorAll("input, textarea")].some((field) => /^(text|textarea|search|email|url)$/.test(field.type) && field.value !== field.defaultValue);

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog?.showModal) {
      event.preventDefault();
      opener.closest("details.pop")?.removeAttribute("open");
      dialog.showModal();
    }
    return;
  }
  const dialog = event.target.closest?.("dialog[open]");
  if (!dialog) return;
  if (event.target.closest("[data-close]")) {
    event.preventDefault();
    dialog.close();
  } else if (event.target === dialog && !dirty(dialog)) {
    const box = dialog.getBoundingClientRect();
    const inside = event.clientX > box.left && event.clientX < box.right && event.clientY > box.top && event.clientY < box.bottom;
    if (!inside && event.detail) dialog.close();
  }
});

document.addEventListener("cancel", (event) => {
  if (event.target instanceof HTMLDialogElement && dirty(event.target)) event.preventDefault();
}, true);

document.addEventListener("htmx:afterSettle", (event) => {
  const fresh = event.target.matches?.("dialog[data-open]") ? event.target : event.target.querySelector?.("dialog[data-open]");
  if (fresh && !fresh.open) fresh.showModal();
});
