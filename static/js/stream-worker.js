// One stream for all tabs of a workspace. The worker keeps the last events, so that a tab that joins late hears what it missed.
const KEEP = 300;
const POLL_MS = 15000;

let source = null;
let config = null;
let position = 0;
let failures = 0;
let poll = 0;
const recent = [];
const ports = new Set();

function tell(message) {
  for (const port of ports) port.postMessage(message);
}

function remember(id, event) {
  if (id) {
    position = Math.max(position, id);
    recent.push({ id, event });
    if (recent.length > KEEP) recent.shift();
  }
  tell({ type: "change", event });
}

function open() {
  if (!config || source) return;
  source = new EventSource(`${config.stream}?workspace=${config.workspace}&after=${position}`);
  source.onopen = () => {
    failures = 0;
    clearInterval(poll);
    poll = 0;
    tell({ type: "open" });
  };
  source.addEventListener("change", (message) => remember(Number(message.lastEventId), JSON.parse(message.data)));
  source.addEventListener("refresh", () => tell({ type: "refresh" }));
  source.addEventListener("closed", () => {
    // Signed out, or rights changed: a new stream opens only if the session still may.
    shut();
    setTimeout(open, 1000);
  });
  source.onerror = () => {
    failures += 1;
    if (source && source.readyState === EventSource.CLOSED) {
      shut();
      setTimeout(open, Math.min(30000, 1000 * 2 ** failures));
    }
    if (failures >= 3 && !poll) poll = setInterval(ask, POLL_MS);
  };
}

function shut() {
  if (source) source.close();
  source = null;
}

let tag = "";
async function ask() {
  try {
    const answer = await fetch(`${config.changes}?after=${position}`, {
      headers: tag ? { "If-None-Match": tag } : {},
      credentials: "same-origin",
    });
    if (answer.status !== 200) return;
    tag = answer.headers.get("ETag") || "";
    const body = await answer.json();
    position = Math.max(position, body.newest);
    if (body.refresh) tell({ type: "refresh" });
    for (const event of body.events) remember(0, event);
  } catch {
    // The next turn asks again.
  }
}

export function join(port, message) {
  ports.add(port);
  if (!config) {
    config = message;
    position = message.after;
    open();
    return;
  }
  const oldest = recent.length ? recent[0].id : position;
  if (message.after < oldest - 1 && message.after < position) port.postMessage({ type: "refresh" });
  else for (const { id, event } of recent) if (id > message.after) port.postMessage({ type: "change", event });
}

export function leave(port) {
  ports.delete(port);
  if (!ports.size) {
    shut();
    clearInterval(poll);
    poll = 0;
    config = null;
    recent.length = 0;
  }
}

if (typeof SharedWorkerGlobalScope !== "undefined" && self instanceof SharedWorkerGlobalScope) {
  self.onconnect = ({ ports: [port] }) => {
    port.onmessage = ({ data }) => (data.type === "join" ? join(port, data) : leave(port));
  };
}
