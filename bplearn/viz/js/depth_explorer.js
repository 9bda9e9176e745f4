// Gradients layer by layer in a deep network, at the start and while it trains.

const COUNT = 64;
const NAMES = { sigmoid: "sigmoid", tanh: "tanh", relu: "ReLU" };
const STARTS = { small: "too small", xavier: "Xavier", he: "He", large: "too large" };
const TALL = 180;
const FRAMES = 2;
const LONGEST = 5000; // steps

const times = (value) => (value < 1e4 ? number(value, value < 10 ? 1 : 0) : value.toExponential(0).replace("+", ""));

export function words({ activation, init, depth, steps, layer }, { loss, right, norms, spreads }) {
  const [first, last] = [norms[0], norms.at(-1)];
  const each = (first / last) ** (1 / depth);
  const fate = first < 1e-3 * last
    ? `its share is ${times(last / first)} times smaller than the last one's: layer 1 hardly learns`
    : first > 1e3 * last ? `its share is ${times(first / last)} times larger than the last one's: it explodes` : "about as much as the last one: the blame gets through";
  return [
    `${depth} hidden layers of ${NAMES[activation]}, weights ${STARTS[init]}. Layer 1 gets ${first.toExponential(1)}, ${fate}.`,
    `Each layer on the way back multiplies by ${number(each, 2)}. Layer ${layer}: gradient ${norms[layer - 1].toExponential(1)}, spread of its output ${spreads[layer - 1].toExponential(1)}.`,
    `After ${steps} step${steps === 1 ? "" : "s"}: loss ${number(loss, 3)} (ln 2 = 0.693 is guessing), ${number(100 * right, 0)} % right.`,
  ].join("\n");
}

// A field over the layers with a line of marks; powers of ten upwards.
function fieldOf(svg, top, width, layers, y, yName, css, kind) {
  const field = fieldIn(svg, { left: 54, top, width: width - 72, height: TALL, x: [0.5, layers + 0.5], y, yPowers: true, yName, xName: "layer", yCount: 5, xCount: Math.min(layers, Math.round(width / 60)) });
  return { ...field, kind, here: add(field.inner, "path", { class: "bpl-axis bpl-dotted" }), line: add(field.inner, "path", { class: css }), marks: add(field.inner, "g") };
}

function paint(field, values, layer) {
  const points = values.map((value, k) => [field.x(k + 1), field.y(Math.log10(Math.max(value, 1e-300)))]);
  set(field.line, { d: through(points) });
  field.marks.replaceChildren();
  points.forEach(([x, y], k) => add(field.marks, "path", { class: `bpl-${field.kind} bpl-mark bpl-thin`, d: MARKS.circle(x, y, k + 1 === layer ? 7 : 3.5) }));
  set(field.here, { d: `M${field.x(layer)},${field.top}v${field.height}` });
}

function render({ model, el }) {
  const start = model.get("state");
  const state = { ...start, steps: 0 };
  const root = pictureIn(el, {
    name: "gradients layer by layer",
    title: "A straight line down to the left: each layer takes its share of the blame",
    hint: "Read the upper panel from right to left, as blame travels. Change depth, activation and start; then let it train.",
  });
  const bends = choices(root, { name: "activation", options: Object.entries(NAMES) }, (activation) => restart({ activation }));
  const inits = choices(root, { name: "weights", options: Object.entries(STARTS) }, (init) => restart({ init }));
  const frame = add(root, "div");
  const svg = add(frame, "svg", { height: 2 * TALL + 138, role: "img", "aria-label": "Above the gradient of each layer, below the spread of the signal; the numbers are said below" });
  const say = sayingIn(root);
  const buttons = add(root, "div", { class: "bpl-buttons" });
  const play = button(buttons, "Train", () => training.toggle());
  play.className = "bpl-main";
  button(buttons, "Step", () => {
    training.stop();
    move();
    update();
  });
  button(buttons, "Other weights", () => restart({ seed: state.seed + 1 }));
  button(buttons, "Reset", () => restart(start));
  const controls = add(root, "div", { class: "bpl-controls" });
  const depth = slider(controls, { name: "hidden layers", min: 2, max: 30, step: 1, show: String }, (value) => restart({ depth: value }));
  const rate = slider(controls, { name: "learning rate", min: -2, max: 0.5, step: 0.05, show: () => number(state.lr, 2) }, (v) => change({ lr: Number((10 ** v).toPrecision(2)) }));
  let layer = null;
  const layerPlace = add(root, "div", { class: "bpl-controls" });
  let [data, params, found, above, below, ticks] = [null, null, null, null, null, 0];

  function move() {
    params = sgdUpdate(params, found.grads, state.lr);
    found = measureLayers(data, params, state.activation);
    state.steps += 1;
    return state.steps < LONGEST && Number.isFinite(found.loss);
  }
  const training = player({ root, step: () => ((ticks += 1), calm() || ticks % FRAMES === 0 ? move() : true), draw: () => update(), atOnce: 200 });
  function restart(news) {
    training.stop();
    Object.assign(state, news, { steps: 0 });
    const rng = generator(state.seed);
    data = crossedPoints(COUNT, rng);
    params = deepNetwork(state.depth, GAINS[state.init], rng);
    found = measureLayers(data, params, state.activation);
    state.layer = Math.min(news.layer || state.layer, state.depth + 1);
    layerPlace.replaceChildren();
    layer = slider(layerPlace, { name: "layer", css: "bpl-whole", min: 1, max: state.depth + 1, step: 1, show: String }, (value) => change({ layer: value }));
    build();
  }
  function change(news) {
    Object.assign(state, news);
    update();
  }
  function build() {
    const width = frame.clientWidth;
    if (!width) return;
    svg.replaceChildren();
    set(svg, { width });
    above = fieldOf(svg, 28, width, state.depth + 1, [-20, 3], "size of the gradient dW", "bpl-backward bpl-dashed", "backward");
    below = fieldOf(svg, TALL + 94, width, state.depth + 1, [-14, 2], "spread of the output", "bpl-forward", "forward");
    update();
  }
  function update() {
    if (!above) return;
    paint(above, found.norms, state.layer);
    paint(below, found.spreads, state.layer);
    bends.put(state.activation);
    inits.put(state.init);
    depth.put(state.depth);
    rate.put(Math.log10(state.lr), number(state.lr, 2));
    layer.put(state.layer, `layer ${state.layer}, gradient ${found.norms[state.layer - 1].toExponential(1)}`);
    play.textContent = training.playing ? "Pause" : "Train";
    say(words(state, found), training.playing);
  }
  onDrag(svg, ([x]) => change({ layer: Math.min(Math.max(Math.round(above.atX(x)), 1), state.depth + 1) }));
  restart({});
  const unwatch = onWidth(frame, build);
  return () => {
    training.stop();
    unwatch();
  };
}

export default { render };
