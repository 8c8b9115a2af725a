// Small helps for forms: character counters, copy buttons, busy submit buttons, show password, errors that clear.

function counted(field) {
  const out = document.getElementById(field.dataset.count);
  if (!out) return;
  const max = Number(field.dataset.max || field.maxLength);
  const length = [...field.value].length;
  out.textContent = max > 0 ? `${length} / ${max.toLocaleString("en")}` : String(length);
  out.classList.toggle("over", max > 0 && length > max);
}

const counters = () => document.querySelectorAll("[data-count]:is(input, textarea)").forEach(counted);

document.addEventListener("input", (event) => {
  const field = event.target;
  if (field.dataset?.count) counted(field);
  if (field.getAttribute?.("aria-invalid") === "true" && field.value.trim()) {
    field.removeAttribute("aria-invalid");
    const ids = (field.getAttribute("aria-describedby") || "").split(" ");
    ids.map((id) => document.getElementById(id)).forEach((node) => {
      if (node?.matches(".error")) node.hidden = true;
      else node?.querySelectorAll(".error").forEach((error) => { error.hidden = true; });
    });
  }
});

document.addEventListener("click", async (event) => {
  const dead = event.target.closest?.('[aria-disabled="true"]');
  if (dead) {
    event.preventDefault();
    event.stopImmediatePropagation();
    const text = dead.dataset.why;
    if (text) document.dispatchEvent(new CustomEvent("toast", { detail: { text, id: "why" } }));
    return;
  }
  const copy = event.target.closest?.("[data-copy]");
  if (copy) {
    event.preventDefault();
    await navigator.clipboard.writeText(copy.dataset.copy || document.getElementById(copy.dataset.copyFrom)?.value || "");
    document.dispatchEvent(new CustomEvent("toast", { detail: { text: copy.dataset.copied || "Copied", id: "copy" } }));
    return;
  }
  const reveal = event.target.closest?.("[data-reveal]");
  if (reveal) {
    const field = document.getElementById(reveal.dataset.reveal);
    field.type = field.type === "password" ? "text" : "password";
    reveal.setAttribute("aria-pressed", String(field.type === "text"));
  }
}, true);

// A plain submit marks its button busy; coming back through history frees it. htmx forms do it by their own events.
function busy(form, on) {
  form.querySelectorAll("button[data-busy], .btn[data-submit]").forEach((button) => {
    if (on) {
      button.style.minWidth = `${button.offsetWidth}px`;
      button.setAttribute("aria-busy", "true");
    } else {
      button.removeAttribute("aria-busy");
      button.style.minWidth = "";
    }
  });
}
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented && event.target.method !== "dialog" && !event.submitter?.hasAttribute("data-no-busy")) busy(event.target, true);
});
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.requestConfig.triggeringEvent?.type === "submit") busy(detail.elt.closest("form"), true);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) busy(form, false);
});
addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => busy(form, false)));

// Fields that change the page at once ([data-autosubmit]) and dependent parts without script behind a button.
document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-autosubmit]")) event.target.form?.requestSubmit();
});

// Search: Esc clears, then leaves.
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Escape" || !field.matches?.(".search > input")) return;
  event.preventDefault();
  if (!field.value) field.blur();
  else {
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("search", { bubbles: true }));
  }
});

counters();
document.addEventListener("htmx:afterSettle", counters);
document.querySelector(".banner[role=alert][tabindex]")?.focus();
document.querySelectorAll("[data-with-script]").forEach((node) => { node.hidden = false; });
