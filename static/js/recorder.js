// Records a voice: <div data-recorder data-seconds data-url> with [data-record], .level, [data-record-clock], [data-record-say] and a file
// input. What was recorded, or chosen, is POSTed as `file`; the answer is the box anew, with the recording held in it and what was heard.

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const MB = 1024 * 1024;
const WHY = {
  NotAllowedError: "The microphone is blocked. Allow it for this site in the address bar, or choose a sound file.",
  NotFoundError: "No microphone was found. Connect one, or choose a sound file.",
  NotReadableError: "Another program holds the microphone. Close it there, or choose a sound file.",
};
let now = null; // {box, recorder, stream, context, began, frame}

const say = (box, text, bad = false) => {
  const node = box.querySelector("[data-record-say]");
  node.textContent = text;
  node.classList.toggle("error", bad);
};

function word(box, text) {
  box.querySelector("[data-record-word]").textContent = text;
}

function ready() {
  document.querySelectorAll("[data-without-recorder]").forEach((node) => { node.hidden = true; });
  document.querySelectorAll("[data-recorder] [data-with-script]").forEach((node) => { node.hidden = false; });
}

async function send(box, file, name) {
  const most = Number(box.dataset.maxMb || 0);
  if (most && file.size > most * MB) {
    say(box, `This file has ${Math.ceil(file.size / MB)} MB. Use one under ${most} MB.`, true);
    return;
  }
  say(box, "Listening to it…");
  box.setAttribute("aria-busy", "true");
  const button = box.querySelector("[data-record]");
  button.setAttribute("aria-disabled", "true");
  const focused = box.contains(document.activeElement) || document.activeElement === document.body;
  const body = new FormData();
  body.append("file", file, name);
  const headers = { ...JSON.parse(document.body.getAttribute("hx-headers") || "{}"), "HX-Request": "true" };
  try {
    const answer = await fetch(box.dataset.url, { method: "POST", body, headers, credentials: "same-origin" });
    if (answer.headers.get("HX-Redirect")) {
      location.assign(answer.headers.get("HX-Redirect"));
      return;
    }
    if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    const fresh = holder.content.querySelector("[data-recorder]");
    box.replaceWith(fresh);
    ready();
    if (focused) fresh.querySelector("[data-record]").focus();
    const heard = [...fresh.querySelectorAll(".note, .error:not([data-record-say])")].map((node) => node.textContent.trim()).join(" ");
    document.dispatchEvent(new CustomEvent("announce", { detail: heard }));
    fresh.dispatchEvent(new Event("change", { bubbles: true }));
  } catch {
    box.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
    say(box, "It could not be sent. Try again; what you recorded is lost only when you leave this page.", true);
    keep(box, file, name);
  }
}

// What could not be sent can be sent once more.
function keep(box, file, name) {
  box.querySelector("[data-send-again]")?.remove();
  const again = Object.assign(document.createElement("button"), { type: "button", className: "btn sm", textContent: "Send it again" });
  again.dataset.sendAgain = "";
  again.addEventListener("click", () => { again.remove(); void send(box, file, name); });
  box.querySelector(".file-row").append(again);
}

function draw() {
  if (!now) return;
  const { box, samples, meter } = now;
  meter.getFloatTimeDomainData(samples);
  const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const seconds = (performance.now() - now.began) / 1000;
  const level = box.querySelector(".level");
  level.style.setProperty("--p", Math.min(1, Math.sqrt(peak)).toFixed(3));
  level.toggleAttribute("data-loud", peak > 0.98);
  box.querySelector("[data-record-clock]").textContent = `${clock(seconds)} / ${clock(now.most)}`;
  if (seconds >= now.most) stop();
}

async function start(box) {
  document.dispatchEvent(new Event("recorder:start"));
  document.querySelectorAll("audio, video").forEach((other) => other.pause());
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) {
    say(box, "This browser records only over HTTPS. Choose a sound file instead.", true);
    return;
  }
  say(box, "Allow the microphone if you are asked.");
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: false, noiseSuppression: false, channelCount: 1 } });
  } catch (error) {
    say(box, WHY[error.name] ?? "The microphone could not be used. Choose a sound file instead.", true);
    return;
  }
  const type = TYPES.find((it) => MediaRecorder.isTypeSupported(it));
  const recorder = new MediaRecorder(stream, { ...(type ? { mimeType: type } : {}), audioBitsPerSecond: 128_000 });
  const context = new AudioContext();
  const meter = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(meter);
  const pieces = [];
  recorder.addEventListener("dataavailable", ({ data }) => { if (data.size) pieces.push(data); });
  recorder.addEventListener("stop", () => {
    const kind = recorder.mimeType.split(";")[0];
    const file = new Blob(pieces, { type: kind });
    void send(box, file, `Recording.${{ "audio/mp4": "m4a", "audio/ogg": "ogg" }[kind] ?? "webm"}`);
  });
  recorder.start();
  box.classList.add("on");
  box.querySelector("[data-held]")?.remove();
  word(box, "Stop");
  say(box, "Recording. Read the words above aloud.");
  now = { box, recorder, stream, context, meter, samples: new Float32Array(meter.fftSize), began: performance.now(), most: Number(box.dataset.seconds) };
  now.timer = setInterval(draw, 60); // A timer, not frames: a window in the background records on, and must stop in time.
}

function stop() {
  const { box, recorder, stream, context, timer } = now;
  now = null;
  clearInterval(timer);
  box.classList.remove("on");
  box.querySelector(".level").style.setProperty("--p", "0");
  word(box, "Record again");
  recorder.stop();
  stream.getTracks().forEach((track) => track.stop());
  void context.close();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-record]");
  if (!button || button.getAttribute("aria-disabled") === "true") return;
  if (now) stop();
  else void start(button.closest("[data-recorder]"));
});
document.addEventListener("change", (event) => {
  if (!event.target.matches?.("[data-record-file]") || !event.target.files.length) return;
  const [file] = event.target.files;
  const box = event.target.closest("[data-recorder]");
  event.target.value = "";
  void send(box, file, file.name);
});
// A form is not sent while its recording is still on its way or going on.
document.addEventListener("htmx:confirm", (event) => {
  const box = event.target.querySelector?.("[data-recorder]");
  if (!box || (!now && box.getAttribute("aria-busy") !== "true")) return;
  event.preventDefault();
  const text = now ? "Stop the recording first, and listen to it." : "The recording is still being listened to. Press again in a moment.";
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, id: "recorder" } }));
});
addEventListener("pagehide", () => now?.stream.getTracks().forEach((track) => track.stop()));
document.addEventListener("htmx:afterSettle", ready);
ready();
