// Lists whose rows can be chosen: all at once, a range with the shift key, and how many they are.

let last = null;

function start() {
  for (const all of document.querySelectorAll("[data-all]")) all.hidden = false;
  count();
}

const boxes = (name) => [...document.querySelectorAll(`input[type=checkbox][name="${name}"]`)];

function count() {
  for (const place of document.querySelectorAll("[data-count]")) {
    const rows = boxes(place.dataset.count);
    const chosen = rows.filter((one) => one.checked).length;
    const every = document.querySelector(`[data-every="${place.dataset.count}"]:checked`);
    const number = every ? Number(every.dataset.total) : chosen;
    place.textContent = number ? `${number.toLocaleString("en")} selected` : "";
    for (const button of document.querySelectorAll(`[data-needs="${place.dataset.count}"]`)) {
      button.disabled = !number;
    }
    for (const all of document.querySelectorAll(`[data-all="${place.dataset.count}"]`)) {
      all.checked = chosen > 0 && chosen === rows.length;
      all.indeterminate = chosen > 0 && chosen < rows.length;
    }
  }
}

document.addEventListener("click", (event) => {
  const box = event.target.closest("input[type=checkbox]");
  if (!box) return;
  if (box.dataset.all) {
    for (const one of boxes(box.dataset.all)) one.checked = box.checked;
  } else if (box.name && event.shiftKey && last?.name === box.name) {
    const rows = boxes(box.name);
    const [from, to] = [rows.findIndex((one) => one.value === last.value), rows.indexOf(box)];
    if (from >= 0) {
      const range = rows.slice(Math.min(from, to), Math.max(from, to) + 1);
      for (const one of range) one.checked = box.checked;
    }
  }
  if (box.name) last = { name: box.name, value: box.value };
  count();
});
document.addEventListener("refreshed", start);
start();
