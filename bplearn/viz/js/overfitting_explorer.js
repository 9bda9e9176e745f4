// A network learns few points by heart, wrong labels included, and what keeps it from that.

const SEEN = 40;
const UNSEEN = 300;
const UNITS = 32;
const LR = 0.1;
const MU = 0.9;
const LONGEST = 600; // epochs; each is one step on all points

export function begin({ seed, noise, wrong }) {
  const points = generator(seed);
  const [data, others] = [SEEN, UNSEEN].map((count) => drawPoints(DATA_SETS.moons, count, noise, points));
  const flipped = Math.round(wrong * SEEN);
  data.labels = data.labels.map((label, i) => (i < flipped ? 1 - label : label));
  const run = { data, others, flipped, params: initMlp([2, UNITS, 2], generator(seed + 1000)), velocity: null, mask: null, rng: generator(seed + 2000), epochs: [] };
  keep(run);
  return run;
}

function keep(run) {
  const [seen, unseen] = [run.data, run.others].map(({ x, labels }) => softmaxCrossEntropy(mlpForward(x, run.params).logits, labels).loss);
  run.epochs.push({ seen, unseen, params: run.params });
}

export function learn(run, { drop, l2 }) {
  run.mask = dropoutMask(SEEN * UNITS, drop, run.rng);
  run.velocity = withMemory(regularisedGradients(run.data, run.params, run.mask, l2), run.velocity, MU);
  run.params = sgdUpdate(run.params, run.velocity, LR);
  keep(run);
}

export function rightOf({ x, labels }, params) {
  return shareRight(probabilityOfOne(mlpForward(x, params)), labels);
}

export function words(state, run, probed) {
  const { epoch, patience } = state;
  const unseen = run.epochs.map((one) => one.unseen);
  const now = run.epochs[epoch];
  const best = bestEpoch(unseen, patience);
  const stopped = unseen.length - 1 > best + patience;
  const percent = (share) => `${number(100 * share, 0)} %`;
  return [
    `Epoch ${epoch}: loss ${number(now.seen, 2)} on the ${SEEN} points shown, ${number(now.unseen, 2)} on ${UNSEEN} others; right ${percent(rightOf(run.data, now.params))} and ${percent(rightOf(run.others, now.params))}.`,
    unseen.length === 1 ? "Train it: how long will the second loss follow the first?"
      : `Lowest on the others after epoch ${best} (${number(unseen[best], 2)}). ${stopped ? `With a patience of ${patience} training would have ended after epoch ${best + patience}, and gone back.` : "Nobody knows yet whether it will fall again."}`,
    `At the cross (${number(state.probe[0], 2)}, ${number(state.probe[1], 2)}): class ${probed > 0.5 ? "1, square" : "0, circle"}, with ${number(Math.max(probed, 1 - probed), 2)}.`,
  ].join("\n");
}

function unitsRow(group, { left, top, width }, run, drop) {
  group.replaceChildren();
  const gap = width / UNITS;
  for (let k = 0; k < UNITS; k++) {
    const [x, y, r] = [left + (k + 0.5) * gap, top, Math.min(4.5, gap / 2 - 1)];
    const out = drop > 0 && run.mask && run.mask[k] === 0;
    add(group, "path", { class: out ? "bpl-axis" : "bpl-forward bpl-mark bpl-thin", d: (out ? MARKS.cross : MARKS.circle)(x, y, r) });
  }
}

function render({ model, el }) {
  const start = model.get("state");
  const state = { ...start, epoch: 0 };
  const root = pictureIn(el, {
    name: "learning by heart, and what helps",
    title: "The loss on points it has seen falls and falls; the other one turns",
    hint: "Dark rims: wrong labels. Train it plain, then with dropout. Drag on the right to look back, on the left to move the cross.",
  });
  const frame = add(root, "div");
  const map = mapIn(frame, "Points, some with a wrong label, and the boundary; beside it both losses; the numbers are said below");
  const say = sayingIn(root);
  const buttons = add(root, "div", { class: "bpl-buttons" });
  const play = button(buttons, "Train", () => training.toggle());
  play.className = "bpl-main";
  button(buttons, "Step", () => {
    training.stop();
    move();
    update();
  });
  button(buttons, "Start again", () => restart({}));
  button(buttons, "Other points", () => restart({ seed: state.seed + 1 }));
  button(buttons, "Reset", () => restart(start));
  const controls = add(root, "div", { class: "bpl-controls" });
  const percent = (v) => `${number(100 * v, 0)} %`;
  const power = () => (state.l2 === 0 ? "off" : state.l2.toPrecision(1));
  const sliders = [
    [{ name: "dropout", min: 0, max: 0.8, step: 0.05, show: percent }, (drop) => change({ drop }), () => state.drop],
    [{ name: "L2 strength", min: -4.25, max: -0.75, step: 0.25, show: power }, (v) => change({ l2: v < -4 ? 0 : Number((10 ** v).toPrecision(1)) }), () => (state.l2 === 0 ? -4.25 : Math.log10(state.l2))],
    [{ name: "wrong labels", min: 0, max: 0.4, step: 0.05, show: percent }, (wrong) => restart({ wrong }), () => state.wrong],
    [{ name: "patience", min: 5, max: 200, step: 5, show: String }, (patience) => change({ patience }), () => state.patience],
    [{ name: "cross, across", min: DOMAIN[0], max: DOMAIN[1], step: 0.05, show: (v) => number(v, 2) }, (v) => change({ probe: [v, state.probe[1]] }), () => state.probe[0]],
    [{ name: "cross, up", min: DOMAIN[0], max: DOMAIN[1], step: 0.05, show: (v) => number(v, 2) }, (v) => change({ probe: [state.probe[0], v] }), () => state.probe[1]],
  ].map(([options, react, value]) => {
    const one = slider(controls, options, react);
    return () => one.put(value());
  });
  const back = slider(add(root, "div", { class: "bpl-controls" }), { name: "epoch shown", css: "bpl-whole", min: 0, max: 0, step: 1, show: String }, (epoch) => lookBack(epoch));
  const grid = gridPoints();
  let [run, parts] = [null, null];

  function move() {
    if (run.epochs.length > LONGEST) return false;
    learn(run, state);
    state.epoch = run.epochs.length - 1;
    return run.epochs.length <= LONGEST;
  }
  const training = player({ root, step: () => move() && move(), draw: () => update(), atOnce: 50 });
  function lookBack(epoch) {
    training.stop();
    change({ epoch: Math.min(Math.max(epoch, 0), run.epochs.length - 1) });
  }
  function restart(news) {
    training.stop();
    Object.assign(state, news, { epoch: 0 });
    run = begin(state);
    build();
  }
  function change(news) {
    Object.assign(state, news);
    update();
  }
  function build() {
    const width = frame.clientWidth;
    if (!width) return;
    const beside = width >= 600;
    const side = Math.min(beside ? width * 0.46 : width - 50, 360);
    map.svg.replaceChildren();
    set(map.svg, { width, height: beside ? side + 84 : side + 300 });
    const field = fieldIn(map.svg, { left: 34, top: 12, width: side, height: side, x: DOMAIN, y: DOMAIN, xCount: 4, yCount: 4 });
    map.place(field);
    map.retint(root);
    const place = beside ? { left: side + 90, top: 48, width: width - side - 106, height: side - 58 } : { left: 46, top: side + 118, width: width - 64, height: 140 };
    const chart = fieldIn(map.svg, { ...place, x: [0, LONGEST], y: [0, 1.4], xCount: 4, yCount: 5, xName: "epoch", yName: "loss" });
    const path = (where, css) => add(where.inner, "path", { class: css });
    const name = (css, text, at) => add(chart.group, "text", { class: css, x: chart.left + chart.width, y: at, "text-anchor": "end" }, text);
    name("bpl-f", "── points shown", chart.top - 26);
    name("bpl-quiet", "╌╌ others", chart.top - 10);
    parts = {
      field, chart, points: add(field.inner, "g"), line: path(field, "bpl-border"), probe: path(field, "bpl-probe"),
      seen: path(chart, "bpl-s0"), unseen: path(chart, "bpl-s1"), now: path(chart, "bpl-axis"), stop: path(chart, "bpl-target bpl-dotted"), best: path(chart, "bpl-fill-t"),
      units: add(map.svg, "g"), unitsName: add(map.svg, "text", { class: "bpl-quiet", x: 34, y: side + 52 }),
    };
    scatter(parts.points, field, run.data, (i) => i < run.flipped);
    update();
  }
  function paintChart() {
    const { chart } = parts;
    const unseen = run.epochs.map((one) => one.unseen);
    for (const name of ["seen", "unseen"]) set(parts[name], { d: through(run.epochs.map((one, k) => [chart.x(k), chart.y(one[name])])) });
    const best = bestEpoch(unseen, state.patience);
    const ended = unseen.length - 1 > best + state.patience;
    set(parts.best, { d: MARKS.diamond(chart.x(best), chart.y(unseen[best]), 6) });
    set(parts.stop, { d: ended ? `M${chart.x(best + state.patience)},${chart.top}v${chart.height}` : "" });
    set(parts.now, { d: `M${chart.x(state.epoch)},${chart.top}v${chart.height}` });
  }
  function update() {
    if (!parts) return;
    const { params } = run.epochs[state.epoch];
    const p = probabilityOfOne(mlpForward(grid, params));
    map.fill(p);
    set(parts.line, { d: contour(parts.field, DOMAIN, DOMAIN, (x, y, i, j) => p[j * (CELLS + 1) + i], 0.5, CELLS) });
    set(parts.probe, { d: MARKS.cross(parts.field.x(state.probe[0]), parts.field.y(state.probe[1]), 8) });
    paintChart();
    const { left, top, width, height } = parts.field;
    unitsRow(parts.units, { left, top: top + height + 58, width }, run, state.drop);
    parts.unitsName.textContent = state.drop > 0 ? "hidden units for the first point; crossed: dropped" : "hidden units: all take part";
    sliders.forEach((put) => put());
    set(back.input, { max: run.epochs.length - 1 });
    back.put(state.epoch);
    play.textContent = training.playing ? "Pause" : "Train";
    enable(play, run.epochs.length <= LONGEST);
    const [probed] = probabilityOfOne(mlpForward({ rows: 1, cols: 2, v: Float64Array.from(state.probe) }, params));
    say(words(state, run, probed), training.playing);
  }
  onDrag(map.svg, ([x, y]) => {
    const { field, chart } = parts;
    if (x < field.left + field.width + 12 && y < field.top + field.height + 12) change({ probe: [field.atX(x), field.atY(y)].map((v) => Math.round(v * 20) / 20) });
    else if (x > chart.left - 20 && y > chart.top - 20) lookBack(Math.round(chart.atX(x)));
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
