// Live refresh: parts of the page marked data-live are loaded again while it is visible.

const EVERY = 2000; // milliseconds
const SHARE = 10; // the part of the time that refreshing may take: a tenth
const SETTING = "live";

const box = document.getElementById("live");
const parts = () => [...document.querySelectorAll("[data-live][id]")];
const loaded = new Map(parts().map((part) => [part.id, part.innerHTML]));

/** Return whether somebody is typing or choosing in a part; it waits then. */
function isBusy(part) {
  const active = document.activeElement;
  if (part.contains(active) && active.matches("input:not([type=checkbox]), textarea, select")) {
    return true;
  }
  return [...part.querySelectorAll("input[type=text], input:not([type]), textarea")]
    .some((field) => field.value !== field.defaultValue);
}

async function refresh() {
  const page = await fetch(location.href, { cache: "no-store" });
  if (!page.ok || page.redirected) return;
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
  for (const part of parts()) {
    const update = fresh.getElementById(part.id);
    if (!update || update.innerHTML === loaded.get(part.id) || isBusy(part)) continue;
    loaded.set(part.id, update.innerHTML);
    replace(part, update);
  }
}

/** Replace the content of a part, and keep what is open, chosen, scrolled and focused. */
function replace(part, update) {
  const open = new Map([...part.querySelectorAll("details")].map((one) => [key(one), one.open]));
  const chosen = new Set([...part.querySelectorAll(":checked")].map((one) => one.value));
  const scrolled = [...part.querySelectorAll(".scroll")].map((one) => one.scrollLeft);
  const focused = part.contains(document.activeElement) ? trace(document.activeElement) : null;
  part.replaceChildren(...update.childNodes);
  part.querySelectorAll("details").forEach((one) => {
    one.open = open.get(key(one)) ?? one.open;
  });
  part.querySelectorAll("input[type=checkbox]").forEach((one) => {
    one.checked = chosen.has(one.value) && one.name !== "";
  });
  part.querySelectorAll(".scroll").forEach((one, number) => {
    one.scrollLeft = scrolled[number] ?? 0;
  });
  if (focused) part.querySelector(focused)?.focus({ preventScroll: true });
  part.dispatchEvent(new CustomEvent("refreshed", { bubbles: true }));
}

/** Return what tells details apart, wherever new rows move them. */
function key(details) {
  const row = details.closest("tr")?.querySelector("th")?.textContent ?? "";
  return `${row} ${details.querySelector("summary")?.textContent}`;
}

/** Return a selector that finds an element again, or one like it. */
function trace(element) {
  for (const name of ["id", "value", "href", "aria-label"]) {
    const value = element.getAttribute(name);
    if (value) return `${element.localName}[${name}="${CSS.escape(value)}"]`;
  }
  return element.localName;
}

async function run() {
  for (let took = 0; ;) {
    await new Promise((resolve) => { setTimeout(resolve, Math.max(EVERY, SHARE * took)); });
    const start = performance.now();
    // The sandbox may be stopped and started again.
    if (box.checked && !document.hidden) await refresh().catch(() => {});
    took = performance.now() - start;
  }
}

box.checked = localStorage.getItem(SETTING) !== "off";
box.addEventListener("change", () => localStorage.setItem(SETTING, box.checked ? "on" : "off"));
document.getElementById("live-switch").hidden = false;
if (parts().length) run();
