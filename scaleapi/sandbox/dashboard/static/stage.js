// The picture of the label page: an image, the shapes on it, and where the pointer is.

import { outline } from "./shapes.js";

const SVG = "http://www.w3.org/2000/svg";
const HANDLE = 5; // radius, in pixels of the screen
const FARTHEST = 40; // zoom
const MOST_NAMES = 100; // with more shapes, only the selected one has its label beside it

function element(name, attributes, parent) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent.append(made);
  return made;
}

export class Stage {
  /** @param {SVGSVGElement} svg - With an image, whose size becomes that of the picture. */
  constructor(svg) {
    this.svg = svg;
    this.image = svg.querySelector("image");
    this.size = [1000, 750];
    this.shapes = element("g", {}, svg);
    this.draft = element("g", { class: "draft" }, svg);
    this.cross = element("g", { class: "cross" }, svg);
    this.view = [0, 0, ...this.size];
  }

  /** Load the image; return whether it could be shown. */
  async load() {
    const image = new Image();
    image.src = this.image.getAttribute("href");
    const shown = await image.decode().then(() => true, () => false);
    if (shown && image.naturalWidth) this.size = [image.naturalWidth, image.naturalHeight];
    this.image.setAttribute("width", this.size[0]);
    this.image.setAttribute("height", this.size[1]);
    this.fit();
    return shown;
  }

  /** The width of a pixel of the screen, in pixels of the image. */
  get unit() {
    const matrix = this.svg.getScreenCTM();
    return matrix && matrix.a ? 1 / matrix.a : 1;
  }

  fit() {
    this.view = [0, 0, ...this.size];
    this.#show();
  }

  /** Zoom by a factor around a point of the image. */
  zoom(factor, [x, y]) {
    const [left, top, width, height] = this.view;
    const wanted = Math.max(this.size[0] / FARTHEST, Math.min(this.size[0] * 2, width / factor));
    const scale = wanted / width;
    this.view = [x - (x - left) * scale, y - (y - top) * scale, wanted, height * scale];
    this.#show();
  }

  /** Move the picture by a distance of the image. */
  pan(dx, dy) {
    this.view = [this.view[0] + dx, this.view[1] + dy, this.view[2], this.view[3]];
    this.#show();
  }

  #show() {
    this.svg.setAttribute("viewBox", this.view.join(" "));
  }

  get center() {
    const [left, top, width, height] = this.view;
    return this.inside([left + width / 2, top + height / 2]);
  }

  /** Return the whole pixel of the image that is nearest to a point. */
  inside([x, y]) {
    const [width, height] = this.size;
    return [Math.max(0, Math.min(width, Math.round(x))), Math.max(0, Math.min(height, Math.round(y)))];
  }

  /** Return where a pointer event is on the image; it may be outside. */
  position(event) {
    const point = new DOMPoint(event.clientX, event.clientY);
    const { x, y } = point.matrixTransform(this.svg.getScreenCTM().inverse());
    return [x, y];
  }

  /** Draw all shapes; the selected one has handles. */
  draw(shapes, selected, colorOf) {
    this.shapes.replaceChildren();
    const unit = this.unit;
    shapes.forEach((shape, number) => {
      if (!shape.kind) return;
      const group = element("g", { class: "shape", "data-shape": number }, this.shapes);
      if (number === selected) group.classList.add("selected");
      group.style.color = colorOf(shape.label);
      this.#path(shape, group, unit);
      if (shapes.length <= MOST_NAMES || number === selected) this.#name(shape, group, unit);
      if (number === selected) this.#handles(shape, group, unit);
    });
  }

  #path(shape, group, unit) {
    const corners = outline(shape);
    if (shape.kind === "point") {
      const [[x, y]] = corners;
      element("circle", { cx: x, cy: y, r: HANDLE * unit }, group);
      return;
    }
    const closed = shape.kind !== "line";
    const points = corners.map((point) => point.join()).join(" ");
    element("polyline", { points, class: "halo", fill: "none" }, group);
    element(closed ? "polygon" : "polyline", { points, class: closed ? "area" : "open" }, group);
  }

  #name(shape, group, unit) {
    const [x, y] = outline(shape).reduce((best, point) => (point[1] < best[1] ? point : best));
    const above = y - 6 * unit > 14 * unit ? y - 6 * unit : y + 16 * unit;
    const text = element("text", { x, y: above, "font-size": 13 * unit }, group);
    text.textContent = shape.label;
  }

  #handles(shape, group, unit) {
    outline(shape).forEach(([x, y], corner) => {
      element("circle", { cx: x, cy: y, r: HANDLE * unit, class: "handle", "data-corner": corner }, group);
    });
  }

  /** Draw an unfinished shape as it would be if the next point were `end`. */
  drawDraft(kind, points, end, color) {
    this.draft.replaceChildren();
    if (!points.length) return;
    this.draft.style.color = color;
    const corners = outline({ kind, points: [...points, end] });
    const attributes = { points: corners.map((point) => point.join()).join(" ") };
    element(kind === "box" ? "polygon" : "polyline", attributes, this.draft);
    for (const [x, y] of points) element("circle", { cx: x, cy: y, r: 4 * this.unit }, this.draft);
  }

  /** Show the cross at a point, or hide it. */
  drawCross(point) {
    this.cross.replaceChildren();
    if (!point) return;
    const [x, y] = point;
    const [width, height] = this.size;
    for (const [x1, y1, x2, y2] of [[0, y, width, y], [x, 0, x, height]]) {
      element("line", { x1, y1, x2, y2, class: "dark" }, this.cross);
      element("line", { x1, y1, x2, y2 }, this.cross);
    }
  }
}
