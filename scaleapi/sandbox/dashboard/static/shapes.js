// Shapes as the label page draws them, and annotations as the API stores them.

/**
 * @typedef {object} Shape
 * @property {string} kind - box, polygon, line or point; empty for anything else, which is kept
 *   as it is.
 * @property {string} label
 * @property {number[][]} points - Two opposite corners of a box, or the vertices.
 * @property {object} source - The annotation that it was read from.
 */

const FEWEST = { box: 2, polygon: 3, line: 2, point: 1 };

/** Return the shape of an annotation. Old task types do not name the kind of their shapes. */
export function fromAnnotation(annotation, onlyKind) {
  const source = isObject(annotation) ? annotation : {};
  const kind = source.type ?? onlyKind;
  const points = FEWEST[kind] === undefined ? null : pointsOf(kind, source);
  const label = typeof source.label === "string" ? source.label : "";
  return points && isObject(annotation)
    ? { kind, label, points, source }
    : { kind: "", label, points: [], source: annotation };
}

function pointsOf(kind, { left, top, width, height, rotation, vertices, x, y }) {
  let points = [];
  if (kind === "box" && !rotation) points = [[left, top], [left + width, top + height]];
  if (kind === "point") points = [[x, y]];
  if ((kind === "polygon" || kind === "line") && Array.isArray(vertices)) {
    points = vertices.map((vertex) => [vertex?.x, vertex?.y]);
  }
  const valid = points.length >= FEWEST[kind] && points.flat().every(Number.isFinite);
  return valid ? points : null;
}

/** Return the annotation of a shape, with all other fields of the one that it came from. */
export function toAnnotation(shape, onlyKind) {
  if (!shape.kind) return shape.source;
  const type = onlyKind && shape.source.type === undefined ? {} : { type: shape.kind };
  return {
    uuid: newUuid(),
    ...type,
    label: shape.label,
    attributes: {},
    ...without(shape.source, ["type", "label"]),
    ...type,
    label: shape.label,
    ...geometry(shape),
  };
}

function geometry({ kind, points }) {
  if (kind === "point") return { x: points[0][0], y: points[0][1] };
  if (kind !== "box") return { vertices: points.map(([x, y]) => ({ x, y })) };
  const [left, top, right, bottom] = bounds(points);
  return { left, top, width: right - left, height: bottom - top };
}

/** Return left, top, right and bottom. */
export function bounds(points) {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** Return all corners of a shape in order: four of a box. */
export function outline({ kind, points }) {
  if (kind !== "box") return points;
  const [left, top, right, bottom] = bounds(points);
  return [[left, top], [right, top], [right, bottom], [left, bottom]];
}

/** Return the points of a shape whose corner was moved; `number` counts those of its outline. */
export function withCorner(shape, number, [x, y]) {
  if (shape.kind !== "box") return shape.points.map((p, i) => (i === number ? [x, y] : p));
  return [[x, y], outline(shape)[(number + 2) % 4]];
}

/** Return moved points that stay inside the image. */
export function moved(points, [dx, dy], [width, height]) {
  const [left, top, right, bottom] = bounds(points);
  const x = Math.max(-left, Math.min(dx, width - right));
  const y = Math.max(-top, Math.min(dy, height - bottom));
  return points.map(([px, py]) => [px + x, py + y]);
}

/** Return why a new shape is refused, or an empty string. */
export function problem(kind, points, limits) {
  const fewest = Math.max(FEWEST[kind], limits.min_vertices ?? 0);
  if (kind === "polygon" || kind === "line") {
    if (points.length < fewest) return `A ${kind} needs at least ${fewest} points.`;
    const most = limits.max_vertices ?? Infinity;
    return points.length > most ? `A ${kind} may have ${most} points at most.` : "";
  }
  if (kind === "point") return "";
  const [left, top, right, bottom] = bounds(points);
  const width = Math.max(1, limits.min_width ?? 1);
  const height = Math.max(1, limits.min_height ?? 1);
  const small = right - left < width || bottom - top < height;
  return small ? `A box must be at least ${width} × ${height} pixels.` : "";
}

/** Return whether a JSON value is an object. */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function without(object, names) {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** Return a version 4 UUID. crypto.randomUUID is missing from pages over http of another host. */
function newUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
