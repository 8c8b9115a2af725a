// The picker's tab for a pasted address: the server fetches it, and it lies in the drawer, ticked (`picker:fetched` {item}).

const headers = () => ({ ...JSON.parse(document.body.getAttribute("hx-headers") || "{}"), "HX-Request": "true", "HX-Current-URL": location.href });

// The <li> of what came, or the sentence that says why not.
async function fetched(form) {
  const body = new FormData();
  for (const [name, value] of new URLSearchParams(form.dataset.asked)) body.append(name, value);
  body.append("url", form.querySelector("input").value);
  body.append("for", "picker");
  try {
    const answer = await fetch(form.dataset.link, { method: "POST", body, headers: headers() });
    if (answer.headers.has("HX-Redirect")) location.assign(answer.headers.get("HX-Redirect"));
    if (answer.status === 422) return (await answer.json()).error;
    if (!answer.ok) return "It could not be fetched. Try again.";
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    return holder.content.querySelector("li");
  } catch {
    return "The connection broke. Try again.";
  }
}

async function take(form) {
  const input = form.querySelector("input");
  const button = form.querySelector("[data-fetch]");
  if (button.getAttribute("aria-busy") === "true") return;
  const error = form.querySelector("[role=alert]");
  error.replaceChildren();
  input.removeAttribute("aria-invalid");
  button.setAttribute("aria-busy", "true");
  const found = await fetched(form);
  button.removeAttribute("aria-busy");
  if (!form.isConnected) return;
  if (typeof found === "string") {
    error.replaceChildren(Object.assign(document.createElement("p"), { className: "error", textContent: found }));
    input.setAttribute("aria-invalid", "true");
    input.focus();
    return;
  }
  const { value } = found.querySelector("input");
  [...form.querySelectorAll(".pick-item input")].find((other) => other.value === value)?.closest("li").remove();
  form.querySelector("[data-picks]").prepend(found);
  input.value = "";
  document.dispatchEvent(new CustomEvent("picker:fetched", { detail: { item: found } }));
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".picker [data-link]")) return;
  event.preventDefault();
  take(event.target);
});
