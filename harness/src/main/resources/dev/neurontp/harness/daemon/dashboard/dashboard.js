"use strict";
// All that comes from the daemon is put in as text, never as HTML: a worker chooses some of these words.

const POLL_MS = 2000;
const RETRY_MS = 3000;
// A daemon that lives answers sooner, and says on each stream every few seconds that it lives.
const ANSWER_MS = 10000;
const SILENT_MS = 45000;
const MOST_EVENTS = 200;
const MOST_SAMPLES = 60;
const KEY = "neuron.session";
// A sign for each state: colour alone tells nothing to some.
const SIGNS = { starting: "…", ready: "●", joining: "…", joined: "✔", stopping: "…", failed: "✖", lost: "?", gone: "○" };
const GOOD = new Set(["ready", "joined"]);
const BAD = new Set(["failed", "lost"]);
const OVER = ["failed", "lost", "gone"];

const byId = (id) => document.getElementById(id);
const samples = new Map();
const opened = new Set();
let session = sessionStorage.getItem(KEY);
let lastEvent = null;
// The session whose loops run.
let running = null;

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined && text !== null) made.textContent = String(text);
  if (className) made.className = className;
  return made;
}

function row(cells) {
  const line = element("tr");
  for (const cell of cells) line.append(cell instanceof Node ? cell : element("td", cell));
  return line;
}

class Refused extends Error {}
class NotThere extends Error {}

async function ask(path, options = {}) {
  const answer = await fetch(path, { cache: "no-store", ...options,
    headers: { ...(options.headers || {}), ...(session ? { Authorization: "Bearer " + session } : {}) } });
  if (answer.status === 401) throw new Refused("the session is over");
  if (answer.status === 404) throw new NotThere("there is no " + path);
  if (!answer.ok) throw new Error("the daemon answered " + answer.status);
  return answer;
}

// The whole answer, within a bound.
async function get(path) {
  try {
    return await (await ask(path, { signal: AbortSignal.timeout(ANSWER_MS) })).json();
  } catch (problem) {
    throw problem.name === "TimeoutError" ? new Error("the daemon did not answer within " + ANSWER_MS / 1000 + " s") : problem;
  }
}

async function logIn(body) {
  const answer = await fetch("/dashboard/sessions", { method: "POST", cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS),
    headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const said = await answer.json();
  if (!answer.ok) throw new Refused(said.error.message);
  session = said.session;
  sessionStorage.setItem(KEY, session);
}

function showLogin(problem) {
  session = null;
  running = null;
  sessionStorage.removeItem(KEY);
  byId("content").hidden = true;
  byId("leave").hidden = true;
  byId("login").hidden = false;
  byId("login-problem").textContent = problem || "";
  byId("connection").textContent = "not logged in";
  byId("token").focus();
}

function connection(text) {
  const now = byId("connection");
  if (now.textContent !== text) now.textContent = text;
}

function millis(value) {
  return value === null ? "-" : value < 10 ? value.toFixed(2) + " ms" : value.toFixed(0) + " ms";
}

function ago(time) {
  if (!time) return "-";
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(time)) / 1000));
  if (seconds < 120) return seconds + " s ago";
  return seconds < 7200 ? Math.floor(seconds / 60) + " min ago" : Math.floor(seconds / 3600) + " h ago";
}

function state(name, stopped) {
  const kind = BAD.has(name) || stopped ? "bad" : GOOD.has(name) ? "good" : "";
  return element("span", (SIGNS[name] || "?") + " " + name + (stopped ? ", stopped" : ""), "state " + kind);
}

function spark(values) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
  const most = Math.max(...values, 0.001);
  svg.setAttribute("class", "spark");
  svg.setAttribute("viewBox", "0 0 " + (MOST_SAMPLES - 1) + " 20");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "round trips, the newest " + millis(values.at(-1)) + ", the longest " + millis(most));
  const drawn = values.length > 1 ? values : [...values, ...values];
  line.setAttribute("points", drawn.map((value, i) =>
    (MOST_SAMPLES - drawn.length + i) + "," + (19 - 18 * value / most).toFixed(2)).join(" "));
  svg.append(line);
  return svg;
}

function rankTable(pool) {
  const table = element("table");
  const over = OVER.includes(pool.state);
  const head = element("tr");
  const elsewhere = pool.ranks.some((rank) => rank.host);
  for (const title of ["Rank", ...(elsewhere ? ["Host"] : []), "PID", "Device", "State", over ? "End" : "Round trip", "Last pong", "Memory", "GPU memory"]) {
    const cell = element("th", title);
    cell.scope = "col";
    head.append(cell);
  }
  const body = element("tbody");
  for (const rank of pool.ranks) {
    const shown = element("td");
    shown.append(state(rank.state, rank.stopped));
    body.append(row([rank.rank, ...(elsewhere ? [rank.host || "-"] : []), rank.pid || "-", rank.device, shown,
      over ? element("td", rank.end ? rank.end.text : "-", "long") : millis(rank.round_trip_ms),
      ago(rank.last_pong),
      rank.memory.rss_bytes === null ? "-" : Math.floor(rank.memory.rss_bytes / 1048576) + " MiB",
      rank.memory.gpu_used_mb === null ? "-" : rank.memory.gpu_used_mb + " MiB"]));
  }
  const thead = element("thead");
  thead.append(head);
  table.append(thead, body);
  const wide = element("div", null, "wide");
  wide.append(table);
  return wide;
}

function poolBox(pool) {
  const box = element("details", null, "pool");
  box.dataset.pool = pool.id;
  box.open = opened.has(pool.id) || pool.state === "failed" && !opened.has("closed " + pool.id);
  box.addEventListener("toggle", () => {
    opened[box.open ? "add" : "delete"](pool.id);
    opened[box.open ? "delete" : "add"]("closed " + pool.id);
  });
  const head = element("summary");
  head.append(element("span", pool.name ? pool.name + " (" + pool.id + ")" : pool.id, "id"), state(pool.state, false),
    element("span", pool.world_size + (pool.world_size === 1 ? " rank, " : " ranks, ") + pool.communicator
      + ", created " + ago(pool.created)));
  const values = pool.state === "failed" ? [] : samples.get(pool.id) || [];
  if (values.length) {
    const trip = element("span", null, "trip");
    trip.append(spark(values), element("span", millis(values.at(-1))));
    head.append(trip);
  }
  if (pool.reason || pool.busy) head.append(element("span", pool.reason || "busy: " + pool.busy.text, "reason"));
  const missing = pool.ranks.filter((rank) => rank.arrived === false).map((rank) => rank.rank + (rank.host ? " on " + rank.host : ""));
  if (missing.length) head.append(element("span", "has not come to join: rank " + missing.join(", "), "reason"));
  const body = element("div", null, "body");
  body.append(rankTable(pool));
  box.append(head, body);
  return box;
}

function sample(pool) {
  const trips = pool.ranks.map((rank) => rank.round_trip_ms).filter((value) => value !== null);
  if (OVER.includes(pool.state) || !trips.length) return;
  const values = samples.get(pool.id) || [];
  values.push(Math.max(...trips));
  samples.set(pool.id, values.slice(-MOST_SAMPLES));
}

function showFailure(pools) {
  const failed = pools.filter((pool) => pool.state === "failed")
    .sort((one, other) => Date.parse(one.ended || one.created) - Date.parse(other.ended || other.created))[0];
  byId("failure").hidden = !failed;
  if (failed) {
    const text = failed.failure ? failed.failure.text : failed.reason || "";
    if (byId("failure-text").textContent !== text) byId("failure-text").textContent = text;
    byId("failure-pool").textContent = "Pool " + (failed.name || failed.id) + ", ended " + ago(failed.ended);
  }
}

function showPools(pools) {
  const place = byId("pools");
  const selection = getSelection();
  // What a person has just marked, to copy it, stays for so long.
  if (!selection.isCollapsed && place.contains(selection.anchorNode)) return;
  const focused = document.activeElement && document.activeElement.closest(".pool");
  const kept = focused ? focused.dataset.pool : null;
  place.replaceChildren(...pools.map(poolBox));
  if (!pools.length) place.append(element("p", "No pool. To create one: tpctl create, or tpctl up."));
  if (kept) {
    const again = [...place.children].find((box) => box.dataset.pool === kept);
    if (again) again.querySelector("summary").focus();
  }
}

function showDevices(discovery, health, pools) {
  const usage = new Map(health.devices.map((device) => [device.index, device]));
  const ranks = (index) => pools.filter((pool) => pool.communicator === "nccl" && !OVER.includes(pool.state))
    .flatMap((pool) => pool.ranks.filter((rank) => rank.device === index && !rank.host)
      .map((rank) => (pool.name || pool.id) + " rank " + rank.rank)).join(", ") || "-";
  byId("devices").tBodies[0].replaceChildren(...discovery.devices.map((device) => {
    const used = usage.get(device.index) || {};
    const value = (number, unit) => number === undefined || number === null ? "-" : number + unit;
    return row([device.index, device.name, value(used.vram_used_mb, "") + " of " + value(device.vram_total_mb, " MiB"),
      value(used.utilization_pct, " %"), value(used.temp_c, " °C"), element("td", ranks(device.index), "long")]);
  }));
  byId("devices").hidden = !discovery.devices.length;
  byId("no-devices").hidden = discovery.devices.length > 0;
  byId("devices-problem").hidden = !health.devices_problem;
  byId("devices-problem").textContent = health.devices_problem ? "The last reading failed: " + health.devices_problem : "";
}

const verb = (name) => (name === "failed" ? "has " : "is ") + name;

// Another event that comes right after tells the same with its reason.
const isToldBySucceeding = (event) => event.type === "rank_state" && OVER.includes(event.state);

function eventText(event) {
  const place = [event.pid ? "pid " + event.pid : "", event.host ? "on " + event.host : ""].filter((word) => word).join(" ");
  const rank = "rank " + event.rank + (place ? " (" + place + ")" : "");
  const reason = event.reason ? ": " + event.reason : "";
  switch (event.type) {
    case "pool_created": return "created";
    case "pool_state": return "pool " + verb(event.state) + reason;
    case "pool_forgotten": return "removed from the list";
    case "rank_state": return rank + " " + verb(event.state) + reason;
    case "rank_failed": return rank + " failed" + reason;
    case "rank_ended": return rank + " ended" + (event.end ? ": " + event.end.text : reason);
    case "operation_started": return event.op + " begins";
    case "operation_ended": return event.op + " " + event.state + reason;
    case "daemon_stopping": return "the daemon is stopping";
    case "lost": return event.count + " older events are not kept any more";
    default: return event.type + reason;
  }
}

function showEvent(event) {
  const bad = event.type === "rank_failed" || BAD.has(event.state);
  const line = element("li");
  const time = element("time", event.time ? new Date(event.time).toLocaleTimeString() : "-");
  if (event.time) time.dateTime = event.time;
  line.append(time, element("span", (event.pool || "daemon") + "  "), element("span", (bad ? "✖ " : "") + eventText(event), bad ? "bad" : ""));
  const list = byId("events");
  list.prepend(line);
  while (list.children.length > MOST_EVENTS) list.lastChild.remove();
  byId("no-events").hidden = true;
}

async function readEvents(mine) {
  const stop = new AbortController();
  let silence = setTimeout(() => stop.abort(), SILENT_MS);
  try {
    await readStream(mine, await ask(lastEvent === null ? "/events?since=0" : "/events",
      { signal: stop.signal, headers: lastEvent === null ? {} : { "Last-Event-ID": lastEvent } }), () => {
      clearTimeout(silence);
      silence = setTimeout(() => stop.abort(), SILENT_MS);
    });
  } finally {
    clearTimeout(silence);
    stop.abort(); // also where another session goes on
  }
}

async function readStream(mine, answer, heard) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let left = "";
  for (let part = await reader.read(); !part.done && mine === session; part = await reader.read()) {
    heard();
    const blocks = (left + part.value).split("\n\n");
    left = blocks.pop();
    for (const block of blocks) {
      const field = (name) => (block.match(new RegExp("^" + name + ": (.*)$", "m")) || [])[1];
      if (!field("data")) continue;
      lastEvent = field("id");
      const event = JSON.parse(field("data"));
      if (!isToldBySucceeding(event)) showEvent(event);
    }
  }
}

const pause = (time) => new Promise((done) => setTimeout(done, time));

async function followEvents() {
  for (const mine = session; mine && mine === session; await pause(RETRY_MS)) {
    try {
      await readEvents(mine);
    } catch (problem) {
      if (problem instanceof Refused) return;
    }
  }
}

async function look() {
  const [list, discovery, health] = await Promise.all([get("/pools"), get("/discovery"), get("/health")]);
  const pools = [];
  for (const summary of list.pools.filter((pool) => pool.state !== "gone")) {
    try {
      pools.push(await get("/pools/" + encodeURIComponent(summary.id)));
    } catch (problem) {
      if (!(problem instanceof NotThere)) throw problem; // else it was removed meanwhile
    }
  }
  pools.forEach(sample);
  byId("host").textContent = discovery.hostname + ", version " + discovery.version;
  showFailure(pools);
  showPools(pools);
  showDevices(discovery, health, pools);
  connection("connected, up " + ago(new Date(Date.now() - health.uptime_secs * 1000).toISOString()).replace(" ago", ""));
}

async function run() {
  if (running === session) return;
  running = session;
  byId("login").hidden = true;
  byId("content").hidden = false;
  byId("leave").hidden = false;
  followEvents();
  for (const mine = session; mine && mine === session; await pause(POLL_MS)) {
    try {
      await look();
    } catch (problem) {
      if (mine !== session) return;
      if (problem instanceof Refused) return showLogin("The session is over: the daemon was started anew, or 12 hours are over.");
      connection("✖ not connected: " + problem.message + "; what is shown is old");
    }
  }
}

byId("login-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await logIn({ token: byId("token").value });
    byId("token").value = "";
    run();
  } catch (problem) {
    showLogin(problem.message);
  }
});

byId("leave").addEventListener("click", async () => {
  try {
    await ask("/dashboard/sessions", { method: "DELETE", signal: AbortSignal.timeout(ANSWER_MS) });
  } catch (problem) {
    if (!(problem instanceof Refused)) {
      connection("✖ the session goes on: " + problem.message);
      return;
    }
  }
  byId("events").replaceChildren();
  lastEvent = null;
  showLogin("");
});

async function begin() {
  const code = location.hash.startsWith("#code=") ? location.hash.slice("#code=".length) : null;
  if (code) {
    history.replaceState(null, "", location.pathname);
    try {
      await logIn({ code });
    } catch (problem) {
      if (!session) return showLogin(problem.message);
    }
  }
  return session ? run() : showLogin("");
}

// A link that is opened in this very tab changes no more than the fragment.
window.addEventListener("hashchange", () => { if (location.hash.startsWith("#code=")) begin(); });
begin();
