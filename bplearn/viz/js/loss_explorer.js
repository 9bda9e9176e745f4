// The loss over one dial: drag the point, read the tangent, step downhill.

const HEIGHT = 380;
const BOX = { left: 48, right: 14, top: 100, bottom: 44 };
const HIGHEST = 0.5; // the loss 1/2 (answer - target)^2 never exceeds it

const rateText = (lr) => number(lr, lr < 10 ? 2 : 1);

export function words({ x, y, w, lr, steps }) {
  const { answer, loss, dw } = neuron(x, w, 0, y);
  const next = descentStep(w, dw, lr);
  const way = Math.abs(dw) < 1e-12 ? "flat here" : dw > 0 ? "downhill is left" : "downhill is right";
  const begun = steps === 0 ? "" : `After ${steps} step${steps === 1 ? "" : "s"}: `;
  return (
    `${begun}w = ${number(w, 2)}, answer ${number(answer, 3)}, target ${number(y, 2)}, loss ${number(loss, 4)}, ` +
    `slope ${signed(dw)} (${way}).\nNext step: w - lr * slope = ${number(w, 2)} - ${rateText(lr)} * ` +
    `${dw < 0 ? `(${number(dw)})` : number(dw)} = ${number(next, 2)}.`
  );
}

function parts(svg) {
  const group = add(svg, "g");
  const names = {
    ticks: ["g", {}], curve: ["path", { class: "bpl-forward" }], drop: ["path", { class: "bpl-axis bpl-dotted" }],
    stepLine: ["path", { class: "bpl-backward" }], stepHead: ["path", { class: "bpl-fill-b" }],
    trail: ["g", {}], ghost: ["circle", { r: 6, class: "bpl-backward bpl-hollow" }],
    tangent: ["path", { class: "bpl-backward bpl-dashed" }], goal: ["path", { class: "bpl-target bpl-hollow" }],
    point: ["circle", { r: 9, class: "bpl-fill-f" }], slope: ["text", { class: "bpl-b" }],
    gauge: ["path", { class: "bpl-axis" }], gaugeTarget: ["path", { class: "bpl-target bpl-hollow" }],
    gaugeAnswer: ["circle", { r: 6, class: "bpl-fill-f", cy: 34 }],
    answerText: ["text", { class: "bpl-f", y: 20 }], targetText: ["text", { class: "bpl-t", y: 60 }],
  };
  return Object.fromEntries(Object.entries(names).map(([name, [tag, a]]) => [name, add(group, tag, a)]));
}

const diamond = (x, y, r = 7) => `M${x - r},${y}L${x},${y - r}L${x + r},${y}L${x},${y + r}Z`;

// Text that stands within the picture however near the edge its mark is.
function place(node, text, x, width) {
  node.textContent = pretty(text);
  const half = 4.2 * text.length;
  set(node, { x: Math.min(Math.max(x, half), width - half), "text-anchor": "middle" });
}

function scales(width, reach) {
  const across = width - BOX.left - BOX.right;
  const down = HEIGHT - BOX.top - BOX.bottom;
  return {
    width, reach, down,
    x: (w) => BOX.left + ((Math.min(Math.max(w, -reach), reach) + reach) / (2 * reach)) * across,
    y: (loss) => BOX.top + down * (1 - loss / HIGHEST),
    w: (px) => Math.min(Math.max(((px - BOX.left) / across) * 2 * reach - reach, -reach), reach),
    unit: (px) => BOX.left + px * across,
    tilt: ((-down / HIGHEST) * 2 * reach) / across,
  };
}

function drawAxes(p, s) {
  p.ticks.replaceChildren();
  const foot = HEIGHT - BOX.bottom;
  for (let loss = 0; loss < 0.55; loss += 0.1) {
    add(p.ticks, "path", { class: "bpl-grid", d: `M${BOX.left},${s.y(loss)}H${s.width - BOX.right}` });
    add(p.ticks, "text", { class: "bpl-quiet", x: BOX.left - 8, y: s.y(loss) + 4, "text-anchor": "end" }, loss.toFixed(1));
  }
  for (let w = -Math.floor(s.reach); w <= s.reach; w += s.reach > 10 || s.width < 420 ? 3 : 1) {
    add(p.ticks, "path", { class: "bpl-axis", d: `M${s.x(w)},${foot}v4` });
    add(p.ticks, "text", { class: "bpl-quiet", x: s.x(w), y: foot + 19, "text-anchor": "middle" }, pretty(String(w)));
  }
  add(p.ticks, "text", { x: s.width - BOX.right, y: foot + 38, "text-anchor": "end" }, "dial setting w");
  add(p.ticks, "text", { x: 2, y: BOX.top - 15 }, "loss L = ½ (answer − target)²");
  add(p.ticks, "text", { x: 2, y: 38 }, "0");
  add(p.ticks, "text", { x: s.width - 12, y: 38 }, "1");
  set(p.gauge, { d: `M${BOX.left},34H${s.width - BOX.right - 12}` });
}

function drawCurve(p, s, { x, y }) {
  let d = "";
  for (let k = 0; k <= 160; k++) {
    const w = (k / 80 - 1) * s.reach;
    d += `${k ? "L" : "M"}${s.x(w).toFixed(1)},${s.y(neuron(x, w, 0, y).loss).toFixed(1)}`;
  }
  set(p.curve, { d });
  const best = x === 0 ? Infinity : Math.log(y / (1 - y)) / x;
  set(p.goal, { d: Math.abs(best) < s.reach ? diamond(s.x(best), s.y(0)) : "" });
}

function drawStep(p, s, state, next) {
  const foot = HEIGHT - BOX.bottom;
  const [from, to] = [s.x(state.w), s.x(next)];
  const head = Math.sign(to - from) * Math.min(10, Math.abs(to - from));
  set(p.stepLine, { d: `M${from},${foot}H${to - head}`, "stroke-width": 4 });
  set(p.stepHead, { d: `M${to},${foot}l${-head},-6v12Z` });
  set(p.drop, { d: `M${from},${s.y(neuron(state.x, state.w, 0, state.y).loss)}V${foot}` });
  set(p.ghost, { cx: to, cy: s.y(neuron(state.x, next, 0, state.y).loss) });
}

function drawPoint(p, s, state, { answer, loss, dw }) {
  const [px, py, tilt] = [s.x(state.w), s.y(loss), dw * s.tilt];
  const run = 86 / Math.hypot(1, tilt);
  set(p.point, { cx: px, cy: py });
  set(p.tangent, { d: `M${px - run},${py - run * tilt}L${px + run},${py + run * tilt}` });
  const right = px < s.width - 150;
  const below = right === dw > 0;
  const top = Math.min(Math.max(py + (below ? 30 : -18), BOX.top + 12), HEIGHT - BOX.bottom - 12);
  set(p.slope, { x: px + (right ? 14 : -14), y: top, "text-anchor": right ? "start" : "end" });
  p.slope.textContent = pretty(`slope ${signed(dw)}`) + (Math.abs(state.w) > s.reach ? ", w is off the picture" : "");
  const wide = s.width - BOX.left - BOX.right - 12;
  set(p.gaugeAnswer, { cx: BOX.left + answer * wide });
  set(p.gaugeTarget, { d: diamond(BOX.left + state.y * wide, 34, 6) });
  place(p.answerText, `answer ${number(answer, 3)}`, BOX.left + answer * wide, s.width);
  place(p.targetText, `target ${number(state.y, 2)}`, BOX.left + state.y * wide, s.width);
}

function drawTrail(p, s, state) {
  p.trail.replaceChildren();
  for (const w of state.trail.slice(-60)) {
    const cy = s.y(neuron(state.x, w, 0, state.y).loss);
    add(p.trail, "circle", { class: "bpl-forward bpl-hollow", r: 4, cx: s.x(w), cy, "stroke-width": 1.5 });
  }
}

function render({ model, el }) {
  const start = model.get("state");
  const state = { ...start, steps: 0, trail: [] };
  const root = pictureIn(el, {
    name: "the loss over one dial",
    title: "The slope tells you which way to turn, and how boldly",
    hint: "Drag the dot. Dashed: the tangent. Arrow on the axis: the next step, to the ring.",
  });
  const frame = add(root, "div");
  const svg = add(frame, "svg", { height: HEIGHT, role: "img", "aria-label": "Loss curve; its values are said below" });
  const p = parts(svg);
  let s = null;

  const reach = Math.max(6, Math.ceil(Math.abs(start.w) + 1));
  const controls = add(root, "div", { class: "bpl-controls" });
  const dial = slider(controls, { name: "dial w", css: "bpl-whole", min: -reach, max: reach, step: 0.01, show: (v) => number(v, 2) }, turn);
  const target = slider(controls, { name: "target y", min: 0, max: 1, step: 0.01, show: (v) => number(v, 2) }, aim);
  const rate = slider(controls, { name: "learning rate", min: -1, max: 2, step: 0.02, show: () => rateText(state.lr) }, (v) => {
    state.lr = Number((10 ** v).toPrecision(2)); // the slider moves in powers of ten
    update();
  });
  const buttons = add(root, "div", { class: "bpl-buttons" });
  button(buttons, "Step downhill", step).className = "bpl-main";
  button(buttons, "Reset", () => {
    Object.assign(state, start, { steps: 0, trail: [] });
    redraw();
  });
  const say = sayingIn(root);

  function update() {
    const now = neuron(state.x, state.w, 0, state.y);
    drawPoint(p, s, state, now);
    drawStep(p, s, state, descentStep(state.w, now.dw, state.lr));
    dial.put(state.w, `w ${number(state.w, 2)}, loss ${number(now.loss, 3)}, slope ${signed(now.dw, 3)}`);
    target.put(state.y);
    rate.put(Math.log10(state.lr));
    say(words(state));
  }
  function redraw() {
    drawCurve(p, s, state);
    drawTrail(p, s, state);
    update();
  }
  function restart() {
    if (state.trail.length) p.trail.replaceChildren();
    Object.assign(state, { steps: 0, trail: [] });
  }
  function turn(w) {
    restart();
    state.w = w;
    update();
  }
  function aim(y) {
    restart();
    state.y = y;
    redraw();
  }
  function step() {
    const { dw } = neuron(state.x, state.w, 0, state.y);
    state.trail.push(state.w);
    state.w = descentStep(state.w, dw, state.lr);
    state.steps += 1;
    drawTrail(p, s, state);
    update();
  }
  onDrag(svg, ([x]) => turn(s.w(x)));
  return onWidth(frame, (width) => {
    svg.setAttribute("width", width);
    s = scales(width, reach);
    drawAxes(p, s);
    redraw();
  });
}

export default { render };
