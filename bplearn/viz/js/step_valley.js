// The step of a measured slope: the chord it makes, and the valley of its error.

const REACH = 1.2; // of w, to both sides
const STEPS = Array.from({ length: 151 }, (_, k) => -15 + k / 10);
const NAMES = { one: "one side", both: "both sides" };

const power = (e) => (10 ** e).toExponential(0);
const exact = (value) => (Math.abs(value) < 1e3 ? value.toFixed(8) : value.toExponential(3));

export function words({ w, exponent, way }) {
  const h = 10 ** exponent;
  const error = relativeError(way, w, h);
  const { bend, rounding } = evils(way, w, h);
  const ruler = rounding > bend
    ? "The step is so small that rounding rules: a last digit of the loss, divided by a tiny step"
    : "The step is so large that the bend of the curve rules";
  return [
    `h = ${power(exponent)} to ${NAMES[way]}: measured ${exact(WAYS[way](w, h))}, true ${exact(slopeAt(w))}.`,
    `Relative error ${error.toExponential(0)}${error < 1e-6 ? ": six digits are right, and more" : error > 0.1 ? ": the first digit is wrong" : ""}.`,
    `${ruler}.`,
  ].join("\n");
}

function chordField(svg, place, { w, exponent, way }) {
  const h = 10 ** exponent;
  const grid = Array.from({ length: 81 }, (_, k) => w + ((k - 40) / 40) * REACH);
  const heights = grid.map(lossAt);
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  const room = Math.max(0.3 * (high - low), 0.01);
  const field = fieldIn(svg, { ...place, x: [w - REACH, w + REACH], y: [low - room, high + room], xName: "dial w", yName: "loss L", xCount: 4, yCount: 4 });
  const line = (css, slope, at) => add(field.inner, "path", { class: css, d: through([w - REACH, w + REACH].map((v) => [field.x(v), field.y(lossAt(at) + slope * (v - at))])) });
  add(field.inner, "path", { class: "bpl-forward", d: through(grid.map((v, k) => [field.x(v), field.y(heights[k])])) });
  line("bpl-target bpl-dotted", slopeAt(w), w);
  line("bpl-backward bpl-dashed", WAYS[way](w, h), way === "one" ? w : w - h);
  for (const end of way === "one" ? [w, w + h] : [w - h, w + h]) add(field.inner, "circle", { class: "bpl-fill-b", cx: field.x(end), cy: field.y(lossAt(end)), r: 5 });
}

function valleyField(svg, place, w) {
  const field = fieldIn(svg, { ...place, x: [-15, 0], y: [-13, 1], xPowers: true, yPowers: true, xCount: 3, yCount: 7, xName: "step h", yName: "relative error of the slope" });
  Object.keys(WAYS).forEach((way, k) => {
    const points = STEPS.map((e) => [field.x(e), field.y(Math.log10(relativeError(way, w, 10 ** e)))]);
    add(field.inner, "path", { class: k ? "bpl-s0" : "bpl-s1", d: through(points) });
  });
  add(field.group, "text", { class: "bpl-quiet", x: field.x(-12.4), y: field.y(-8), "text-anchor": "middle" }, "rounding");
  add(field.group, "text", { class: "bpl-quiet", x: field.x(-1.9), y: field.y(-9.5), "text-anchor": "middle" }, "bend");
  return { ...field, line: add(field.inner, "path", { class: "bpl-axis" }), mark: add(field.inner, "path", { class: "bpl-backward bpl-mark" }) };
}

function render({ model, el }) {
  const start = model.get("state");
  const state = { ...start };
  const root = pictureIn(el, {
    name: "the step of a measured slope",
    title: "The best step is neither large nor tiny: a valley",
    hint: "Drag the mark along the valley, from right to left. Watch the chord, and then the digits.",
  });
  legendIn(root, [
    ["╌╌", "backward-text", "chord through the two points"],
    ["┈┈", "target-text", "tangent"],
    ["╌ ╌", "s1", "error, one side"],
    ["──", "s0", "error, both sides"],
  ]);
  const frame = add(root, "div");
  const svg = add(frame, "svg", { role: "img", "aria-label": "Left the chord on the loss curve, right the error over the step; the numbers are said below" });
  const say = sayingIn(root);
  const controls = add(root, "div", { class: "bpl-controls" });
  const step = slider(controls, { name: "step h", css: "bpl-whole", min: -15, max: 0, step: 0.1, show: power }, (exponent) => change({ exponent }));
  const ways = choices(root, { name: "measured to", options: Object.entries(NAMES) }, (way) => change({ way }));
  const more = add(root, "div", { class: "bpl-controls" });
  const dial = slider(more, { name: "dial w", min: -4, max: 4, step: 0.1, show: (v) => number(v, 1) }, (w) => change({ w }));
  button(add(root, "div", { class: "bpl-buttons" }), "Reset", () => change(start));
  let [chord, valley, places, drawn] = [null, null, null, NaN];

  function change(news) {
    Object.assign(state, news);
    if (!places) return;
    if (drawn !== state.w) { // two hundred slopes: only when the dial moves
      valley?.group.remove();
      valley = valleyField(svg, places[1], state.w);
      drawn = state.w;
    }
    chord?.remove();
    chord = add(svg, "g");
    chordField(chord, places[0], state);
    const at = [valley.x(state.exponent), valley.y(Math.log10(relativeError(state.way, state.w, 10 ** state.exponent)))];
    set(valley.line, { d: `M${at[0]},${valley.top}v${valley.height}` });
    set(valley.mark, { d: MARKS.circle(...at, 7) });
    step.put(state.exponent, `h ${power(state.exponent)}, relative error ${relativeError(state.way, state.w, 10 ** state.exponent).toExponential(0)}`);
    ways.put(state.way);
    dial.put(state.w);
    say(words(state));
  }
  onDrag(svg, ([x]) => x > valley.left - 25 && change({ exponent: Math.round(valley.atX(x) * 10) / 10 }));
  return onWidth(frame, (width) => {
    const beside = width >= 560;
    const left = beside ? 0.4 * width : width;
    svg.replaceChildren();
    set(svg, { width, height: beside ? 300 : 570 });
    places = [
      { left: 46, top: 28, width: left - 62, height: 220 },
      beside ? { left: left + 52, top: 28, width: width - left - 70, height: 220 } : { left: 46, top: 322, width: width - 62, height: 200 },
    ];
    [chord, valley, drawn] = [null, null, NaN];
    change({});
  });
}

export default { render };
