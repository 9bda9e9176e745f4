// What arrives at a sigmoid, before and after batch normalization, while the layers below change it.

const REACH = 12; // of z
const FLAT = 3; // beyond it a sigmoid's slope is below 0.05
const EPS = 1e-5;
const MOMENTUM = 0.9;
const MOST = 64; // examples
const TALL = 150;

const slopeOf = (z) => sigmoid(z) * (1 - sigmoid(z));
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const percent = (share) => `${number(100 * share, 0)} %`;

// Inputs of the batch, what normalization makes of them, and with which statistics.
export function compute({ noise, size, centre, spread, gamma, beta, mode, stored }) {
  const z = noise.slice(0, size).map((value) => centre + spread * value);
  const own = statistics(z);
  return { z, own, y: normalised(z, gamma, beta, mode === "batch" ? own : stored, EPS) };
}

function told(values) {
  const { mean: centre, variance } = statistics(values);
  const flat = values.filter((z) => Math.abs(z) > FLAT).length / values.length;
  return `mean ${number(Math.abs(centre) < 0.005 ? 0 : centre, 2)}, spread ${number(Math.sqrt(variance), 2)}; ${percent(flat)} on flat ground, mean slope ${number(mean(values.map(slopeOf)), 3)}`;
}

export function words(state) {
  const { z, y } = compute(state);
  const { stored } = state;
  const by = state.mode === "batch" ? "with this batch's statistics" : "with the stored statistics";
  return [
    `Before: ${told(z)} (0.25 at most).`,
    `After, ${by}: ${told(y)}.`,
    `Stored after ${state.batches} batch${state.batches === 1 ? "" : "es"}: mean ${number(stored.mean, 2)}, spread ${number(Math.sqrt(stored.variance), 2)}.`,
  ].join("\n");
}

function panel(svg, width, top, name) {
  const field = fieldIn(svg, { left: 46, top, width: width - 62, height: TALL, x: [-REACH, REACH], y: [-0.05, 1.05], yCount: 2, yName: name });
  for (const [from, to] of [[-REACH, -FLAT], [FLAT, REACH]]) {
    add(field.inner, "rect", { class: "bpl-shade", x: field.x(from), y: top, width: field.x(to) - field.x(from), height: TALL });
    add(field.group, "text", { class: "bpl-quiet", x: field.x((from + to) / 2), y: top + TALL / 2 + 4, "text-anchor": "middle" }, "flat");
  }
  const grid = Array.from({ length: 121 }, (_, k) => -REACH + (k / 60) * REACH);
  add(field.inner, "path", { class: "bpl-forward", d: through(grid.map((z) => [field.x(z), field.y(sigmoid(z))])) });
  const centre = add(field.inner, "path", { class: "bpl-s4" });
  const dots = Array.from({ length: MOST }, () => add(field.inner, "circle", { class: "bpl-forward bpl-mark bpl-thin", r: 4 }));
  return { field, dots, centre };
}

function paint({ field, dots, centre }, values) {
  dots.forEach((dot, k) => {
    const z = k < values.length ? values[k] : NaN;
    dot.style.display = k < values.length ? "" : "none";
    if (k < values.length) set(dot, { cx: field.x(z), cy: field.y(sigmoid(z)) });
  });
  set(centre, { d: `M${field.x(mean(values))},${field.top}v${field.height}` });
}

function render({ model, el }) {
  const start = model.get("state");
  const root = pictureIn(el, {
    name: "batch normalization",
    title: "However the inputs drift, after normalization they lie where the slope is steep",
    hint: "Drag in the upper panel to shift the inputs. Play: the layers below learn, and the inputs drift. Dotted line: the mean.",
  });
  const rng = generator(start.seed);
  const fresh = () => Array.from({ length: MOST }, rng.normal);
  const begin = () => ({ ...start, noise: fresh(), stored: { mean: 0, variance: 1 }, batches: 0, phase: 0 });
  const state = begin();
  const frame = add(root, "div");
  const svg = add(frame, "svg", { height: 2 * TALL + 118, role: "img", "aria-label": "Inputs of a sigmoid before and after normalization; their statistics are said below" });
  const say = sayingIn(root);
  const buttons = add(root, "div", { class: "bpl-buttons" });
  const play = button(buttons, "Play", () => drift.toggle());
  play.className = "bpl-main";
  button(buttons, "One more batch", () => {
    drift.stop();
    batch();
    update();
  });
  button(buttons, "Reset", () => {
    drift.stop();
    Object.assign(state, begin());
    update();
  });
  const modes = choices(root, { name: "statistics", options: [["batch", "of this batch (training)"], ["stored", "stored (evaluation)"]] }, (mode) => change({ mode }));
  const controls = add(root, "div", { class: "bpl-controls" });
  const two = (v) => number(v, 1);
  const sliders = [["input mean", "centre", -10, 10, 0.1, two], ["input spread", "spread", 0.1, 6, 0.1, two], ["gamma", "gamma", 0.1, 4, 0.1, two], ["beta", "beta", -5, 5, 0.1, two]].map(([name, key, min, max, step, show]) => {
    const one = slider(controls, { name, min, max, step, show }, (value) => change({ [key]: value }));
    return () => one.put(state[key]);
  });
  const size = slider(controls, { name: "batch size", min: 1, max: 6, step: 1, show: () => String(state.size) }, (power) => change({ size: 2 ** power }));
  let above = null;
  let below = null;

  // A batch of other examples; in training its statistics flow into the stored ones.
  function batch() {
    state.noise = fresh();
    state.batches += 1;
    if (state.mode === "batch") state.stored = running(state.stored, compute(state).own, MOMENTUM);
  }
  function step() {
    state.phase += 1;
    state.centre = Math.max(-10, Math.min(10, state.centre - 0.09 * Math.cos(state.phase / 110)));
    state.spread = Math.max(0.1, Math.min(6, state.spread + 0.02 * Math.sin(state.phase / 70)));
    if (state.phase % 6 === 0) batch();
    return true;
  }
  const drift = player({ root, step, draw: () => update(), atOnce: 120 });
  function change(news) {
    Object.assign(state, news);
    update();
  }
  function update() {
    const { z, y } = compute(state);
    paint(above, z);
    paint(below, y);
    sliders.forEach((put) => put());
    size.put(Math.log2(state.size), `${state.size} examples`);
    modes.put(state.mode);
    play.textContent = drift.playing ? "Pause" : "Play";
    say(words(state), drift.playing);
  }
  onDrag(svg, ([x]) => change({ centre: Math.max(-10, Math.min(10, Math.round(above.field.atX(x) * 10) / 10)) }));
  const unwatch = onWidth(frame, (width) => {
    svg.replaceChildren();
    set(svg, { width });
    above = panel(svg, width, 26, "sigmoid(z), before");
    below = panel(svg, width, TALL + 82, "sigmoid(z), after normalization");
    add(svg, "text", { x: width - 16, y: 2 * TALL + 116, "text-anchor": "end" }, "z");
    update();
  });
  return () => {
    drift.stop();
    unwatch();
  };
}

export default { render };
