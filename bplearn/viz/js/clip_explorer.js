// A gradient of two entries to drag, and what is left of it under two kinds of limit.

const REACH = 8; // of both entries
const WAYS = [
  { name: "by value", clip: clipByValue, mark: "square" },
  { name: "by norm", clip: clipByNorm, mark: "circle" },
];

const pair = ([a, b]) => `(${number(a, 2)}, ${number(b, 2)})`;

const turn = (degrees) => (Number.isNaN(degrees) ? "no direction" : degrees < 0.05 ? "direction kept" : `turned by ${number(degrees, 1)}°`);

export function words({ gradient, limit }) {
  const lines = WAYS.map(({ name, clip }) => {
    const short = clip(gradient, limit);
    return `Clipped ${name}: ${pair(short)}, norm ${number(Math.hypot(...short), 2)}, ${turn(gradientAngle(gradient, short))}.`;
  });
  return [`Gradient ${pair(gradient)}, norm ${number(Math.hypot(...gradient), 2)}, limit ${number(limit, 1)}.`, ...lines].join("\n");
}

function panel(svg, { left, top, size }, way) {
  const field = fieldIn(svg, {
    left, top, width: size, height: size, x: [-REACH, REACH], y: [-REACH, REACH],
    xCount: 4, yCount: 4, xName: "first entry", yName: `second entry, clipped ${way.name}`,
  });
  const limit = add(field.inner, "path", { class: "bpl-target bpl-dotted" });
  const full = arrowIn(field.group, "backward", "bpl-dashed bpl-thin");
  const short = arrowIn(field.group, "backward", "bpl-thick");
  const grip = add(field.group, "path", { class: "bpl-backward bpl-mark" });
  const said = add(field.group, "text", { class: "bpl-b", "text-anchor": "middle" });
  return { field, way, limit, full, short, grip, said };
}

function outline({ field, way }, limit) {
  const [x, y, r] = [field.x(0), field.y(0), field.x(limit) - field.x(0)];
  return MARKS[way.mark](x, y, r);
}

function paint(one, { gradient, limit }) {
  const { field, way } = one;
  const short = way.clip(gradient, limit);
  const [origin, tip, end] = [[0, 0], gradient, short].map(([a, b]) => [field.x(a), field.y(b)]);
  one.full(origin, tip);
  one.short(origin, end);
  set(one.limit, { d: outline(one, limit) });
  set(one.grip, { d: MARKS.circle(...tip, 7) });
  one.said.textContent = turn(gradientAngle(gradient, short));
  // on the other side of the origin: the arrows never go there
  set(one.said, { x: field.x(gradient[0] > 0 ? -REACH / 2 : REACH / 2), y: field.y(gradient[1] > 0 ? -REACH + 1 : REACH - 1.4) });
}

function legend(root) {
  legendIn(root, [
    ["╌╌▸ ○", "backward-text", "gradient, to drag"],
    ["━━▸", "backward-text", "what is left"],
    ["┈┈", "target-text", "limit"],
  ]);
}

function render({ model, el }) {
  const start = model.get("state");
  const state = { ...start };
  const root = pictureIn(el, {
    name: "two ways of clipping a gradient",
    title: "Clipping by value turns the arrow, by norm only shortens it",
    hint: "Drag the ring at the end of the long arrow, in either panel. Where does value clipping turn it most?",
  });
  legend(root);
  const frame = add(root, "div");
  const svg = add(frame, "svg", { role: "img", "aria-label": "The gradient and what two kinds of clipping leave of it; the numbers are said below" });
  const say = sayingIn(root);
  const controls = add(root, "div", { class: "bpl-controls" });
  const text = (v) => number(v, 1);
  const entries = ["first entry", "second entry"].map((name, k) =>
    slider(controls, { name, min: -REACH, max: REACH, step: 0.1, show: text }, (value) => change({ gradient: state.gradient.with(k, value) })));
  const limit = slider(controls, { name: "limit", min: 0.2, max: REACH, step: 0.1, show: text }, (value) => change({ limit: value }));
  button(add(root, "div", { class: "bpl-buttons" }), "Reset", () => change(start));
  let panels = [];

  function change(news) {
    Object.assign(state, news);
    entries.forEach((one, k) => one.put(state.gradient[k], `${text(state.gradient[k])}, of a gradient of norm ${number(Math.hypot(...state.gradient), 2)}`));
    limit.put(state.limit);
    panels.forEach((one) => paint(one, state));
    say(words(state));
  }
  onDrag(svg, ([x, y]) => {
    const near = panels.findLast(({ field }) => x > field.left - 30 && y > field.top - 30) || panels[0];
    const rounded = (v) => Math.round(v * 10) / 10;
    change({ gradient: [rounded(near.field.atX(x)), rounded(near.field.atY(y))] });
  }, { both: true });
  return onWidth(frame, (width) => {
    const beside = width >= 520;
    const size = Math.min(beside ? (width - 110) / 2 : width - 60, 320);
    svg.replaceChildren();
    set(svg, { width, height: beside ? size + 76 : 2 * size + 160 });
    const places = [{ left: 46, top: 28 }, beside ? { left: size + 100, top: 28 } : { left: 46, top: size + 112 }];
    panels = WAYS.map((way, k) => panel(svg, { ...places[k], size }, way));
    change({});
  });
}

export default { render };
