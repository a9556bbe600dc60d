// The label page. The text of the form is the state: shapes are read from it and written to it.

import { fromAnnotation, isObject, moved, problem, toAnnotation, withCorner } from "./shapes.js";
import { Stage } from "./stage.js";

const NEAR = 10; // pixels of the screen
const MOST_STEPS = 200;
const MOST_CHARACTERS = 20_000_000; // of all steps that can be undone
const KEYS = { v: "select", b: "box", p: "polygon", l: "line", o: "point" };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const editor = document.getElementById("editor");
const form = document.getElementById("response");
const text = document.getElementById("text");
const objects = document.getElementById("objects");
const status = document.getElementById("status");
const stage = new Stage(document.getElementById("stage"));
const tools = JSON.parse(editor.dataset.tools);
const palette = editor.dataset.colors.split(" ");
const allLabels = [...new Set(Object.values(tools).flatMap((tool) => tool.labels))];
const order = JSON.parse(editor.dataset.order);
const onlyKind = editor.dataset.old;
const find = document.getElementById("find"); // if there are many labels
const HINTS = {
  select: "Click an object to select it. Drag it, or a corner of it, to change it.",
  box: "Drag from one corner to the other, or click both.",
  polygon: "Click each corner. Enter, or a click on the first corner, closes it.",
  line: "Click each point. Enter or a double click ends it.",
  point: "Click to place a point.",
};

let response = {};
let shapes = [];
let selected = -1;
let tool = Object.keys(tools)[0];
let draft = [];
let cursor = null; // where the keyboard is
let drag = null; // what the pointer is doing
const [done, undone] = [[], []];

const say = (words) => { status.textContent = words; };
const clone = (value) => JSON.parse(JSON.stringify(value));

/** Colors are those of drawn pictures: by the order of the task, then of first annotations. */
let places = new Map();

function countLabels() {
  const names = [...order, ...shapes.map((shape) => shape.label)];
  places = new Map([...new Set(names)].map((name, place) => [name, place]));
}

countLabels();
const colorOf = (label) => palette[(places.get(label) ?? places.size) % palette.length];

// Text and shapes

/** Read the shapes from the text of the form; return whether it is a response. */
function read() {
  let value;
  try { value = JSON.parse(text.value); } catch { return false; }
  if (!isObject(value) || !Array.isArray(value.annotations ?? [])) return false;
  response = value;
  shapes = (value.annotations ?? []).map((one) => fromAnnotation(one, onlyKind));
  selected = Math.min(selected, shapes.length - 1);
  countLabels();
  show();
  return true;
}

/** Write the shapes to the text of the form, so that it can be undone. */
function write(words) {
  remember(done, text.value);
  undone.length = 0;
  response.annotations = shapes.map((shape) => toAnnotation(shape, onlyKind));
  shapes = response.annotations.map((one) => fromAnnotation(one, onlyKind));
  setText(JSON.stringify(response, null, 2));
  countLabels();
  show();
  say(words);
}

function setText(value) {
  text.value = value;
  text.dispatchEvent(new Event("change", { bubbles: true }));
}

function remember(steps, value) {
  steps.push(value);
  let size = steps.reduce((sum, one) => sum + one.length, 0);
  while (steps.length > 1 && (steps.length > MOST_STEPS || size > MOST_CHARACTERS)) {
    size -= steps.shift().length;
  }
}

function step(from, to, words) {
  if (draft.length && from === done) return cancel();
  if (!from.length) return say("Nothing more to change back.");
  remember(to, text.value);
  setText(from.pop());
  read();
  say(words);
}

// What is shown

let due = 0;

/** Show everything in the next frame, once, however much has changed until then. */
function show() {
  due ||= requestAnimationFrame(showNow);
}

function showNow() {
  due = 0;
  stage.draw(shapes, selected, colorOf);
  showDraft(cursor);
  objects.replaceChildren(...shapes.map(entry));
  document.getElementById("count").textContent = shapes.length;
}

function entry(shape, number) {
  const item = document.createElement("li");
  const choose = document.createElement("button");
  const swatch = document.createElement("span");
  swatch.className = "swatch";
  swatch.style.background = colorOf(shape.label);
  const kind = shape.kind || shape.source?.type || "other";
  choose.type = "button";
  choose.className = "object";
  choose.dataset.shape = number;
  choose.setAttribute("aria-pressed", number === selected);
  choose.append(
    swatch,
    Object.assign(document.createElement("span"), {
      className: "object-label", textContent: shape.label || "no label",
    }),
    Object.assign(document.createElement("span"), { className: "quiet", textContent: kind }),
  );
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "remove";
  remove.dataset.remove = number;
  remove.setAttribute("aria-label", `Delete ${shape.label} ${number + 1}`);
  remove.textContent = "×";
  item.append(choose, remove);
  return item;
}

function showDraft(end) {
  const color = colorOf(label());
  stage.drawDraft(tool, draft, end ?? draft.at(-1), color);
  stage.drawCross(cursor);
}

function showLabels() {
  const offered = tools[tool]?.labels ?? allLabels;
  const wanted = find?.value.trim().toLowerCase() ?? "";
  let key = 0;
  for (const input of radios()) {
    const row = input.closest("label");
    const found = input.value.toLowerCase().includes(wanted);
    row.hidden = !found || !offered.includes(input.value);
    if (!row.hidden) key += 1;
    row.querySelector("kbd").textContent = row.hidden || key > 9 ? "" : key;
    row.querySelector(".swatch").style.background = colorOf(input.value);
  }
  if (!offered.includes(label())) radios().find((one) => offered.includes(one.value)).checked = true;
}

const radios = () => [...editor.querySelectorAll("input[name=label]")];
const label = () => radios().find((input) => input.checked)?.value ?? allLabels[0];

// Commands

function setTool(name) {
  if (name !== "select" && !tools[name]) return;
  draft = [];
  tool = name;
  if (name !== "select") selected = -1;
  for (const button of editor.querySelectorAll("[data-tool]")) {
    button.setAttribute("aria-pressed", button.dataset.tool === name);
  }
  stage.svg.dataset.tool = name;
  showLabels();
  show();
  say(HINTS[name]);
}

function setLabel(value) {
  radios().find((input) => input.value === value).checked = true;
  const shape = shapes[selected];
  if (shape && tools[shape.kind]?.labels.includes(value) && shape.label !== value) {
    shape.label = value;
    write(`Label changed to ${value}.`);
  } else {
    say(`Label: ${value}.`);
  }
}

function select(number) {
  draft = [];
  if (number >= 0 && tool !== "select") setTool("select");
  selected = number;
  show();
  const shape = shapes[number];
  if (shape) say(`${shape.label} ${shape.kind}, object ${number + 1} of ${shapes.length}.`);
}

function remove(number) {
  if (!shapes[number]) return;
  const [gone] = shapes.splice(number, 1);
  selected = -1;
  write(`${gone.label} deleted. ${shapes.length} objects.`);
}

/** Add a point to the draft; finish shapes that are complete with it. */
function place(point) {
  const [x, y] = stage.inside(point);
  const first = draft[0];
  const closes = first && tool === "polygon" && draft.length > 2
    && Math.hypot(x - first[0], y - first[1]) < NEAR * stage.unit;
  if (closes) return finish();
  draft.push([x, y]);
  if (tool === "point" || (tool === "box" && draft.length === 2)) return finish();
  showDraft([x, y]);
  say(tool === "box" ? "First corner placed." : `Point ${draft.length} placed. Enter finishes.`);
}

/** End the shape that is being drawn; return whether it is complete. */
function finish() {
  const points = draft;
  const refused = problem(tool, points, tools[tool]);
  if (refused) {
    if (tool === "box" || points.length > 2) draft = tool === "box" ? [] : points;
    showDraft(cursor);
    say(refused);
    return false;
  }
  draft = [];
  const shape = { kind: tool, label: label(), points, source: {} };
  shapes.push(shape);
  write(`${shape.label} ${tool} added. ${shapes.length} objects.`);
  return true;
}

function cancel() {
  draft = [];
  drag = null;
  selected = -1;
  show();
  say("Canceled.");
}

// Pointer

stage.svg.addEventListener("pointerdown", (event) => {
  if (!event.isPrimary) return; // a second finger
  const at = stage.position(event);
  cursor = null;
  stage.svg.setPointerCapture(event.pointerId);
  if (event.button === 1) {
    event.preventDefault();
    drag = { what: "view", at };
  } else if (event.button === 0 && tool === "select") {
    drag = grab(event.target, at);
  } else if (event.button === 0) {
    drag = { what: "draw", x: event.clientX, y: event.clientY };
    if (tool === "box" && !draft.length) place(at);
    else drag.placed = false;
  }
});

/** Return what a drag from here changes: a corner, a shape or the view. */
function grab(target, at) {
  const group = target.closest("[data-shape]");
  const corner = target.dataset.corner;
  if (!group) {
    select(-1);
    return { what: "view", at };
  }
  const number = Number(group.dataset.shape);
  if (number !== selected) select(number);
  const shape = clone(shapes[number]);
  return { what: corner === undefined ? "shape" : "corner", corner: Number(corner), at, shape };
}

stage.svg.addEventListener("pointermove", (event) => {
  if (!event.isPrimary) return;
  const at = stage.position(event);
  if (drag?.what === "view") {
    stage.pan(drag.at[0] - at[0], drag.at[1] - at[1]);
  } else if (drag?.what === "corner") {
    change(withCorner(drag.shape, drag.corner, stage.inside(at)));
  } else if (drag?.what === "shape") {
    const by = [Math.round(at[0] - drag.at[0]), Math.round(at[1] - drag.at[1])];
    change(moved(drag.shape.points, by, stage.size));
  } else if (tool !== "select") {
    stage.drawDraft(tool, draft, stage.inside(at), colorOf(label()));
    stage.drawCross(stage.inside(at));
  }
});

function change(points) {
  drag.changed = true;
  shapes[selected].points = points;
  stage.draw(shapes, selected, colorOf);
}

stage.svg.addEventListener("pointerup", (event) => {
  if (!event.isPrimary) return;
  const last = drag;
  drag = null;
  if (last?.changed) write(`${shapes[selected].label} changed.`);
  if (last?.what !== "draw") return;
  const far = Math.hypot(event.clientX - last.x, event.clientY - last.y) > 3;
  // A box is dragged, or drawn with two clicks; other shapes have a point per click.
  if (last.placed === false || far) place(stage.position(event));
});

stage.svg.addEventListener("pointercancel", cancel);
stage.svg.addEventListener("pointerleave", () => stage.drawCross(cursor));
stage.svg.addEventListener("dblclick", () => {
  if (draft.length > 1 && tool !== "box") {
    draft.pop(); // The second click of the two.
    finish();
  }
});
stage.svg.addEventListener("wheel", (event) => {
  event.preventDefault();
  zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, stage.position(event));
}, { passive: false });

function zoom(factor, at = stage.center) {
  stage.zoom(factor, at);
  show();
}

// Keyboard

stage.svg.addEventListener("keydown", (event) => {
  const arrow = ARROWS[event.key];
  if (event.ctrlKey || event.metaKey) return;
  if (arrow) {
    event.preventDefault();
    const by = event.shiftKey ? 1 : 10;
    travel([arrow[0] * by, arrow[1] * by]);
  } else if (event.key === " " && tool !== "select") {
    event.preventDefault();
    cursor ??= stage.center;
    place(cursor);
  } else if (event.key === "Enter" && draft.length) {
    event.preventDefault();
    finish();
  }
});

function travel(by) {
  const shape = shapes[selected];
  if (tool === "select") {
    if (!shape?.kind) return say("Select an object with [ and ] first.");
    shape.points = moved(shape.points, by, stage.size);
    return write(`${shape.label} moved.`);
  }
  const [x, y] = cursor ?? stage.center;
  cursor = stage.inside([x + by[0], y + by[1]]);
  showDraft(cursor);
  say(`${cursor[0]}, ${cursor[1]}`);
}

// Letters work while the focus is in the editor, so they are in nobody's way.
editor.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey) {
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    const again = key === "y" || event.shiftKey;
    return again ? step(undone, done, "Done again.") : step(done, undone, "Undone.");
  }
  if (event.altKey) return;
  if (event.target === find) return search(event);
  const command = COMMANDS[event.key] ?? (KEYS[event.key] && (() => setTool(KEYS[event.key])));
  const number = Number(event.key);
  if (command) {
    event.preventDefault();
    command();
  } else if (number > 0) {
    const shown = radios().filter((input) => !input.closest("label").hidden);
    if (shown[number - 1]) setLabel(shown[number - 1].value);
  }
});

/** In the search field, letters are letters; Enter takes the first label, Escape all of them. */
function search(event) {
  if (event.key !== "Enter" && event.key !== "Escape") return;
  event.preventDefault();
  const first = radios().find((input) => !input.closest("label").hidden);
  if (event.key === "Enter" && first) setLabel(first.value);
  find.value = "";
  showLabels();
  stage.svg.focus({ preventScroll: true });
}

const COMMANDS = {
  f: () => find?.focus(),
  Delete: () => remove(selected),
  Backspace: () => (draft.length ? (draft.pop(), showDraft(cursor)) : remove(selected)),
  Escape: cancel,
  "+": () => zoom(1.25),
  "-": () => zoom(0.8),
  0: () => { stage.fit(); show(); },
  "]": () => shapes.length && select((selected + 1) % shapes.length),
  "[": () => shapes.length && select((selected < 1 ? shapes.length : selected) - 1),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(form.elements.next);
  }
});

// Buttons

editor.addEventListener("click", (event) => {
  const { tool: name, command, shape, remove: gone } = event.target.closest("button")?.dataset ?? {};
  if (name) setTool(name);
  if (command === "undo") step(done, undone, "Undone.");
  if (command === "redo") step(undone, done, "Done again.");
  if (command && COMMANDS[command]) COMMANDS[command]();
  if (gone !== undefined) remove(Number(gone));
  else if (shape !== undefined) select(Number(shape));
  if (event.target.closest("button")) stage.svg.focus({ preventScroll: true });
});
editor.addEventListener("change", (event) => {
  if (event.target.name === "label") setLabel(event.target.value);
});
text.addEventListener("input", read);
find?.addEventListener("input", showLabels);
new ResizeObserver(show).observe(stage.svg);

const saved = text.value;
let sending = false;
form.addEventListener("submit", (event) => {
  // A second click would submit a second response.
  if (sending || (draft.length && !finish())) event.preventDefault();
  else sending = true;
});
addEventListener("pageshow", () => { sending = false; });
addEventListener("beforeunload", (event) => {
  if (!sending && text.value !== saved) event.preventDefault();
});

document.addEventListener("refreshed", (event) => {
  if (event.target.id !== "state") return;
  const now = event.target.firstElementChild.dataset.state;
  if (now !== form.elements.state.value) say("The task was changed elsewhere.");
});

editor.hidden = false;
document.getElementById("json").open = !read();
const shown = await stage.load();
setTool(tool);
stage.svg.focus({ preventScroll: true });
if (!shown) say("The image cannot be loaded; shapes are placed on an empty picture.");
editor.dataset.ready = "true";
