// A pad of 8 x 8 pixels to draw a digit on, read at every change by a network whose weights came along.

const SIDE = 8;
const CELL = 30; // CSS pixels
const BLACK = 16;
const PAD = SIDE * CELL;
const ASKED = "Your program learns and reads ...";
const PATIENCE = 60000; // milliseconds for an answer

const percent = (share) => (share < 0.0005 ? "under 0.1 %" : `${(100 * share).toFixed(1)} %`);

export function floats(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return Float64Array.from(new Float32Array(bytes.buffer));
}

export function network(layers) {
  return { W: layers.map(({ rows, cols, W }) => ({ rows, cols, v: floats(W) })), b: layers.map(({ b }) => floats(b)) };
}

// Probabilities of the ten digits for an image of grey values from 0 to 16.
export function probabilities(image, params) {
  const { logits } = mlpForward({ rows: 1, cols: SIDE * SIDE, v: Float64Array.from(image, (grey) => grey / BLACK) }, params);
  const highest = Math.max(...logits.v);
  const e = [...logits.v].map((z) => Math.exp(z - highest));
  const total = e.reduce((sum, value) => sum + value, 0);
  return e.map((value) => value / total);
}

// Ink along a stroke from one place to the next, both in cells; a cell keeps the darkest it got.
export function ink(image, [x1, y1], [x2, y2], width) {
  const steps = Math.max(1, Math.ceil(Math.hypot(x2 - x1, y2 - y1) / 0.2));
  const inked = [...image];
  for (let k = 0; k <= steps; k++) {
    const [x, y] = [x1 + ((x2 - x1) * k) / steps, y1 + ((y2 - y1) * k) / steps];
    inked.forEach((_, i) => {
      const far = Math.hypot((i % SIDE) + 0.5 - x, Math.floor(i / SIDE) + 0.5 - y);
      inked[i] = Math.max(inked[i], Math.round(BLACK * Math.min(Math.max(0.5 + 0.85 * width - far, 0), 1)));
    });
  }
  return inked;
}

export function shifted(image, right, down) {
  return image.map((_, i) => {
    const [x, y] = [(i % SIDE) - right, Math.floor(i / SIDE) - down];
    return x >= 0 && x < SIDE && y >= 0 && y < SIDE ? image[y * SIDE + x] : 0;
  });
}

export function words(image, p, truth) {
  const order = p.map((_, digit) => digit).sort((a, b) => p[b] - p[a]);
  const [first, second] = order;
  const read = `${first} with ${percent(p[first])}, then ${second} with ${percent(p[second])}`;
  if (!image.some((grey) => grey > 0)) return `Nothing is drawn yet. The network must say something all the same: ${read}.`;
  return `Read as ${read}.${truth >= 0 ? ` It is a ${truth}, of images that the network never learnt from.` : ""}`;
}

function padIn(parent) {
  const svg = add(parent, "svg", {
    width: PAD + 4, height: PAD + 4, tabindex: "0", role: "application",
    "aria-label": "Pad of 8 by 8 pixels: arrow keys move, Space paints, Backspace erases",
  });
  add(svg, "rect", { class: "bpl-node", x: 1, y: 1, width: PAD + 2, height: PAD + 2 });
  const cells = Array.from({ length: SIDE * SIDE }, (_, i) =>
    add(svg, "rect", { class: "bpl-ink", x: 2 + (i % SIDE) * CELL, y: 2 + Math.floor(i / SIDE) * CELL, width: CELL, height: CELL }));
  const cursor = add(svg, "rect", { class: "bpl-target bpl-dotted", width: CELL, height: CELL });
  return { svg, cells, cursor };
}

function barsIn(parent) {
  const svg = add(parent, "svg", { role: "img", "aria-label": "How sure the network is of each digit; the two likeliest are said below" });
  const rows = Array.from({ length: 10 }, (_, digit) => {
    const y = 14 + digit * 25;
    add(svg, "text", { x: 4, y: y + 5 }, String(digit));
    return { y, bar: add(svg, "rect", { x: 22, y: y - 7, height: 15 }), text: add(svg, "text", { y: y + 5 }) };
  });
  const fit = (width) => set(svg, { width, height: 260 });
  const put = (p, width) => {
    const best = p.indexOf(Math.max(...p));
    rows.forEach(({ bar, text }, digit) => {
      const long = (width - 140) * p[digit];
      set(bar, { width: Math.max(long, 0.5), class: digit === best ? "bpl-fill-f" : "bpl-shade-strong" });
      set(text, { x: 28 + long, class: digit === best ? "bpl-f bpl-now" : "bpl-quiet" });
      text.textContent = percent(p[digit]) + (digit === best ? " ◂ read" : "");
    });
  };
  return { svg, fit, put };
}

function render({ model, el }) {
  const { layers, examples, asks } = model.get("state");
  const params = network(layers);
  const empty = Array(SIDE * SIDE).fill(0);
  const state = { image: empty, truth: -1, width: 1, cursor: 27, next: 0, told: "" };
  const root = pictureIn(el, {
    name: "a pad to draw digits on",
    title: "Draw a digit: the network reads along",
    hint: "Draw with the mouse or a finger, as large as the pad. By keyboard: Tab to the pad, arrows, Space, Backspace.",
  });
  const frame = add(root, "div", { class: "bpl-beside" });
  const pad = padIn(frame);
  const bars = barsIn(frame);
  const say = sayingIn(root);
  const buttons = add(root, "div", { class: "bpl-buttons" });
  button(buttons, "Clear", () => change({ image: empty, truth: -1 })).className = "bpl-main";
  button(buttons, "Next example", () => {
    const { image, label } = examples[state.next];
    change({ image, truth: label, next: (state.next + 1) % examples.length });
  });
  for (const [sign, name, right, down] of [["←", "left", -1, 0], ["→", "right", 1, 0], ["↑", "up", 0, -1], ["↓", "down", 0, 1]]) {
    button(buttons, sign, () => change({ image: shifted(state.image, right, down) })).setAttribute("aria-label", `Shift ${name} by a pixel`);
  }
  if (asks) button(buttons, "Ask my program", () => {
    change({ told: ASKED }, true);
    model.set("answer", [...state.image, Date.now()]); // the time: the same image may be asked twice,
    model.set("reply", ""); // and the same answer given
    model.save_changes();
    clearTimeout(waiting);
    waiting = setTimeout(() => state.told === ASKED && change({ told: "No answer. Is the kernel running? Run this cell again." }, true), PATIENCE);
  });
  const brush = slider(add(root, "div", { class: "bpl-controls" }), { name: "brush width", min: 0.6, max: 1.8, step: 0.1, show: (v) => number(v, 1) }, (width) => change({ width }, true));
  let barWidth = 300;
  let waiting = 0;

  function change(news, keeps = false) {
    if (!keeps) state.told = "";
    Object.assign(state, news);
    const p = probabilities(state.image, params);
    pad.cells.forEach((cell, i) => (cell.style.fillOpacity = state.image[i] / BLACK));
    set(pad.cursor, { x: 2 + (state.cursor % SIDE) * CELL, y: 2 + Math.floor(state.cursor / SIDE) * CELL });
    bars.put(p, barWidth);
    brush.put(state.width);
    say(words(state.image, p, state.truth) + (state.told && `\n${state.told}`));
  }
  const paintCell = (grey) => change({ image: state.image.with(state.cursor, grey), truth: -1 });
  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  pad.svg.addEventListener("keydown", (event) => {
    const { key } = event;
    if (key in moves) {
      const clamp = (v) => Math.min(Math.max(v, 0), SIDE - 1);
      const [x, y] = [clamp((state.cursor % SIDE) + moves[key][0]), clamp(Math.floor(state.cursor / SIDE) + moves[key][1])];
      change({ cursor: y * SIDE + x }, true);
      set(pad.svg, { "aria-label": `Pad, row ${y + 1}, column ${x + 1}: ${state.image[y * SIDE + x]} of 16. Space paints, Backspace erases` });
    } else if (key === " ") paintCell(BLACK);
    else if (key === "Backspace" || key === "Delete") paintCell(0);
    else return;
    event.preventDefault();
  });
  let last = null;
  onDrag(pad.svg, (place, begins) => {
    const here = place.map((px) => (px - 2) / CELL);
    change({ image: ink(state.image, begins || !last ? here : last, here, state.width), truth: -1 });
    last = here;
  }, { both: true });
  pad.svg.style.cursor = "crosshair";
  const hear = () => change({ told: model.get("reply") }, true);
  model.on("change:reply", hear);
  const unwatch = onWidth(frame, (width) => {
    barWidth = Math.min(width >= 560 ? width - PAD - 24 : width, 460);
    bars.fit(barWidth);
    change({}, true);
  });
  return () => {
    clearTimeout(waiting);
    model.off("change:reply", hear);
    unwatch();
  };
}

export default { render };
