// Points, one of them far off, and the lines that two losses fit: drag a point and see which line follows.

const HEIGHT = 500;
const LIMITS = [-4, 28]; // of y
const BAR = 9; // half the width of two bars side by side

const percent = (share) => `${number(100 * share, 0)} %`;

// Each entry's part of the sum of all sizes.
function shares(pulls) {
  const total = pulls.reduce((sum, pull) => sum + Math.abs(pull), 0);
  return pulls.map((pull) => (total > 0 ? Math.abs(pull) / total : 0));
}

// Both fits, the line without the slip, and how much of all pull on that line comes from each point.
export function compute({ x, measured, y, delta }) {
  const good = squaresFit(x, measured);
  const at = along(good, x);
  return {
    good, squares: squaresFit(x, y), huber: huberFit(x, y, delta),
    pulls: { squares: shares(meanSquared(at, y).pulls), huber: shares(meanHuber(at, y, delta).pulls) },
  };
}

export function words(state) {
  const { good, squares, huber, pulls } = compute(state);
  const share = (all) => percent(all[state.point]);
  return [
    `Point ${state.point + 1} at x = ${number(state.x[state.point], 1)} stands at ${number(state.y[state.point], 1)}; measured: ${number(state.measured[state.point], 1)}.`,
    `Slope as measured ${number(good.slope, 2)}; squares ${number(squares.slope, 2)}; Huber with delta ${number(state.delta, 2)}: ${number(huber.slope, 2)}.`,
    `This point's share of all pull on the line as measured: ${share(pulls.squares)} with squares, ${share(pulls.huber)} with Huber.`,
  ].join("\n");
}

function parts(field, below, count) {
  const path = (css, where = field) => add(where.inner, "path", { class: css });
  const several = (css, where) => Array.from({ length: count }, () => path(css, where));
  return {
    good: path("bpl-target bpl-dotted"), squares: path("bpl-s1"), huber: path("bpl-s0"),
    bars: { squares: several("bpl-backward bpl-dashed bpl-thin", below), huber: several("bpl-fill-b", below) },
    points: several("bpl-forward bpl-mark", field),
  };
}

function drawLines(p, field, found) {
  const [from, to] = [field.atX(0), field.atX(1e4)];
  for (const name of ["good", "squares", "huber"]) set(p[name], { d: through(along(found[name], [from, to]).map((v, k) => [field.x([from, to][k]), field.y(v)])) });
}

function drawPulls(p, below, x, pulls) {
  const foot = below.y(0);
  x.forEach((value, i) => {
    const bar = (share, left) => `M${left},${foot}V${below.y(share)}h${BAR}V${foot}`;
    set(p.bars.squares[i], { d: bar(pulls.squares[i], below.x(value) - BAR - 1) });
    set(p.bars.huber[i], { d: bar(pulls.huber[i], below.x(value) + 1) });
  });
}

function render({ model, el }) {
  const start = model.get("state");
  const state = { ...start, y: [...start.y] };
  const root = pictureIn(el, {
    name: "an outlier and two losses",
    title: "Squares follow the one far point; Huber hardly listens to it",
    hint: "Drag any point up and down. Below: how much of all pull on the line as measured comes from each point.",
  });
  legendIn(root, [
    ["┈┈", "target", "as measured"],
    ["╌ ╌", "s1", "squares"],
    ["━━", "s0", "Huber"],
    ["▯", "backward-text", "pull, squares"],
    ["▮", "backward-text", "pull, Huber"],
  ]);
  const frame = add(root, "div");
  const svg = add(frame, "svg", { height: HEIGHT, role: "img", "aria-label": "Points and the lines fitted to them; their slopes are said below" });
  svg.style.cursor = "ns-resize";
  const say = sayingIn(root);
  const controls = add(root, "div", { class: "bpl-controls" });
  const height = slider(controls, { name: "its height", min: LIMITS[0] + 1, max: LIMITS[1] - 1, step: 0.1, show: (v) => number(v, 1) }, (v) => lift(v));
  const point = slider(controls, { name: "point", min: 1, max: state.x.length, step: 1, show: (v) => String(v) }, (v) => change({ point: v - 1 }));
  const limit = slider(controls, { name: "delta", min: 0.05, max: 5, step: 0.05, show: (v) => number(v, 2) }, (delta) => change({ delta }));
  const buttons = add(root, "div", { class: "bpl-buttons" });
  button(buttons, "Mend the slip", () => change({ y: [...state.measured] }));
  button(buttons, "Reset", () => change({ ...start, y: [...start.y] }));
  let field = null;
  let below = null;
  let p = null;

  const lift = (value) => change({ y: state.y.with(state.point, value) });
  function change(news) {
    Object.assign(state, news);
    const found = compute(state);
    drawLines(p, field, found);
    drawPulls(p, below, state.x, found.pulls);
    state.y.forEach((value, i) => {
      set(p.points[i], { d: MARKS.circle(field.x(state.x[i]), field.y(value), i === state.point ? 8 : 6) });
      p.points[i].style.strokeWidth = i === state.point ? 4 : 2.5;
    });
    height.put(state.y[state.point], `point ${state.point + 1} at ${number(state.y[state.point], 1)}; slope with squares ${number(found.squares.slope, 2)}, with Huber ${number(found.huber.slope, 2)}`);
    point.put(state.point + 1);
    limit.put(state.delta);
    say(words(state));
  }
  onDrag(svg, ([x, y], begins) => {
    if (begins) {
      const near = state.x.map((value) => Math.abs(field.x(value) - x));
      state.point = near.indexOf(Math.min(...near));
    }
    const [low, high] = [LIMITS[0] + 1, LIMITS[1] - 1];
    lift(Math.min(Math.max(Math.round(field.atY(y) * 10) / 10, low), high));
  }, { both: true });
  return onWidth(frame, (width) => {
    svg.replaceChildren();
    set(svg, { width });
    const [first, last] = [state.x[0], state.x.at(-1)];
    const reach = (last - first) / 12;
    const across = { left: 44, width: width - 60, x: [first - reach, last + reach] };
    field = fieldIn(svg, { ...across, top: 26, height: 290, y: LIMITS, yName: "y" });
    below = fieldIn(svg, { ...across, top: 362, height: 90, y: [0, 1], yCount: 2, xName: "input x", yName: "share of all pull on the line as measured" });
    p = parts(field, below, state.x.length);
    change({});
  });
}

export default { render };
