"use strict";
// Reads the layout of our own openapi.yaml, two blanks for each level, and nothing more general than that.

const METHODS = /^ {4}(get|post|put|delete):$/;

function operations(text) {
  const found = [];
  let path = null;
  let inPaths = false;
  for (const line of text.split("\n")) {
    if (/^\S/.test(line)) inPaths = line === "paths:";
    if (!inPaths) continue;
    const named = line.match(/^ {2}(\/\S*):$/);
    if (named) {
      path = named[1];
    } else if (METHODS.test(line)) {
      found.push({ method: line.trim().slice(0, -1).toUpperCase(), path, lines: [] });
    } else if (found.length && found.at(-1).path === path && line.startsWith("      ")) {
      found.at(-1).lines.push(line.slice(6));
    }
  }
  return found;
}

function box(operation) {
  const made = document.createElement("details");
  made.className = "op";
  const head = document.createElement("summary");
  const name = document.createElement("code");
  name.textContent = operation.method + " " + operation.path;
  const summary = operation.lines.find((line) => line.startsWith("summary: "));
  head.append(name, " " + (summary ? summary.slice("summary: ".length) : ""));
  const body = document.createElement("pre");
  body.textContent = operation.lines.join("\n");
  made.append(head, body);
  return made;
}

async function begin() {
  const answer = await fetch("/openapi.yaml", { cache: "no-store" });
  const boxes = operations(await answer.text()).map(box);
  const place = document.getElementById("operations");
  place.replaceChildren(...boxes);
  const filter = document.getElementById("filter");
  const show = () => {
    const wanted = filter.value.toLowerCase();
    for (const made of boxes) made.hidden = !made.textContent.toLowerCase().includes(wanted);
    document.getElementById("found").textContent = boxes.filter((made) => !made.hidden).length + " operations";
  };
  filter.addEventListener("input", show);
  filter.form.addEventListener("submit", (event) => event.preventDefault());
  show();
}

begin();
