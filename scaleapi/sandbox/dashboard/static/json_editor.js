// Text fields for JSON: numbered lines, and a message that says which line is wrong.

const DELAY = 250; // milliseconds

function start() {
  for (const field of document.querySelectorAll("textarea.json")) {
    if (!field.closest(".json-frame")) edit(field);
  }
}

function edit(field) {
  const frame = document.createElement("div");
  const numbers = document.createElement("pre");
  const place = document.createElement("div");
  const message = document.createElement("button");
  frame.className = "json-frame";
  numbers.setAttribute("aria-hidden", "true");
  message.type = "button";
  message.className = "json-problem";
  message.hidden = true;
  place.setAttribute("role", "status");
  place.append(message);
  field.before(frame);
  frame.append(numbers, field);
  frame.after(place);

  let wrong = null;
  let timer = 0;

  const check = () => {
    wrong = field.value.trim() ? mistake(field.value) : null;
    message.hidden = !wrong;
    if (wrong) message.textContent = `Line ${wrong.line}, column ${wrong.column}: ${wrong.reason}`;
    number();
  };
  const number = () => {
    if (frame.closest("details:not([open])")) return; // the layout of a long text takes seconds
    const rows = field.value.split("\n").map((_, line) => `${line + 1}\n`);
    const before = wrong ? wrong.line - 1 : rows.length;
    const marked = document.createElement("span");
    marked.className = "wrong";
    marked.textContent = rows[before] ?? "";
    numbers.replaceChildren(rows.slice(0, before).join(""), marked, rows.slice(before + 1).join(""));
    numbers.scrollTop = field.scrollTop;
  };

  field.wrap = "off";
  field.addEventListener("scroll", () => { numbers.scrollTop = field.scrollTop; });
  for (const event of ["input", "change"]) {
    field.addEventListener(event, () => {
      clearTimeout(timer);
      timer = setTimeout(check, DELAY);
    });
  }
  frame.closest("details")?.addEventListener("toggle", number);
  message.addEventListener("click", () => {
    field.focus();
    field.setSelectionRange(wrong.position, wrong.position + 1);
  });
  check();
}

/** Return where a text stops being JSON and why, or null if it does not. */
export function mistake(text) {
  try {
    JSON.parse(text);
    return null;
  } catch {
    const found = scan(text);
    const before = text.slice(0, found.position).split("\n");
    return { ...found, line: before.length, column: before.at(-1).length + 1 };
  }
}

const TOKEN = /\s*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)))/y;

/** Find the first mistake. Messages of browsers differ, and not all of them have a position. */
function scan(text) {
  const open = []; // brackets
  let expected = "value";
  for (let at = 0; ;) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    const position = at + /^\s*/.exec(text.slice(at, at + 4096))[0].length;
    if (!match) return { position, reason: unknown(text, position, expected) };
    const [, mark, string] = match;
    const next = follow(open, expected, mark, string !== undefined);
    if (!next) return { position, reason: `expected ${WORDS[expected]}` };
    expected = next;
    at = TOKEN.lastIndex;
  }
}

const WORDS = {
  value: "a value",
  "value or ]": "a value or “]”",
  "name or }": "a name in double quotes or “}”",
  name: "a name in double quotes",
  ":": "“:”",
  ", or ]": "“,” or “]”",
  ", or }": "“,” or “}”",
  end: "nothing more",
};

function unknown(text, position, expected) {
  if (position >= text.length) return `the text ends here; expected ${WORDS[expected]}`;
  if (text[position] === '"') return "this string does not end on its line, or has a wrong escape";
  return `expected ${WORDS[expected]}`;
}

/** Return what may come after a token, or null if it may not be here. */
function follow(open, expected, mark, isString) {
  const after = () => (open.length ? `, or ${open.at(-1)}` : "end");
  const opens = { "{": "}", "[": "]" }[mark];
  if (expected.startsWith("value") && (opens || !mark)) {
    if (!opens) return after();
    open.push(opens);
    return opens === "}" ? "name or }" : "value or ]";
  }
  if (expected.startsWith("name") && isString) return ":";
  if (expected === ":" && mark === ":") return "value";
  if (expected.startsWith(", or") && mark === ",") return open.at(-1) === "}" ? "name" : "value";
  if (mark && mark === open.at(-1) && expected.endsWith(mark)) {
    open.pop();
    return after();
  }
  return null;
}

document.addEventListener("refreshed", start);
start();
