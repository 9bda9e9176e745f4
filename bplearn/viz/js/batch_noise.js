// The noise of a batch: where a step would lead, for many batches, and how their spread shrinks with their size.

const DRAWS = 100; // batches of each size
const SHOWN = 60; // of them as dots
const ACROSS = [-3, 4]; // of w
const UP = [-3, 3]; // of b
const FRAMES = 3;
const LONGEST = 4000; // steps

const norm = ([a, b]) => Math.hypot(a, b);
const step = ([w, b], [dw, db], lr) => [w - lr * dw, b - lr * db];

export function angle(a, b) {
  const cosine = (a[0] * b[0] + a[1] * b[1]) / (norm(a) * norm(b));
  return (Math.acos(Math.min(Math.max(cosine, -1), 1)) * 180) / Math.PI;
}

export function measure({ data, at, size, batches, all }) {
  const full = gradientOf(data, at, all);
  const cloud = batches.get(size).map((rows) => gradientOf(data, at, rows));
  const angles = cloud.map((one) => angle(one, full)).sort((a, b) => a - b);
  return { full, cloud, spread: spreadOf(cloud, full), typical: angles[Math.floor(angles.length / 2)] };
}

export function words(state, { full, spread, typical }) {
  const { size, all, path, looked, fullPath, data } = state;
  const many = size === all.length ? "all examples" : `${size} example${size === 1 ? "" : "s"} a batch`;
  const noise = size === all.length ? "no noise" : `half of the batches are more than ${number(typical, 0)}° off`;
  const first = `${many}: typical distance from the full gradient ${number(spread, 2)}, length of that ${number(norm(full), 2)}; ${noise}.`;
  if (path.length < 2) return `${first}\nDots: where a step would lead, one for each batch. Diamond: the step of all ${all.length}.`;
  const losses = [path, fullPath].map((p) => number(lossOf(data, p.at(-1), all), 3));
  return `${first}\nAfter ${path.length - 1} steps and ${looked} looks at an example: loss ${losses[0]}; with full steps only (${fullPath.length - 1} so far): ${losses[1]}.`;
}

function mapField(svg, place, { data, all }) {
  const field = fieldIn(svg, { ...place, x: ACROSS, y: UP, xName: "weight w", yName: "bias b", xCount: 5, yCount: 5 });
  const f = (w, b) => lossOf(data, [w, b], all);
  for (const level of [1.2, 2, 4, 8, 14, 22, 32]) add(field.inner, "path", { class: "bpl-axis", d: contour(field, ACROSS, UP, f, level, 36) });
  const path = (css) => add(field.inner, "path", { class: css });
  const parts = { fullPath: path("bpl-s1"), path: path("bpl-s0") };
  parts.dots = Array.from({ length: SHOWN }, () => add(field.inner, "circle", { class: "bpl-fill-b bpl-faint", r: 3.5 }));
  parts.arrow = arrowIn(field.inner, "backward", "bpl-dashed");
  parts.goal = path("bpl-backward bpl-mark");
  parts.here = path("bpl-forward bpl-mark");
  return { ...field, ...parts };
}

function chartField(svg, place, sizes) {
  const field = fieldIn(svg, { ...place, x: [-0.12, Math.log10(256)], y: [-1.3, 1.3], xPowers: true, yPowers: true, xCount: 3, yCount: 3, xName: "examples in a batch", yName: "distance from the full gradient" });
  return {
    ...field, root: add(field.inner, "path", { class: "bpl-axis bpl-dotted" }),
    note: add(field.group, "text", { class: "bpl-quiet", "text-anchor": "middle" }, "1 / √size"),
    dots: sizes.map(() => add(field.inner, "path", { class: "bpl-backward bpl-mark bpl-thin" })),
  };
}

function paintMap(map, { at, lr, path, fullPath }, { full, cloud }) {
  const place = ([w, b]) => [map.x(w), map.y(b)];
  map.dots.forEach((dot, k) => {
    const [cx, cy] = place(step(at, cloud[k], lr));
    set(dot, { cx, cy });
  });
  const goal = step(at, full, lr);
  map.arrow(place(at), place(goal));
  set(map.goal, { d: MARKS.diamond(...place(goal), 6) });
  set(map.here, { d: MARKS.circle(...place(at), 7) });
  set(map.path, { d: through(path.map(place)) });
  set(map.fullPath, { d: through(fullPath.map(place)) });
}

function paintChart(chart, sizes, spreads, size) {
  const y = (value) => chart.y(Math.log10(Math.max(value, 1e-9)));
  const first = spreads[0];
  set(chart.root, { d: through(sizes.map((n) => [chart.x(Math.log10(n)), y(first / Math.sqrt(n))])) });
  set(chart.note, { x: chart.x(1.9), y: y(first / Math.sqrt(10 ** 1.9)) - 14 });
  sizes.forEach((n, k) => {
    set(chart.dots[k], { d: MARKS.circle(chart.x(Math.log10(n)), y(spreads[k]), n === size ? 8 : 4) });
    chart.dots[k].style.strokeWidth = n === size ? 3.5 : "";
  });
}

function render({ model, el }) {
  const start = model.get("state");
  const all = start.data.x.map((_, i) => i);
  const sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256].filter((n) => n <= all.length);
  const rng = generator(start.seed);
  const origin = () => ({ at: start.at, path: [start.at], fullPath: [start.at], looked: 0, queue: [] });
  const state = { data: start.data, size: start.size, lr: start.lr, all, batches: drawBatches(rng, all.length, sizes, DRAWS), ...origin() };
  const root = pictureIn(el, {
    name: "the noise of a batch",
    title: "Four times the examples, half the noise: more is better, and ever less worth it",
    hint: "Drag the ring to other weights. Change the batch size and watch the cloud. Then let it run.",
  });
  legendIn(root, [
    ["●", "backward-text", "a step of one batch"],
    ["╌▸◇", "backward-text", "the step of all"],
    ["──", "s0", "way in batches"],
    ["╌ ╌", "s1", "way in full steps"],
  ]);
  const frame = add(root, "div");
  const svg = add(frame, "svg", { role: "img", "aria-label": "Left the loss from above with the steps of many batches, right how far those lie apart; the numbers are said below" });
  const say = sayingIn(root);
  const buttons = add(root, "div", { class: "bpl-buttons" });
  const play = button(buttons, "Play", () => descent.toggle());
  play.className = "bpl-main";
  button(buttons, "Step", () => {
    descent.stop();
    move();
    update();
  });
  button(buttons, "Other batches", () => change({ batches: drawBatches(rng, all.length, sizes, DRAWS) }));
  button(buttons, "Reset", () => {
    descent.stop();
    change({ size: start.size, lr: start.lr, ...origin() });
  });
  const controls = add(root, "div", { class: "bpl-controls" });
  const size = slider(controls, { name: "batch size", min: 0, max: sizes.length - 1, step: 1, show: () => String(state.size) }, (k) => change({ size: sizes[k] }));
  const rate = slider(controls, { name: "learning rate", min: -2, max: -0.1, step: 0.05, show: () => number(state.lr, 3) }, (v) => change({ lr: Number((10 ** v).toPrecision(2)) }));
  const dials = [["weight w", ACROSS], ["bias b", UP]].map(([name, [min, max]], k) =>
    slider(controls, { name, min, max, step: 0.05, show: (v) => number(v, 2) }, (value) => place(state.at.with(k, value))));
  let [map, chart, ticks] = [null, null, 0];

  // A step with the next batch of the epoch; once all examples were looked at, the full descent takes a step, too.
  function move() {
    if (!state.queue.length) {
      const order = rng.shuffled(all);
      for (let k = 0; k < order.length; k += state.size) state.queue.push(order.slice(k, k + state.size));
    }
    const rows = state.queue.shift();
    state.at = step(state.at, gradientOf(state.data, state.at, rows), state.lr);
    state.path.push(state.at);
    state.looked += rows.length;
    if (state.looked >= state.fullPath.length * all.length) state.fullPath.push(step(state.fullPath.at(-1), gradientOf(state.data, state.fullPath.at(-1), all), state.lr));
    return state.path.length < LONGEST && state.at.every((v) => Math.abs(v) < 1e6);
  }
  const descent = player({ root, step: () => ((ticks += 1), calm() || ticks % FRAMES === 0 ? move() : true), draw: () => update(), atOnce: 64 });
  function place(at) {
    descent.stop();
    change({ at, path: [at], fullPath: [at], looked: 0, queue: [] });
  }
  function change(news) {
    if (news.size && news.size !== state.size) state.queue = [];
    Object.assign(state, news);
    update();
  }
  function update() {
    const found = measure(state);
    paintMap(map, state, found);
    paintChart(chart, sizes, sizes.map((n) => spreadOf(state.batches.get(n).map((rows) => gradientOf(state.data, state.at, rows)), found.full)), state.size);
    size.put(sizes.indexOf(state.size), `${state.size} of ${all.length} examples`);
    rate.put(Math.log10(state.lr), number(state.lr, 3));
    dials.forEach((one, k) => one.put(state.at[k]));
    play.textContent = descent.playing ? "Pause" : "Play";
    say(words(state, found), descent.playing);
  }
  onDrag(svg, ([x, y]) => {
    if (x > map.left + map.width + 30 || y > map.top + map.height + 30) return;
    place([map.atX(x), map.atY(y)].map((v) => Math.round(v * 20) / 20));
  }, { both: true });
  const unwatch = onWidth(frame, (width) => {
    const beside = width >= 560;
    const left = beside ? 0.6 * width : width;
    svg.replaceChildren();
    set(svg, { width, height: beside ? 340 : 630 });
    map = mapField(svg, { left: 46, top: 28, width: left - 64, height: 260 }, state);
    chart = chartField(svg, beside ? { left: left + 50, top: 28, width: width - left - 68, height: 260 } : { left: 46, top: 364, width: width - 64, height: 210 }, sizes);
    update();
  });
  return () => {
    descent.stop();
    unwatch();
  };
}

export default { render };
