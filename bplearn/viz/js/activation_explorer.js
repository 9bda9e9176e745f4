// One activation above its slope: drag z, and see how much of what arrives gets through.

const REACH = 6;
const FLAT = 0.05; // a slope below it lets next to nothing through
const NAMES = { sigmoid: "sigmoid", tanh: "tanh", relu: "ReLU", leaky_relu: "leaky ReLU", softplus: "softplus" };
const GRID = Array.from({ length: 241 }, (_, k) => ((k - 120) / 120) * REACH);
const TALL = 180;

// Value and slope at z, and what goes back when `da` arrives.
export function compute({ name, z, da }) {
  const [forward, slope] = ACTIVATIONS[name];
  const a = forward(z);
  const s = slope(z, a);
  return { a, slope: s, dz: da * s };
}

// The stretches of z on which the slope is nearly 0, as pairs.
export function flatStretches(name) {
  const flat = GRID.map((z) => compute({ name, z, da: 1 }).slope < FLAT);
  const found = [];
  flat.forEach((is, k) => {
    if (is && !flat[k - 1]) found.push([GRID[k], GRID[k]]);
    if (is) found.at(-1)[1] = GRID[k];
  });
  return found;
}

export function words({ name, z, da }) {
  const { a, slope, dz } = compute({ name, z, da });
  const share = slope < FLAT ? "next to nothing gets through" : slope > 0.995 ? "all of it gets through" : `${number(100 * slope, 0)} % of it get through`;
  return `${NAMES[name]} at z = ${number(z, 2)}: a = ${number(a, 3)}, slope ${number(slope, 3)}.\nArriving: da = ${number(da, 2)}. Leaving: dz = da * slope = ${number(dz, 3)}: ${share}.`;
}

function panels(svg, width, name) {
  svg.replaceChildren();
  const place = { left: 46, width: width - 64, height: TALL, x: [-REACH, REACH] };
  const above = fieldIn(svg, { ...place, top: 28, y: [-1.4, 3], yCount: 4, yName: "a: what goes on" });
  const below = fieldIn(svg, { ...place, top: TALL + 84, y: [-0.1, 1.15], yCount: 3, yName: "slope: what is let back", xName: "z" });
  for (const field of [above, below]) for (const [from, to] of flatStretches(name)) {
    add(field.inner, "rect", { class: "bpl-shade", x: field.x(from), y: field.top, width: Math.max(field.x(to) - field.x(from), 1), height: TALL });
  }
  const line = (field, css, of) => add(field.inner, "path", { class: css, d: through(GRID.map((z) => [field.x(z), field.y(of(compute({ name, z, da: 1 })))])) });
  line(above, "bpl-forward", ({ a }) => a);
  line(below, "bpl-backward bpl-dashed", ({ slope }) => slope);
  const dropped = add(svg, "path", { class: "bpl-axis bpl-dotted" });
  const dot = (field, css) => add(field.inner, "path", { class: `${css} bpl-mark` });
  return { above, below, dropped, dots: [dot(above, "bpl-forward"), dot(below, "bpl-backward")] };
}

function gateIn(parent) {
  const svg = add(parent, "svg", { height: 62, role: "img", "aria-label": "What arrives and what leaves, as two arrows" });
  const [into, out] = [arrowIn(svg, "backward", "bpl-dashed bpl-thick"), arrowIn(svg, "backward", "bpl-dashed bpl-thick")];
  const box = add(svg, "rect", { class: "bpl-node", y: 8, width: 92, height: 34, rx: 8 });
  const [name, coming, going] = ["bpl-now", "bpl-b", "bpl-b"].map((css) => add(svg, "text", { class: css, "text-anchor": "middle" }));
  return (width, state) => {
    const { dz } = compute(state);
    const middle = width / 2;
    const long = Math.min(middle - 66, 190);
    const scale = (value) => Math.max((long * Math.abs(value)) / 2, value === 0 ? 0 : 2);
    set(svg, { width });
    set(box, { x: middle - 46 });
    into([middle + 50 + scale(state.da), 25], [middle + 50, 25]);
    out([middle - 50, 25], [middle - 50 - scale(dz), 25]);
    const texts = [[name, middle, 30, NAMES[state.name]], [coming, middle + 50 + long / 2, 58, `da ${number(state.da, 2)}`], [going, middle - 50 - long / 2, 58, `dz ${number(dz, 3)}`]];
    for (const [node, x, y, text] of texts) {
      set(node, { x, y });
      node.textContent = pretty(text);
    }
  };
}

function render({ model, el }) {
  const start = model.get("state");
  const state = { ...start };
  const root = pictureIn(el, {
    name: "activations and their slopes",
    title: "Where the function is flat, nothing comes back",
    hint: "Drag z to the left and right. Shaded: slope below 0.05. Below: what arrives from the right, and what leaves.",
  });
  const which = choices(root, { name: "activation", options: Object.entries(NAMES) }, (name) => {
    state.name = name;
    build();
  });
  const frame = add(root, "div");
  const svg = add(frame, "svg", { height: 2 * TALL + 130, role: "img", "aria-label": "The activation above its slope; the values at z are said below" });
  const gate = gateIn(frame);
  const say = sayingIn(root);
  const controls = add(root, "div", { class: "bpl-controls" });
  const dial = slider(controls, { name: "input z", min: -REACH, max: REACH, step: 0.05, show: (v) => number(v, 2) }, (z) => change({ z }));
  const arriving = slider(controls, { name: "arriving da", min: -2, max: 2, step: 0.1, show: (v) => number(v, 1) }, (da) => change({ da }));
  button(add(root, "div", { class: "bpl-buttons" }), "Reset", () => {
    Object.assign(state, start);
    build();
  });
  let p = null;

  function change(news) {
    Object.assign(state, news);
    const { a, slope, dz } = compute(state);
    const x = p.above.x(state.z);
    set(p.dots[0], { d: MARKS.circle(x, p.above.y(a), 7) });
    set(p.dots[1], { d: MARKS.circle(x, p.below.y(slope), 7) });
    set(p.dropped, { d: `M${x},${p.above.y(Math.min(a, 3))}V${p.below.y(slope)}` });
    gate(p.width, state);
    which.put(state.name);
    dial.put(state.z, `z ${number(state.z, 2)}, a ${number(a, 2)}, slope ${number(slope, 2)}`);
    arriving.put(state.da, `da ${number(state.da, 1)}, dz ${number(dz, 3)}`);
    say(words(state));
  }
  function build() {
    const width = frame.clientWidth;
    if (!width) return;
    set(svg, { width });
    p = { width, ...panels(svg, width, state.name) };
    change({});
  }
  onDrag(svg, ([x]) => change({ z: Math.round(p.above.atX(x) * 20) / 20 }));
  return onWidth(frame, build);
}

export default { render };
