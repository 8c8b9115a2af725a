// What was chosen in the picker goes into its field: `picker:chosen` {zone or group, order, title}, order: [value, card or null] in order.

const say = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: text }));
const valueOf = (card) => card.querySelector("input[type=hidden]")?.value;

// What the server draws there. Throws where it does not answer well.
async function fetched(address) {
  const answer = await fetch(address, { headers: { "HX-Request": "true", "HX-Current-URL": location.href } });
  if (answer.headers.has("HX-Redirect")) location.assign(answer.headers.get("HX-Redirect"));
  if (!answer.ok) throw new Error(String(answer.status));
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  return holder.content;
}

// A field that draws its cards itself (data-cards: where they are asked for, by `name` of the field) gets its own for what is new.
async function drawn(zone, order) {
  const fresh = order.filter(([, card]) => card).map(([value]) => value);
  if (!zone.dataset.cards || !fresh.length) return order;
  const address = new URL(zone.dataset.cards, location.href);
  for (const value of fresh) address.searchParams.append(zone.dataset.name, value);
  const own = new Map([...(await fetched(address)).querySelectorAll(".thumb-card")].map((card) => [valueOf(card), card]));
  return order.map(([value, card]) => [value, card && own.get(value)]);
}

// Cards that the field holds stay as they are, in the new order; what was refused or is on its way stands behind them.
async function fill(zone, asked) {
  const list = zone.querySelector(".thumbs");
  let order;
  try {
    order = await drawn(zone, asked);
  } catch {
    refused();
    return false;
  }
  const known = new Map([...zone.querySelectorAll(".thumb-card:not(.bad)")].map((card) => [valueOf(card), card]));
  const rest = [...list.children].filter((card) => !known.has(valueOf(card)) || !valueOf(card));
  list.replaceChildren(...order.map(([value, card]) => known.get(value) ?? card).filter(Boolean), ...rest);
  list.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

function refused() {
  document.dispatchEvent(new CustomEvent("toast", { detail: { kind: "bad", id: "picker", text: "The choice could not be taken over. Try again." } }));
}

// A list of people, voices or styles is fetched again where it does not show what was chosen.
async function tick(group, values) {
  const inputs = () => [...group.querySelectorAll("input[type=radio], input[type=checkbox]")];
  if (values.some((value) => !inputs().some((input) => input.value === value)) && !(await shown(group, values))) {
    refused();
    return false;
  }
  for (const input of inputs()) input.checked = values.includes(input.value) || (!values.length && !input.value);
  inputs()[0]?.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

async function shown(group, values) {
  const address = new URL(group.dataset.things, location.href);
  for (const value of values) address.searchParams.append(group.dataset.name, value);
  const offer = document.querySelector("#making [name=offer]:checked, #making input[type=hidden][name=offer]");
  if (offer) address.searchParams.set("offer", offer.value);
  try {
    group.querySelector(".things").replaceWith(await fetched(address));
    window.htmx?.process(group);
    return true;
  } catch {
    return false;
  }
}

document.addEventListener("picker:chosen", async ({ detail: { zone, group, order, title } }) => {
  const taken = zone ? await fill(zone, order) : await tick(group, order.map(([value]) => value));
  if (taken) say(`${title}: ${order.length === 1 ? "1 chosen" : `${order.length} chosen`}`);
});

// Lists of people, voices and styles fold to a few: the drawer has them all.
const fold = () => document.querySelectorAll(".thing-group[data-things]").forEach((group) => group.closest(".field").classList.add("folds"));
document.addEventListener("htmx:afterSettle", fold);
fold();
