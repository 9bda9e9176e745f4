// The interactive backpropagation diagram: values forward, gradients backward, one step at a time.

const NARROWEST = 500;
const ROW = 132; // height of the row of operations
const RADIUS = 20;
const PAUSE = 1100; // milliseconds between two steps of "Play all"

// Each step: what it makes, from what. The place says where it stands: an edge (0 to 5) or a node (1 to 5).
export const STEPS = [
  ["z1", "z1 = w1 * x", (c) => [c.w1, c.x]],
  ["h", "h = sigmoid(z1)", (c) => [c.z1]],
  ["z2", "z2 = w2 * h", (c) => [c.w2, c.h]],
  ["y_hat", "y_hat = sigmoid(z2)", (c) => [c.z2]],
  ["loss", "L = 1/2 (y_hat - y)^2", (c) => [c.y_hat, c.y]],
  ["dy_hat", "dL/dy_hat = y_hat - y", (c) => [c.y_hat, c.y]],
  ["dz2", "dL/dz2 = dL/dy_hat * y_hat (1 - y_hat)", (c) => [c.dy_hat, c.slope2]],
  ["dw2", "dL/dw2 = dL/dz2 * h", (c) => [c.dz2, c.h]],
  ["dh", "dL/dh = dL/dz2 * w2", (c) => [c.dz2, c.w2]],
  ["dz1", "dL/dz1 = dL/dh * h (1 - h)", (c) => [c.dh, c.slope1]],
  ["dw1", "dL/dw1 = dL/dz1 * x", (c) => [c.dz1, c.x]],
];
const FORWARD_STEPS = 5;

export function sentence(c, k) {
  if (k === 0) return 'Nothing is computed yet. Press "Next step": first the values, from left to right.';
  const [name, formula, inputs] = STEPS[k - 1];
  const n = inputs(c).map((value) => number(value));
  const bracket = (text) => (text.startsWith("-") ? `(${text})` : text);
  const middle = formula.includes("sigmoid")
    ? `sigmoid(${n[0]})`
    : formula.includes("^2") ? `1/2 (${n[0]} - ${bracket(n[1])})^2`
    : name === "dy_hat" ? `${n[0]} - ${bracket(n[1])}`
    : `${n[0]} * ${bracket(n[1])}`;
  const way = k <= FORWARD_STEPS ? "forward" : "backward";
  return `Step ${k} of ${STEPS.length}, ${way}: ${formula} = ${middle} = ${number(c[name])}`;
}

const VALUES = [["x", "x"], ["z1", "z1"], ["h", "h"], ["z2", "z2"], ["y_hat", "ŷ"], ["loss", "L"]];
const GRADIENTS = [["dz1", "dz1", 1], ["dh", "dh", 2], ["dz2", "dz2", 3], ["dy_hat", "dŷ", 4]];
const FEEDS = [["w1", 1, "dw1"], ["w2", 3, "dw2"], ["y", 5, null]];
// The local factor that each gradient was multiplied by, and where it stands.
const FACTORS = [["dz1", 2, (c) => number(c.slope1)], ["dh", 3, (c) => number(c.w2)], ["dz2", 4, (c) => number(c.slope2)]];
const WEIGHT_FACTORS = [["dw1", 1, (c) => number(c.x)], ["dw2", 3, (c) => number(c.h)]];

const orderOf = (name) => STEPS.findIndex((step) => step[0] === name) + 1; // 0: given from the start

function arrow(group, kind, x1, y1, x2, y2, dashes = "") {
  const length = Math.hypot(x2 - x1, y2 - y1);
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
  const [bx, by] = [x2 - 9 * ux, y2 - 9 * uy];
  add(group, "path", { class: `bpl-${kind} ${dashes}`, d: `M${x1},${y1}L${bx},${by}` });
  const head = `M${x2},${y2}L${bx - 5 * uy},${by + 5 * ux}L${bx + 5 * uy},${by - 5 * ux}Z`;
  add(group, "path", { class: `bpl-fill-${kind[0]}`, style: "stroke:none", d: head });
}

// Two lines: name above, number below. Returns what `show` needs.
function label(group, css, x, y, name, anchor = "middle") {
  const first = add(group, "text", { class: css, x, y, "text-anchor": anchor }, name);
  const second = add(group, "text", { class: css, x, y: y + 17, "text-anchor": anchor });
  return { lines: [first, second], css, put: (text) => (second.textContent = text) };
}

function build(svg, width) {
  svg.replaceChildren();
  const gap = (width - 12) / 6;
  const x = (k) => 6 + k * gap;
  const items = []; // { name, group, label, say }
  const item = (name, say, make) => {
    const group = add(svg, "g");
    items.push({ name, group, order: orderOf(name), say, label: make(group) });
  };
  const rim = RADIUS + 4;
  VALUES.forEach(([name, shown], k) => item(name, (c) => number(c[name]), (g) => {
    arrow(g, "forward", x(k) + (k ? rim : 0), ROW, x(k + 1) - (k < 5 ? rim : 0), ROW);
    return label(g, "bpl-f", (x(k) + x(k + 1)) / 2, ROW - 30, shown);
  }));
  FEEDS.forEach(([name, k, gradient]) => {
    const shift = gradient ? 7 : 0;
    item(name, null, (g) => {
      arrow(g, name === "y" ? "target" : "forward", x(k) - shift, 34, x(k) - shift, ROW - rim, name === "y" ? "bpl-dotted" : "");
      return label(g, name === "y" ? "bpl-t" : "bpl-f", x(k), 22, "");
    });
    if (gradient) item(gradient, (c) => number(c[gradient]), (g) => {
      arrow(g, "backward", x(k) + shift, ROW - rim, x(k) + shift, 34, "bpl-dashed");
      return label(g, "bpl-b", x(k) + 16, 52, gradient, "start");
    });
  });
  GRADIENTS.forEach(([name, shown, k]) => item(name, (c) => number(c[name]), (g) => {
    arrow(g, "backward", x(k + 1) - rim, ROW + 17, x(k) + rim, ROW + 17, "bpl-dashed");
    return label(g, "bpl-b", x(k + 0.5), ROW + 58, shown);
  }));
  const factor = (name, say, fx, fy, anchor) => item(name, say, (g) => {
    const text = add(g, "text", { class: "bpl-quiet", x: fx, y: fy, "text-anchor": anchor });
    return { lines: [text], css: "bpl-quiet", put: (t) => (text.textContent = t) };
  });
  FACTORS.forEach(([name, k, say]) => factor(name, (c) => `× ${say(c)}`, x(k), ROW + 40, "middle"));
  WEIGHT_FACTORS.forEach(([name, k, say]) => factor(name, (c) => `× ${say(c)}`, x(k) - 15, 70, "end"));
  factor("dy_hat", () => "ŷ − y", x(5), ROW + 40, "middle");
  const nodes = ["×", "σ", "×", "σ", "L"].map((sign, k) => {
    const circle = add(svg, "circle", { class: "bpl-node", cx: x(k + 1), cy: ROW, r: RADIUS });
    add(svg, "text", { class: "bpl-sign", x: x(k + 1), y: ROW + 6, "text-anchor": "middle" }, sign);
    return circle;
  });
  return { items, nodes };
}

const NODE_OF = { z1: 0, h: 1, z2: 2, y_hat: 3, loss: 4, dy_hat: 4, dz2: 3, dw2: 2, dh: 2, dz1: 1, dw1: 0 };

function paint(drawn, c, k) {
  const now = k > 0 ? STEPS[k - 1][0] : "";
  for (const { name, group, order, say, label } of drawn.items) {
    const known = order <= k;
    const backward = order > FORWARD_STEPS;
    group.classList.toggle("bpl-hidden", backward && !known);
    group.classList.toggle("bpl-later", !known);
    for (const line of label.lines) line.setAttribute("class", label.css + (name === now && label.css !== "bpl-quiet" ? " bpl-now" : ""));
    if (say) label.put(known ? pretty(say(c)) : "?");
    else label.lines[0].textContent = pretty(`${name} = ${number(c[name], 2)}`) + (name === "y" ? " ◇" : "");
  }
  drawn.nodes.forEach((node, i) => node.classList.toggle("bpl-now", i === NODE_OF[now]));
}

function legend(root) {
  legendIn(root, [
    ["──▸", "forward-text", "values, to the right"],
    ["◂╌╌", "backward-text", "gradients, to the left"],
    ["┈▸ ◇", "target-text", "target"],
    ["×", "quiet", "local factor"],
  ]);
}

function render({ model, el }) {
  const start = model.get("state");
  const state = { ...start };
  const root = pictureIn(el, {
    name: "backpropagation through two weights",
    title: "Values go forward; blame comes back, one factor at a time",
  });
  legend(root);
  const frame = add(root, "div", { class: "bpl-drawing" });
  const svg = add(frame, "svg", { height: ROW + 84, role: "img", "aria-label": "Graph of two weights; each step is said below" });
  const say = sayingIn(root);
  const buttons = add(root, "div", { class: "bpl-buttons" });
  const steps = stepperIn(buttons, { last: STEPS.length, pause: PAUSE, update: () => update() });
  button(buttons, "Reset", () => {
    Object.assign(state, start);
    steps.go(0);
  });
  const controls = add(root, "div", { class: "bpl-controls" });
  const sliders = [["x", "input x", 2], ["w1", "weight w1", 3], ["w2", "weight w2", 3], ["y", "target y", 1]].map(([name, said, reach]) => {
    const limit = Math.max(reach, Math.ceil(Math.abs(start[name])));
    const least = name === "y" && start.y >= 0 ? 0 : -limit;
    const one = slider(controls, { name: said, min: least, max: limit, step: 0.05, show: (v) => number(v, 2) }, (value) => {
      state[name] = value;
      update();
    });
    return () => one.put(state[name], `${said} ${number(state[name], 2)}`);
  });
  let drawn = null;

  function update() {
    const c = twoWeights(state.x, state.w1, state.w2, state.y);
    paint(drawn, c, steps.k);
    say(sentence(c, steps.k));
    steps.put();
    sliders.forEach((put) => put());
  }
  const unwatch = onWidth(frame, (width) => {
    const wide = Math.max(width, NARROWEST);
    svg.setAttribute("width", wide);
    drawn = build(svg, wide);
    update();
  });
  return () => {
    steps.stop();
    unwatch();
  };
}

export default { render };
