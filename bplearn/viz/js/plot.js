// Plots in SVG: fields with axes, lines through points, marks that differ in shape.

// Numbers at which an axis is labelled: steps of 1, 2 or 5 times a power of ten.
function niceTicks(low, high, count = 6) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * power).find((one) => one >= rough * 0.999);
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) ticks.push(k * step);
  return ticks;
}

const RAISED = { "-": "\u207b", 0: "\u2070", 1: "\u00b9", 2: "\u00b2", 3: "\u00b3", 4: "\u2074", 5: "\u2075", 6: "\u2076", 7: "\u2077", 8: "\u2078", 9: "\u2079" };

function powerOfTen(exponent) {
  return `10${[...String(exponent)].map((sign) => RAISED[sign]).join("")}`;
}

// A field to plot in. `x` and `y` are [low, high]; on an axis with `powers` they are exponents of ten, and so is what
// the scales take. Returns scales both ways (`x`, `y` to pixels; `atX`, `atY` back, kept within the field) and a group
// cut off at the field's rim, to draw in.
function fieldIn(svg, { left, top, width, height, x, y, xName = "", yName = "", xPowers = false, yPowers = false, xCount, yCount }) {
  const group = add(svg, "g");
  const clip = `bpl-${Math.random().toString(36).slice(2)}`;
  add(add(group, "clipPath", { id: clip }), "rect", { x: left, y: top, width, height });
  const toX = (v) => left + ((v - x[0]) / (x[1] - x[0])) * width;
  const toY = (v) => top + (1 - (v - y[0]) / (y[1] - y[0])) * height;
  const within = (v, [low, high]) => Math.min(Math.max(v, low), high);
  const text = (v, powers, step) => (powers ? powerOfTen(v) : pretty(Number(v.toPrecision(6)).toString()));
  const whole = (values, powers) => (powers ? values.filter((v) => Math.abs(v - Math.round(v)) < 1e-9).map(Math.round) : values);
  for (const v of whole(niceTicks(...y, yCount || Math.max(2, Math.round(height / 45))), yPowers)) {
    add(group, "path", { class: "bpl-grid", d: `M${left},${toY(v)}h${width}` });
    add(group, "text", { class: "bpl-quiet", x: left - 8, y: toY(v) + 4, "text-anchor": "end" }, text(v, yPowers));
  }
  for (const v of whole(niceTicks(...x, xCount || Math.max(2, Math.round(width / 70))), xPowers)) {
    add(group, "path", { class: "bpl-axis", d: `M${toX(v)},${top + height}v4` });
    const said = text(v, xPowers);
    const anchor = said.length > 3 && toX(v) > left + width - 9 ? "end" : "middle"; // a long one at the rim stays inside
    add(group, "text", { class: "bpl-quiet", x: toX(v), y: top + height + 19, "text-anchor": anchor }, said);
  }
  add(group, "path", { class: "bpl-axis", d: `M${left},${top}v${height}h${width}` });
  if (xName) add(group, "text", { x: left + width, y: top + height + 38, "text-anchor": "end" }, xName);
  if (yName) add(group, "text", { x: Math.max(2, left - 40), y: top - 10 }, yName);
  return {
    left, top, width, height, group, x: toX, y: toY,
    atX: (px) => within(x[0] + ((px - left) / width) * (x[1] - x[0]), x),
    atY: (py) => within(y[0] + (1 - (py - top) / height) * (y[1] - y[0]), y),
    inner: add(group, "g", { "clip-path": `url(#${clip})` }),
  };
}

// The path through points in pixels; what is no number makes a gap.
function through(points) {
  let d = "";
  let pen = "M";
  for (const [x, y] of points) {
    const there = Number.isFinite(x) && Number.isFinite(y);
    if (there) d += `${pen}${x.toFixed(1)},${y.toFixed(1)}`;
    pen = there ? "L" : "M";
  }
  return d;
}

// Marks of equal weight: which series one belongs to is seen without its colour.
const MARKS = {
  circle: (x, y, r) => `M${x - r},${y}a${r},${r} 0 1 0 ${2 * r},0a${r},${r} 0 1 0 ${-2 * r},0Z`,
  square: (x, y, r) => `M${x - r},${y - r}h${2 * r}v${2 * r}h${-2 * r}Z`,
  triangle: (x, y, r) => `M${x},${y - 1.2 * r}L${x + 1.15 * r},${y + r}H${x - 1.15 * r}Z`,
  diamond: (x, y, r) => `M${x - 1.2 * r},${y}L${x},${y - 1.2 * r}L${x + 1.2 * r},${y}L${x},${y + 1.2 * r}Z`,
  cross: (x, y, r) => `M${x - r},${y - r}L${x + r},${y + r}M${x - r},${y + r}L${x + r},${y - r}`,
};

// An arrow with a head; `kind` is forward, backward, target or a series (s0 to s4). Returns how to move it.
function arrowIn(parent, kind, dashes = "") {
  const shaft = add(parent, "path", { class: `bpl-${kind} ${dashes}` });
  const head = add(parent, "path", { class: `bpl-head-${kind}` });
  return ([x1, y1], [x2, y2]) => {
    const length = Math.hypot(x2 - x1, y2 - y1);
    if (length < 1) return [shaft, head].forEach((part) => set(part, { d: "" }));
    const size = Math.min(10, length);
    const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
    const [bx, by] = [x2 - size * ux, y2 - size * uy];
    set(shaft, { d: `M${x1},${y1}L${bx},${by}` });
    set(head, { d: `M${x2},${y2}L${bx - 0.55 * size * uy},${by + 0.55 * size * ux}L${bx + 0.55 * size * uy},${by - 0.55 * size * ux}Z` });
  };
}

// The path of a contour line: where f = level within a field, by straight pieces through the cells of a grid. f gets x, y
// and the numbers of the grid point, for values that are known already.
function contour({ x: toX, y: toY }, [x0, x1], [y0, y1], f, level, cells = 60) {
  const at = (i, j) => [x0 + ((x1 - x0) * i) / cells, y0 + ((y1 - y0) * j) / cells];
  const above = Array.from({ length: cells + 1 }, (_, i) => Float64Array.from({ length: cells + 1 }, (_, j) => f(...at(i, j), i, j) - level));
  let d = "";
  for (let i = 0; i < cells; i++) {
    for (let j = 0; j < cells; j++) {
      const one = above[i][j] > 0;
      if (one === above[i + 1][j] > 0 && one === above[i][j + 1] > 0 && one === above[i + 1][j + 1] > 0) continue; // most cells
      d += crossing([[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]], above, (a, b) => {
        const [x, y] = at(a, b);
        return [toX(x), toY(y)];
      });
    }
  }
  return d;
}

// The pieces of a contour line within one cell, from side to side.
function crossing(corners, above, place) {
  const points = [];
  corners.forEach(([a, b], k) => {
    const [c, e] = corners[(k + 1) % 4];
    const [p, q] = [above[a][b], above[c][e]];
    if (p > 0 === q > 0) return;
    const [share, from, to] = [p / (p - q), place(a, b), place(c, e)];
    points.push([from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]);
  });
  let d = "";
  for (let k = 0; k + 1 < points.length; k += 2) d += through(points.slice(k, k + 2));
  return d;
}
