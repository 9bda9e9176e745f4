// A small layered network: values forward, gradients back, layer by layer, for one example or a batch of four.

const NARROWEST = 520;
const HEIGHT = 372;
const RADIUS = 27;
const PAUSE = 1300; // milliseconds between two steps of "Play all"
const LIFT = 0.015; // change of a weight for each pixel
const REACH = 3; // of a weight

const STEPS = [
  ["z1", "z1 = x @ W1 + b1", "each hidden unit adds up its inputs, times its weights"],
  ["a1", "a1 = relu(z1)", "what is negative is switched off; a crossed unit is silent for every example shown"],
  ["logits", "logits = a1 @ W2 + b2", "the same once more, without a bend"],
  ["loss", "p = softmax(logits), loss = mean of -ln p[label]", "how surprised it is by the labels"],
  ["dlogits", "dlogits = (p - one_hot) / N", "the way back begins: said minus happened"],
  ["dW2", "dW2 = a1.T @ dlogits", "each weight gets what went in times what arrives, added up over the examples"],
  ["da1", "da1 = dlogits @ W2.T", "back through the same weights: each unit adds up the blame of all that it fed"],
  ["dz1", "dz1 = da1 where z1 > 0", "a switch that was off lets nothing back"],
  ["dW1", "dW1 = x.T @ dz1", "and again: what went in, times what arrives"],
];
const FORWARD = 4;
const FIRST = 2; // the weight chosen at first: W1[0, 2]
const at = (name) => STEPS.findIndex((step) => step[0] === name) + 1;

// Everything there is to show, for the rows chosen.
export function compute({ x, labels, params, rows }) {
  const picked = matrix(rows.map((i) => x[i]));
  const own = rows.map((i) => labels[i]);
  const { logits, cache } = mlpForward(picked, params);
  const { loss, dlogits } = softmaxCrossEntropy(logits, own);
  const grads = mlpBackward(dlogits, cache, params);
  return { x: picked, z1: cache[0].z, a1: cache[0].out, logits, loss, labels: own, dlogits, da1: grads.da[1], dz1: grads.dz[0], grads };
}

const column = ({ rows, cols, v }, j) => Array.from({ length: rows }, (_, i) => v[i * cols + j]);
const bracketed = (value) => (value < 0 ? `(${number(value, 2)})` : number(value, 2));

// All weights in one row: layer, from, to.
export function weightsOf(params) {
  return params.W.flatMap(({ rows, cols }, layer) => Array.from({ length: rows * cols }, (_, i) => ({ layer, from: Math.floor(i / cols), to: i % cols, i })));
}

export function aboutWeight({ layer, from, to, i }, params, c, k) {
  const name = `W${layer + 1}[${from}, ${to}]`;
  const has = `${name} = ${number(params.W[layer].v[i], 2)}.`;
  if (k < at(layer ? "dW2" : "dW1")) return `Chosen: ${has} Its gradient is not there yet.`;
  const [went, came] = layer ? [["a1", c.a1], ["dlogits", c.dlogits]] : [["x", c.x], ["dz1", c.dz1]];
  const products = column(went[1], from).map((value, row) => `${bracketed(value)} * ${bracketed(column(came[1], to)[row])}`);
  return `Chosen: ${has} d${name} = ${products.length === 1 ? `${went[0]}[${from}] * ${came[0]}[${to}] = ` : "one product for each example: "}${products.join(" + ")} = ${number(c.grads.W[layer].v[i], 3)}.`;
}

export function sentence(c, k) {
  if (k === 0) return 'Nothing is computed yet. Press "Next step": first the values, layer by layer.';
  const [name, formula, meaning] = STEPS[k - 1];
  const value = name === "loss" ? ` The loss is ${number(c.loss, 3)}.` : "";
  return `Step ${k} of ${STEPS.length}, ${k <= FORWARD ? "forward" : "backward"}: ${formula}; ${meaning}.${value}`;
}

// Width of an edge, from 1 to 8 pixels.
const thick = (value, most) => 1 + (7 * Math.min(Math.abs(value), most)) / most;

function layersOf(x, params, width) {
  const sizes = [x[0].length, ...params.W.map(({ cols }) => cols)];
  const across = [46, 0.4 * width, 0.72 * width];
  return sizes.map((size, layer) => Array.from({ length: size }, (_, k) => ({ x: across[layer], y: 52 + ((HEIGHT - 96) * (k + 0.5)) / size })));
}

function build(svg, state, width) {
  svg.replaceChildren();
  const wide = Math.max(width, NARROWEST);
  set(svg, { width: wide, height: HEIGHT });
  const layers = layersOf(state.x, state.params, wide);
  ["inputs x", "hidden: z1, a1", "logits, p"].forEach((name, k) => add(svg, "text", { class: "bpl-quiet", x: layers[k][0].x, y: 18, "text-anchor": k ? "middle" : "start", dx: k ? 0 : -40 }, name));
  const edges = weightsOf(state.params).map((weight) => {
    const [a, b] = [layers[weight.layer][weight.from], layers[weight.layer + 1][weight.to]];
    const long = Math.hypot(b.x - a.x, b.y - a.y);
    const [ux, uy] = [(b.x - a.x) / long, (b.y - a.y) / long];
    const line = (css, shift) => add(svg, "path", { class: css, d: `M${a.x + ux * RADIUS - uy * shift},${a.y + uy * RADIUS + ux * shift}L${b.x - ux * RADIUS - uy * shift},${b.y - uy * RADIUS + ux * shift}` });
    return { ...weight, a, b, chosen: line("bpl-chosen", 0), ahead: line("bpl-forward", 0), back: line("bpl-backward bpl-dashed", 6) };
  });
  const units = layers.flatMap((places, layer) => places.map((place, k) => unitIn(svg, layer, k, place)));
  const lossX = wide - 50;
  for (const { x, y } of layers[2]) add(svg, "path", { class: "bpl-axis", d: `M${x + RADIUS + 30},${y}L${lossX - 30},${HEIGHT / 2 + 4}` });
  add(svg, "rect", { class: "bpl-node", x: lossX - 30, y: HEIGHT / 2 - 22, width: 76, height: 50, rx: 8 });
  add(svg, "text", { class: "bpl-strong", x: lossX + 8, y: HEIGHT / 2 - 2, "text-anchor": "middle" }, "loss");
  return { edges, units, loss: add(svg, "text", { class: "bpl-f", x: lossX + 8, y: HEIGHT / 2 + 18, "text-anchor": "middle" }) };
}

function unitIn(svg, layer, k, { x, y }) {
  const group = add(svg, "g");
  const circle = add(group, "circle", { class: "bpl-node", cx: x, cy: y, r: RADIUS });
  const cross = add(group, "path", { class: "bpl-axis", d: MARKS.cross(x, y, RADIUS * 0.7) });
  const line = (css, dy) => add(group, "text", { class: css, x, y: y + dy, "text-anchor": "middle" });
  return { layer, k, x, y, circle, cross, value: line("bpl-f", 5), grad: line("bpl-b", RADIUS + 17), bars: add(group, "g") };
}

// What a unit shows at step k: the name and column of its value and of its gradient, if they are there.
function shownAt({ layer, k: j }, c, k) {
  if (layer === 0) return { value: ["x", column(c.x, j)], grad: null };
  if (layer === 1) {
    const value = k >= at("a1") ? ["a", column(c.a1, j)] : k >= at("z1") ? ["z", column(c.z1, j)] : null;
    const grad = k >= at("dz1") ? ["dz", column(c.dz1, j)] : k >= at("da1") ? ["da", column(c.da1, j)] : null;
    return { value, grad };
  }
  const p = Array.from({ length: c.logits.rows }, (_, i) => sigmoid(column(c.logits, j)[i] - column(c.logits, 1 - j)[i]));
  const value = k >= at("loss") ? ["p", p] : k >= at("logits") ? ["z", column(c.logits, j)] : null;
  return { value, grad: k >= at("dlogits") ? ["dz", column(c.dlogits, j)] : null };
}

// Four small bars, one for each example: values blue and filled, gradients orange and hollow.
function barsOf(group, values, { x, y }, css, most) {
  values.forEach((value, i) => {
    const tall = Math.max((20 * Math.min(Math.abs(value), most)) / most, 1);
    add(group, "rect", { class: css, x: x - 18 + i * 9.5, width: 7, y: value > 0 ? y - tall : y, height: tall });
  });
}

function paintUnit(unit, c, k) {
  const { value, grad } = shownAt(unit, c, k);
  const several = c.x.rows > 1;
  unit.bars.replaceChildren();
  const text = (pair) => `${pair[0]} ${number(pair[1][0], 2)}`;
  unit.value.textContent = !value ? "?" : several ? "" : pretty(text(value));
  unit.grad.textContent = !grad ? "" : pretty(several ? grad[0] : text(grad));
  if (several && value) barsOf(unit.bars, value[1], unit, "bpl-fill-f bpl-thinner", 2);
  if (several && grad) barsOf(unit.bars, grad[1], { x: unit.x + 36, y: unit.y + RADIUS + 13 }, "bpl-backward bpl-hollow bpl-thin", 0.25);
  const silent = unit.layer === 1 && k >= at("a1") && column(c.a1, unit.k).every((a) => a === 0);
  unit.cross.style.display = silent ? "" : "none";
}

function paint(drawn, state, c, k) {
  const { params } = state;
  drawn.edges.forEach(({ layer, i, chosen, ahead, back }, index) => {
    const [w, dw] = [params.W[layer].v[i], c.grads.W[layer].v[i]];
    ahead.style.strokeWidth = thick(w, 2.5);
    ahead.setAttribute("class", `bpl-forward ${w < 0 ? "bpl-dashed" : ""} ${k >= at(layer ? "logits" : "z1") ? "" : "bpl-later"}`);
    back.style.strokeWidth = dw === 0 ? 0 : thick(dw, 0.5);
    back.classList.toggle("bpl-hidden", k < at(layer ? "dW2" : "dW1"));
    chosen.classList.toggle("bpl-hidden", index !== state.weight);
  });
  drawn.units.forEach((unit) => paintUnit(unit, c, k));
  drawn.loss.textContent = k >= at("loss") ? number(c.loss, 3) : "?";
}

function legend(root) {
  legendIn(root, [
    ["━━", "forward-text", "weight above 0"],
    ["╍╍", "forward-text", "below 0; as thick as it is large"],
    ["╌╌", "backward-text", "its gradient"],
    ["▮", "forward-text", "four values"],
    ["▯", "backward-text", "four gradients"],
  ]);
}

function render({ model, el }) {
  const start = model.get("state");
  const first = () => ({ W: start.W.map(matrix), b: start.b.map((b) => Float64Array.from(b)) });
  const state = { x: start.x, labels: start.labels, params: first(), rows: [start.example], weight: FIRST, lr: start.lr, taken: 0 };
  const weights = weightsOf(state.params);
  const root = pictureIn(el, {
    name: "backpropagation through two layers",
    title: "The way back uses the same edges, and what the way forward left at their ends",
    hint: "Step forward and back. Choose a weight with a click or the slider; drag its edge up or down to change it.",
  });
  legend(root);
  const examples = choices(root, { name: "examples", options: [...start.x.map((x, i) => [String(i), `(${x.join(", ")}) is ${start.labels[i]}`]), ["all", "all four"]] }, (which) => change({ rows: which === "all" ? start.x.map((_, i) => i) : [Number(which)] }));
  const frame = add(root, "div", { class: "bpl-drawing", tabindex: "0", role: "region", "aria-label": "The network, which may be wider than its place" });
  const svg = add(frame, "svg", { role: "img", "aria-label": "Network of two layers; each step and the chosen edge are said below" });
  const say = sayingIn(root);
  const buttons = add(root, "div", { class: "bpl-buttons" });
  const steps = stepperIn(buttons, { last: STEPS.length, pause: PAUSE, update: () => update() });
  const descend = button(buttons, "Take a step downhill", () => {
    state.params = sgdUpdate(state.params, compute(state).grads, state.lr);
    state.taken += 1;
    steps.go(FORWARD);
  });
  button(buttons, "Reset", () => {
    Object.assign(state, { params: first(), taken: 0, lr: start.lr, rows: [start.example], weight: FIRST });
    steps.go(0);
  });
  const controls = add(root, "div", { class: "bpl-controls" });
  const which = slider(controls, { name: "weight no.", min: 1, max: weights.length, step: 1, show: String }, (v) => change({ weight: v - 1 }));
  const value = slider(controls, { name: "its value", min: -REACH, max: REACH, step: 0.05, show: (v) => number(v, 2) }, (v) => put(v));
  const rate = slider(controls, { name: "learning rate", min: -1, max: 1, step: 0.05, show: () => number(state.lr, 2) }, (v) => change({ lr: Number((10 ** v).toPrecision(2)) }));
  let [drawn, held] = [null, null];

  function put(w) {
    const { layer, i } = weights[state.weight];
    const limited = Math.min(Math.max(Math.round(w * 100) / 100, -REACH), REACH);
    const W = state.params.W.map((one, k) => (k === layer ? { ...one, v: one.v.with(i, limited) } : one));
    change({ params: { ...state.params, W } });
  }
  function change(news) {
    Object.assign(state, news);
    update();
  }
  function update() {
    const c = compute(state);
    const { layer, from, to, i } = weights[state.weight];
    paint(drawn, state, c, steps.k);
    steps.put();
    examples.put(state.rows.length > 1 ? "all" : state.rows[0]);
    which.put(state.weight + 1, `W${layer + 1}, from ${from} to ${to}`);
    value.put(state.params.W[layer].v[i], `W${layer + 1}[${from}, ${to}] ${number(state.params.W[layer].v[i], 2)}, loss ${number(c.loss, 3)}`);
    rate.put(Math.log10(state.lr), number(state.lr, 2));
    enable(descend, steps.k === STEPS.length);
    const taken = state.taken ? `\nSteps downhill so far: ${state.taken}.` : "";
    say(`${sentence(c, steps.k)}\n${aboutWeight(weights[state.weight], state.params, c, steps.k)}${taken}`);
  }
  onDrag(svg, ([x, y], begins) => {
    if (begins) {
      const far = drawn.edges.map(({ a, b }) => (x < a.x || x > b.x ? 1e9 : Math.abs(a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x) - y)));
      const nearest = Math.min(...far);
      held = nearest < 24 ? { y } : null;
      if (!held) return;
      change({ weight: far.indexOf(nearest) });
      held.value = state.params.W[weights[state.weight].layer].v[weights[state.weight].i];
    } else if (held) put(held.value + LIFT * (held.y - y));
  }, { both: true });
  const unwatch = onWidth(frame, (width) => {
    drawn = build(svg, state, width);
    update();
  });
  return () => {
    steps.stop();
    unwatch();
  };
}

export default { render };
