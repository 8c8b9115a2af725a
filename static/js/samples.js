// A service's picture that cannot be had gives way to the initials behind it.
const sample = (node) => node.matches?.("img[src*='/create/sample/'], img[src*='/at-your-providers/thumb/']");
document.addEventListener("error", ({ target }) => sample(target) && target.remove(), true);
document.querySelectorAll("img").forEach((image) => sample(image) && image.complete && !image.naturalWidth && image.remove());
