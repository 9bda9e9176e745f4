// A network learns to part two classes while one watches its boundary.

const COUNT = 120; // points to learn from, and as many others
const BUDGET = 5; // milliseconds of training in a frame
const MOST = 20; // steps in a frame, once the first hundreds have been seen one by one
const LONGEST = 20000; // steps
const BENDS = { relu: "ReLU", tanh: "tanh", sigmoid: "sigmoid", identity: "none" };

export function begin({ set, noise, seed, depth, width }) {
  const points = generator(seed);
  const [data, others] = [0, 1].map(() => drawPoints(DATA_SETS[set], COUNT, noise, points));
  return { data, others, params: initMlp([2, ...Array(depth).fill(width), 2], generator(seed + 1000)) };
}

// One step of gradient descent on all points; gives back the loss before it.
export function learn(run, lr, activation) {
  const { loss, grads } = mlpLossGradients(run.data.x, run.data.labels, run.params, activation);
  run.params = sgdUpdate(run.params, grads, lr);
  return loss;
}

export function look({ data, others, params }, activation) {
  return [data, others].map(({ x, labels }) => {
    const forward = mlpForward(x, params, activation);
    return { loss: softmaxCrossEntropy(forward.logits, labels).loss, right: shareRight(probabilityOfOne(forward), labels) };
  });
}

function verdict({ depth, activation, step, lr }, [seen, unseen]) {
  if (!Number.isFinite(seen.loss)) return "The loss is no number any more: the learning rate is too large. Take a smaller one and new weights.";
  if (depth === 0) return "Without a hidden layer it can draw a straight line and nothing else.";
  if (activation === "identity") return "Layers without a bend are one layer: a straight line is all it can draw, however deep it is.";
  if (step === 0) return "Nothing is learnt yet: this boundary is chance.";
  if (step > 100 && seen.loss > 0.66) return `It still guesses: ${lr > 2 ? "a rate as large as this throws units to where they are silent for every point" : "the rate may be too small, or the units are silent for every point"}.`;
  if (seen.right - unseen.right > 0.08) return "It reads the points it has seen better than the others: some of it is learnt by heart.";
  return seen.right > 0.98 ? "It has found a rule." : "It is still on its way, or stuck: other weights, more units or another rate may help.";
}

export function words(state, found, probed) {
  const percent = (share) => `${number(100 * share, 0)} %`;
  const [seen, unseen] = found;
  return [
    `Step ${state.step}: loss ${number(seen.loss, 3)}, ${percent(seen.right)} right; on ${COUNT} other points ${number(unseen.loss, 3)}, ${percent(unseen.right)} right.`,
    `At the cross (${number(state.probe[0], 2)}, ${number(state.probe[1], 2)}): class ${probed > 0.5 ? "1, square" : "0, circle"}, with ${number(Math.max(probed, 1 - probed), 2)}.`,
    verdict(state, found),
  ].join("\n");
}

// The line on which each unit of the first hidden layer bends: w x + b = 0.
function unitLines({ W, b }, field) {
  const [low, high] = DOMAIN;
  return [...b[0]].map((bias, k) => {
    const [u, v] = [W[0].v[k], W[0].v[W[0].cols + k]];
    const ends = Math.abs(v) > Math.abs(u)
      ? [low, high].map((x) => [x, -(bias + u * x) / v])
      : [low, high].map((y) => [-(bias + v * y) / u, y]);
    return through(ends.map(([x, y]) => [field.x(x), field.y(y)]));
  }).join("");
}

function curve(field, losses) {
  const stride = Math.max(1, Math.ceil(losses.length / 300));
  return through(losses.filter((_, k) => k % stride === 0 || k === losses.length - 1).map(([step, loss]) => [field.x(step), field.y(loss)]));
}

function render({ model, el }) {
  const start = model.get("state");
  const state = { ...start, step: 0, units: false };
  const root = pictureIn(el, {
    name: "a network that learns to part two classes",
    title: "Each hidden unit bends the boundary once: how many does your problem need?",
    hint: "Choose points and a network, then Train. Drag the cross anywhere to ask what the network says there.",
  });
  const sets = choices(root, { name: "points", options: Object.entries(DATA_SETS).map(([key, { name }]) => [key, name]) }, (set) => restart({ set }));
  const bends = choices(root, { name: "activation", options: Object.entries(BENDS) }, (activation) => restart({ activation }));
  const frame = add(root, "div");
  const map = mapIn(frame, "Points of two classes and the boundary of the network, beside it the loss; the numbers are said below");
  const say = sayingIn(root);
  const buttons = add(root, "div", { class: "bpl-buttons" });
  const play = button(buttons, "Train", () => training.toggle());
  play.className = "bpl-main";
  button(buttons, "Step", () => {
    training.stop();
    move();
    update();
  });
  button(buttons, "New weights", () => restart({ seed: state.seed + 1 }));
  button(buttons, "Reset", () => restart(start));
  const units = checkbox(buttons, "each hidden unit's line", (on) => {
    state.units = on;
    update();
  });
  const controls = add(root, "div", { class: "bpl-controls" });
  const depth = slider(controls, { name: "hidden layers", min: 0, max: 4, step: 1, show: String }, (value) => restart({ depth: value }));
  const width = slider(controls, { name: "units in each", min: 1, max: 16, step: 1, show: String }, (value) => restart({ width: value }));
  const rate = slider(controls, { name: "learning rate", min: -2, max: 1, step: 0.05, show: () => number(state.lr, 2) }, (v) => {
    state.lr = Number((10 ** v).toPrecision(2));
    update();
  });
  const noise = slider(controls, { name: "noise", min: 0, max: 0.5, step: 0.02, show: (v) => number(v, 2) }, (value) => restart({ noise: value }));
  const probes = ["cross, across", "cross, up"].map((name, k) =>
    slider(controls, { name, min: DOMAIN[0], max: DOMAIN[1], step: 0.05, show: (v) => number(v, 2) }, (value) => {
      state.probe = state.probe.with(k, value);
      update();
    }));
  const grid = gridPoints();
  let [run, found, losses, parts, span] = [null, null, null, null, 0];

  function move() {
    const loss = learn(run, state.lr, state.activation);
    state.step += 1;
    return Number.isFinite(loss) && state.step < LONGEST;
  }
  function several() {
    const began = performance.now();
    const most = calm() ? MOST : Math.min(1 + Math.floor(state.step / 300), MOST);
    for (let k = 0; k < most && performance.now() - began < BUDGET; k++) if (!move()) return false;
    return true;
  }
  const training = player({ root, step: several, draw: () => update(), atOnce: 25 });
  function restart(news) {
    training.stop();
    const before = `${state.set} ${state.noise} ${state.seed}`;
    Object.assign(state, news, { step: 0 });
    run = begin(state);
    losses = { seen: [], unseen: [] };
    if (!parts) return build();
    if (before !== `${state.set} ${state.noise} ${state.seed}`) scatter(parts.points, parts.field, run.data);
    parts.chart?.group.remove();
    span = 0;
    update();
  }
  function build() {
    const width_ = frame.clientWidth;
    if (!width_) return;
    const beside = width_ >= 600;
    const side = Math.min(beside ? width_ * 0.5 : width_ - 50, 400);
    map.svg.replaceChildren();
    set(map.svg, { width: width_, height: beside ? side + 56 : side + 270 });
    const field = fieldIn(map.svg, { left: 34, top: 12, width: side, height: side, x: DOMAIN, y: DOMAIN, xCount: 4, yCount: 4 });
    map.place(field);
    map.retint(root);
    parts = { field, points: add(field.inner, "g"), lines: add(field.inner, "path", { class: "bpl-s4" }), line: add(field.inner, "path", { class: "bpl-border" }), probe: add(field.inner, "path", { class: "bpl-probe" }) };
    parts.place = beside ? { left: side + 90, top: 30, width: width_ - side - 106, height: side - 40 } : { left: 46, top: side + 72, width: width_ - 64, height: 150 };
    scatter(parts.points, field, run.data);
    span = 0;
    update();
  }
  function chart() {
    span = [50, 100, 200, 500, 1000, 2000, 5000, 10000, LONGEST].find((most) => most >= state.step);
    parts.chart?.group.remove();
    parts.chart = fieldIn(map.svg, { ...parts.place, x: [0, span], y: [0, 1.2], xCount: 4, yCount: 4, xName: "steps taken", yName: "loss" });
    const [name, y] = [(css, text, at) => add(parts.chart.group, "text", { class: css, x: parts.chart.left + parts.chart.width, y: at, "text-anchor": "end" }, text), parts.chart.top];
    name("bpl-f", "── points shown", y + 12);
    name("bpl-quiet", "╌╌ others", y + 30);
    parts.curves = { seen: add(parts.chart.inner, "path", { class: "bpl-s0" }), unseen: add(parts.chart.inner, "path", { class: "bpl-s1" }) };
  }
  function update() {
    if (!parts) return;
    found = look(run, state.activation);
    if (losses.seen.at(-1)?.[0] !== state.step) {
      losses.seen.push([state.step, found[0].loss]);
      losses.unseen.push([state.step, found[1].loss]);
    }
    if (state.step > span || !span) chart();
    for (const name of ["seen", "unseen"]) set(parts.curves[name], { d: curve(parts.chart, losses[name]) });
    const p = probabilityOfOne(mlpForward(grid, run.params, state.activation));
    map.fill(p);
    set(parts.line, { d: contour(parts.field, DOMAIN, DOMAIN, (x, y, i, j) => p[j * (CELLS + 1) + i], 0.5, CELLS) });
    set(parts.lines, { d: state.units && state.depth > 0 ? unitLines(run.params, parts.field) : "" });
    set(parts.probe, { d: MARKS.cross(parts.field.x(state.probe[0]), parts.field.y(state.probe[1]), 8) });
    put();
  }
  function put() {
    sets.put(state.set);
    bends.put(state.activation);
    units.put(state.units);
    depth.put(state.depth);
    width.put(state.width);
    noise.put(state.noise);
    rate.put(Math.log10(state.lr), number(state.lr, 2));
    probes.forEach((one, k) => one.put(state.probe[k]));
    play.textContent = training.playing ? "Pause" : "Train";
    enable(play, Number.isFinite(found[0].loss));
    const [probed] = probabilityOfOne(mlpForward({ rows: 1, cols: 2, v: Float64Array.from(state.probe) }, run.params, state.activation));
    say(words(state, found, probed), training.playing);
  }
  onDrag(map.svg, ([x, y]) => {
    if (x > parts.field.left + parts.field.width + 20 || y > parts.field.top + parts.field.height + 20) return;
    state.probe = [parts.field.atX(x), parts.field.atY(y)].map((v) => Math.round(v * 20) / 20);
    update();
  }, { both: true });
  restart({});
  const unwatch = onWidth(frame, build);
  const untheme = onTheme(() => {
    map.retint(root);
    update();
  });
  return () => {
    training.stop();
    unwatch();
    untheme();
  };
}

export default { render };
