// Five optimisers race on one surface: paths from above, losses beside it.

const GOAL = 1e-3; // arrived, where the loss is below it
const LONGEST = 600; // steps
const FRAMES = 3; // a step every so many frames: quick ones arrive within half a second else
const EPS = 1e-8;
const RUNNERS = [
  { name: "plain descent", mark: "circle", sign: "●", rates: { ravine: 0.018, saddle: 0.05 }, memory: 0, step: (w, dw, [], t, lr) => [sgdStep(w, dw, lr)] },
  { name: "momentum", mark: "square", sign: "■", rates: { ravine: 0.01, saddle: 0.02 }, memory: 1, step: (w, dw, [v], t, lr) => momentumStep(w, dw, v, lr, 0.9) },
  { name: "Nesterov", mark: "triangle", sign: "▲", rates: { ravine: 0.01, saddle: 0.02 }, memory: 1, step: (w, dw, [v], t, lr) => nesterovStep(w, dw, v, lr, 0.9) },
  { name: "RMSProp", mark: "diamond", sign: "◆", rates: { ravine: 0.3, saddle: 0.02 }, memory: 1, step: (w, dw, [s], t, lr) => rmspropStep(w, dw, s, lr, 0.9, EPS) },
  { name: "Adam", mark: "cross", sign: "✕", rates: { ravine: 0.5, saddle: 0.05 }, memory: 2, step: (w, dw, [m, v], t, lr) => adamStep(w, dw, m, v, t, lr, 0.9, 0.999, EPS) },
];

// Where everybody stands before the first step.
export function lineUp({ surface, x, y }) {
  const loss = SURFACES[surface].f(x, y);
  return RUNNERS.map(({ memory }) => ({ path: [[x, y]], losses: [loss], memory: Array(memory).fill([0, 0]), end: loss < GOAL ? "arrived" : "" }));
}

// One step of everybody who is still on the way.
export function advance(runners, { surface, factor }) {
  const { f, df, x: [x0, x1], y: [y0, y1] } = SURFACES[surface];
  runners.forEach((one, k) => {
    if (one.end) return;
    const w = one.path.at(-1);
    const { step, rates } = RUNNERS[k];
    const [next, ...memory] = step(w, df(w), one.memory, one.path.length, rates[surface] * factor);
    one.path.push(next);
    one.losses.push(f(...next));
    one.memory = memory;
    const far = Math.abs(next[0]) > 4 * (x1 - x0) || Math.abs(next[1]) > 4 * (y1 - y0);
    if (!next.every(Number.isFinite) || far) one.end = "thrown out";
    else if (one.losses.at(-1) < GOAL) one.end = "arrived";
    else if (one.path.length > LONGEST) one.end = "not there";
  });
}

export function standings(runners, shown) {
  const taken = (one) => one.path.length - 1;
  const names = RUNNERS.map(({ name }) => name);
  const of = (end) => runners.map((one, k) => [one, names[k], k]).filter(([one, , k]) => one.end === end && shown[k]);
  const steps = Math.max(...runners.map(taken));
  if (steps === 0) return "Everybody stands at the ring. Arrived is who brings the loss below 0.001. Press Play, or Step.";
  const parts = [
    ...of("arrived").sort(([a], [b]) => taken(a) - taken(b)).map(([one, name], place) => `${place + 1}. ${name} (${taken(one)} steps)`),
    ...of("").map(([one, name]) => `${name}: loss ${number(one.losses.at(-1), 3)}`),
    ...of("thrown out").map(([one, name]) => `${name}: thrown out after ${taken(one)} steps`),
    ...of("not there").map(([one, name]) => `${name}: not there after ${taken(one)} steps`),
  ];
  return `After ${steps} step${steps === 1 ? "" : "s"}. ${parts.join("; ")}.`;
}

function above(svg, place, surface, start, ground) {
  const { f, x, y, bottoms, levels } = SURFACES[surface];
  const names = surface === "ravine" ? ["x: along, flat", "y: across, steep"] : ["x", "y"];
  const field = fieldIn(svg, { ...place, x, y, xName: names[0], yName: names[1], xCount: 5, yCount: 5 });
  const key = `${surface} ${place.width}`;
  ground[key] ||= levels.map((level) => contour(field, x, y, f, level)).join("");
  add(field.inner, "path", { class: "bpl-axis", d: ground[key] });
  for (const [a, b] of bottoms) add(field.inner, "path", { class: "bpl-fill-t", d: MARKS.diamond(field.x(a), field.y(b), 6) });
  add(field.group, "circle", { class: "bpl-node", cx: field.x(start.x), cy: field.y(start.y), r: 9, style: "fill: none" });
  return field;
}

function tracks(field) {
  return RUNNERS.map(({ mark }, k) => {
    const group = add(field.inner, "g");
    return { group, line: add(group, "path", { class: `bpl-s${k}` }), head: add(group, "path", { class: `bpl-s${k} bpl-mark` }), mark };
  });
}

function draw(track, points, visible) {
  track.group.style.display = visible ? "" : "none";
  set(track.line, { d: through(points) });
  const last = points.findLast((point) => point.every(Number.isFinite));
  set(track.head, { d: last ? MARKS[track.mark](...last, 5) : "" });
}

function render({ model, el }) {
  const start = model.get("state");
  const state = { ...start };
  const shown = RUNNERS.map(() => true);
  const root = pictureIn(el, {
    name: "five optimisers race",
    title: "Who remembers earlier steps is sooner at the bottom, until the rate is too large",
    hint: "Drag the ring to start elsewhere. Lines from above; on the right the loss, in powers of ten. Diamond: the bottom.",
  });
  const who = add(root, "div", { class: "bpl-controls bpl-row" });
  RUNNERS.forEach(({ name, sign }, k) => {
    const show = (visible) => {
      shown[k] = visible;
      update();
    };
    checkbox(who, name, show, sign, `s${k}`).put(true);
  });
  const frame = add(root, "div");
  const svg = add(frame, "svg", { role: "img", "aria-label": "Paths of the optimisers and their losses; the standings are said below" });
  const say = sayingIn(root);
  const buttons = add(root, "div", { class: "bpl-buttons" });
  const play = button(buttons, "Play", () => race.toggle());
  play.className = "bpl-main";
  button(buttons, "Step", () => {
    race.stop();
    advance(runners, state);
    update();
  });
  button(buttons, "Back to the start", () => restart({}));
  button(buttons, "Reset", () => restart(start));
  const surfaces = choices(root, { name: "surface", options: [["ravine", "a ravine"], ["saddle", "a saddle"]] }, (surface) =>
    restart({ surface, ...(surface === "ravine" ? { x: 10, y: 1 } : { x: 2, y: 0.01 }) }));
  const controls = add(root, "div", { class: "bpl-controls" });
  const factor = slider(controls, { name: "rates, times", min: -2, max: 2, step: 0.1, show: () => number(state.factor, 2) }, (v) => restart({ factor: 2 ** v }));
  let sliders = [];
  const places = add(root, "div", { class: "bpl-controls" });
  let runners = lineUp(state);
  let fields = null;
  let ticks = 0;
  let longest = 0;
  const ground = {}; // contour lines by surface and width: they take longest to draw
  const on = () => runners.some(({ end }) => !end);
  const race = player({
    root,
    step: () => {
      ticks += 1;
      if (calm() || ticks % FRAMES === 0) advance(runners, state);
      return on();
    },
    draw: () => update(),
    atOnce: LONGEST,
  });

  function restart(news) {
    race.stop();
    const turned = news.surface && news.surface !== state.surface;
    Object.assign(state, news);
    runners = lineUp(state);
    if (turned || !sliders.length) makeSliders();
    build();
  }
  function makeSliders() {
    places.replaceChildren();
    sliders = ["x", "y"].map((axis) => {
      const [min, max] = SURFACES[state.surface][axis];
      return slider(places, { name: `start ${axis}`, min, max, step: 0.01, show: (v) => number(v, 2) }, (v) => restart({ [axis]: v }));
    });
  }
  function build() {
    if (!frame.clientWidth) return;
    const width = frame.clientWidth;
    const beside = width >= 560;
    const across = beside ? width * 0.58 - 60 : width - 60;
    svg.replaceChildren();
    set(svg, { width, height: beside ? 330 : 650 });
    const map = above(svg, { left: 50, top: 28, width: across, height: 250 }, state.surface, state, ground);
    longest = [60, 120, 300, LONGEST].find((most) => most > Math.max(...runners.map(({ path }) => path.length)) + 1) || LONGEST;
    const place = beside ? { left: across + 120, top: 28, width: width - across - 132, height: 250 } : { left: 50, top: 352, width: across, height: 240 };
    const chart = fieldIn(svg, { ...place, x: [0, longest], y: [-4, 2.5], yPowers: true, xCount: 4, yCount: 4, xName: "steps taken", yName: "loss above the bottom" });
    add(chart.inner, "path", { class: "bpl-target bpl-dotted", d: `M${chart.left},${chart.y(-3)}h${chart.width}` });
    fields = { map, chart, paths: tracks(map), curves: tracks(chart) };
    update();
  }
  function update() {
    if (Math.max(...runners.map(({ path }) => path.length)) > longest && longest < LONGEST) return build();
    const { map, chart, paths, curves } = fields;
    runners.forEach(({ path, losses }, k) => {
      draw(paths[k], path.map(([x, y]) => [map.x(x), map.y(y)]), shown[k]);
      draw(curves[k], losses.map((loss, step) => [chart.x(step), chart.y(Math.log10(Math.max(loss, 1e-12)))]), shown[k]);
    });
    surfaces.put(state.surface);
    factor.put(Math.log2(state.factor), `${number(state.factor, 2)} times the usual rates`);
    ["x", "y"].forEach((axis, k) => sliders[k].put(state[axis]));
    play.textContent = race.playing ? "Pause" : "Play";
    enable(play, on());
    say(standings(runners, shown), race.playing);
  }
  onDrag(svg, ([x, y]) => {
    if (x > fields.map.left + fields.map.width + 30 || y > fields.map.top + fields.map.height + 30) return;
    restart({ x: Math.round(fields.map.atX(x) * 100) / 100, y: Math.round(fields.map.atY(y) * 100) / 100 });
  }, { both: true });
  makeSliders();
  const unwatch = onWidth(frame, build);
  return () => {
    race.stop();
    unwatch();
  };
}

export default { render };
