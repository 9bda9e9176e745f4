// An expression as a graph: values stand in it, gradients fill in from the right, and leaves can be changed.

const BOX = { width: 104, height: 62 };
const COLUMN = 158; // the least from one column to the next
const ROW = 88;
const PAUSE = 1100; // milliseconds between two steps of "Play all"
const LIFT = 0.02; // change of a leaf for each pixel

// What step `k` does, with its numbers: 0 nothing, 1 the seed, then one node after the other passes on.
export function sentence(nodes, k) {
  const order = passing(nodes);
  if (k === 0) return 'Only values so far. Press "Next step": gradients start at the last box, with 1.';
  const step = `Step ${k} of ${order.length + 1}`;
  const last = nodes.at(-1).name;
  if (k === 1) return `${step}: ${last}.grad = 1, for ${last} moves exactly as much as ${last} does.`;
  const node = nodes[order[k - 2]];
  const [before, after] = [gradients(nodes, k - 1), gradients(nodes, k)];
  const grad = number(before[order[k - 2]], 2);
  const sums = before.map((value) => value);
  const parts = node.parents.map((parent, i) => {
    const share = node.locals[i] * before[order[k - 2]];
    const had = sums[parent];
    sums[parent] += share;
    const sum = had === 0 ? "" : ` on top of ${number(had, 2)}, which makes ${number(sums[parent], 2)}`;
    return `${nodes[parent].name} gets ${bracketed(node.locals[i])} * ${bracketed(before[order[k - 2]])} = ${number(share, 2)}${sum}`;
  });
  const end = k > order.length ? ` ${ending(nodes, after)}` : "";
  return `${step}: ${node.name} has all of its gradient, ${grad}, and passes it on. ${parts.join("; ")}.${end}`;
}

const bracketed = (value) => (value < 0 ? `(${number(value, 2)})` : number(value, 2));

// Whether the gradients that came with the picture are those that the steps lead to.
function ending(nodes, found) {
  if (nodes.some(({ given }) => given === undefined)) return "";
  const other = nodes.filter(({ given }, i) => Math.abs(given - found[i]) > 1e-9 * Math.max(1, Math.abs(found[i])));
  if (!other.length) return "These are the numbers that your backward() has left.";
  if (nodes.every(({ given }) => given === 0)) return "Call backward(): it should leave these numbers.";
  return `Your backward() has left other numbers in ${other.map(({ name, given }) => `${name} (${number(given, 2)})`).join(", ")}.`;
}

function edges(nodes) {
  return nodes.flatMap(({ parents }, i) => parents.map((parent, k) => ({ from: parent, to: i, k, twin: parents.indexOf(parent) !== k })));
}

function curve(a, b, over) {
  const [x1, y1, x2, y2] = [a.x + BOX.width / 2, a.y, b.x - BOX.width / 2, b.y];
  const bend = over * Math.sign(y1 - y2 || -1);
  const [cx, cy] = [(x1 + x2) / 2, (y1 + y2) / 2 + bend];
  return {
    d: `M${x1},${y1}Q${cx},${cy} ${x2},${y2}`, middle: [(x1 + 2 * cx + x2) / 4, (y1 + 2 * cy + y2) / 4],
    ahead: tip(x2, y2, cx, cy), behind: tip(x1, y1, cx, cy),
  };
}

// The head of an arrow that comes from (cx, cy) and ends in (x, y).
function tip(x, y, cx, cy) {
  const long = Math.hypot(x - cx, y - cy) || 1;
  const [ux, uy] = [(9 * (x - cx)) / long, (9 * (y - cy)) / long];
  return `M${x},${y}L${x - ux - 0.55 * uy},${y - uy + 0.55 * ux}L${x - ux + 0.55 * uy},${y - uy - 0.55 * ux}Z`;
}

function drawEdge(group, nodes, edge, places) {
  const far = nodes[edge.to].column - nodes[edge.from].column > 1;
  const { d, middle, ahead, behind } = curve(places[edge.from], places[edge.to], far ? 64 : edge.twin ? 26 : 0);
  add(group, "path", { class: "bpl-forward bpl-thin", d });
  add(group, "path", { class: "bpl-head-forward", d: ahead });
  const back = add(group, "g");
  add(back, "path", { class: "bpl-backward bpl-dashed", d });
  add(back, "path", { class: "bpl-head-backward", d: behind });
  const text = add(group, "text", { class: "bpl-quiet", x: middle[0], y: middle[1] + (edge.twin ? 16 : -5), "text-anchor": "middle" });
  return { ...edge, back, text };
}

function drawBox(group, node, { x, y }) {
  add(group, "rect", { class: "bpl-node", x: x - BOX.width / 2, y: y - BOX.height / 2, width: BOX.width, height: BOX.height, rx: 9 });
  const line = (css, dy) => add(group, "text", { class: css, x, y: y + dy, "text-anchor": "middle" });
  line("bpl-strong", -13).textContent = node.op && node.op !== node.name ? `${node.name}: ${sign(node)}` : node.name;
  return { frame: group.firstChild, value: line("bpl-f", 5), grad: line("bpl-b", 23) };
}

const sign = ({ op, n }) => (op === "power" ? `** ${Number(n.toPrecision(6))}` : op);

function build(svg, nodes, width) {
  svg.replaceChildren();
  const [columns, rows] = [1 + Math.max(...nodes.map(({ column }) => column)), 1 + Math.max(...nodes.map(({ row }) => row))];
  const wide = Math.max(width, (columns - 1) * COLUMN + BOX.width + 12);
  set(svg, { width: wide, height: (rows - 1) * ROW + BOX.height + 40 });
  const gap = columns > 1 ? (wide - BOX.width - 12) / (columns - 1) : 0;
  const places = nodes.map(({ column, row }) => ({ x: 6 + BOX.width / 2 + column * gap, y: 20 + BOX.height / 2 + (rows - 1 - row) * ROW }));
  const lines = edges(nodes).map((edge) => drawEdge(add(svg, "g"), nodes, edge, places));
  return { places, lines, boxes: nodes.map((node, i) => drawBox(add(svg, "g"), node, places[i])) };
}

function paint(drawn, nodes, k) {
  const order = passing(nodes);
  const passed = new Set(order.slice(0, Math.max(k - 1, 0)));
  const now = k === 1 ? nodes.length - 1 : order[k - 2];
  const grads = gradients(nodes, k);
  drawn.lines.forEach(({ to, k: place, back, text }) => {
    back.classList.toggle("bpl-hidden", !passed.has(to));
    back.firstChild.style.strokeWidth = to === now ? 4 : "";
    text.textContent = pretty(number(nodes[to].locals[place], 2));
  });
  drawn.boxes.forEach(({ frame, value, grad }, i) => {
    const reached = (i === nodes.length - 1 && k > 0) || nodes.some(({ parents }, child) => parents.includes(i) && passed.has(child));
    const waits = nodes.some(({ parents }, child) => parents.includes(i) && !passed.has(child));
    frame.classList.toggle("bpl-now", i === now);
    value.textContent = pretty(`value ${number(nodes[i].data, 2)}`);
    grad.textContent = pretty(reached ? `grad ${number(grads[i], 2)}${waits ? " + ?" : ""}` : "grad ?");
  });
}

function render({ model, el }) {
  const start = model.get("state");
  const state = { nodes: start.nodes };
  const known = start.nodes.every(({ parents, op }) => !parents.length || op in OPERATIONS);
  const named = (i) => !start.nodes[i].parents.length && !start.nodes[i].constant;
  const leaves = start.nodes.map((_, i) => i).filter(named).sort((i, j) => start.nodes[i].name.localeCompare(start.nodes[j].name));
  const root = pictureIn(el, {
    name: "an expression as a graph",
    title: "A box passes its gradient on once every share of it has arrived",
    hint: known ? "Step through it. Grey: local gradients. Drag a leaf up or down, or use its slider, to change its value." : "Step through it. Grey: local gradients. One operation is not known here, so values stay as they are.",
  });
  legendIn(root, [
    ["──", "forward-text", "values, to the right"],
    ["╌╌", "backward-text", "gradients, to the left"],
  ]);
  const frame = add(root, "div", { class: "bpl-drawing", tabindex: "0", role: "region", "aria-label": "The graph, which may be wider than its place" });
  const svg = add(frame, "svg", { role: "img", "aria-label": "Graph of the expression; each step is said below" });
  const say = sayingIn(root);
  const buttons = add(root, "div", { class: "bpl-buttons" });
  const steps = stepperIn(buttons, { last: passing(start.nodes).length + 1, pause: PAUSE, update: () => update() });
  button(buttons, "Reset", () => {
    state.nodes = start.nodes;
    steps.go(0);
  });
  const controls = add(root, "div", { class: "bpl-controls" });
  const reach = Math.max(3, ...leaves.map((i) => Math.ceil(Math.abs(start.nodes[i].data))));
  const sliders = !known ? [] : leaves.map((i) => {
    const one = slider(controls, { name: `leaf ${start.nodes[i].name}`, min: -reach, max: reach, step: 0.05, show: (v) => number(v, 2) }, (value) => put(i, value));
    return () => one.put(state.nodes[i].data, `${start.nodes[i].name} ${number(state.nodes[i].data, 2)}, ${state.nodes.at(-1).name} ${number(state.nodes.at(-1).data, 2)}`);
  });
  let drawn = null;

  function put(i, value) {
    // what came with the picture belongs to other values: `given` goes
    state.nodes = recompute(state.nodes.map(({ given, ...node }, j) => (j === i ? { ...node, data: value } : node)));
    update();
  }
  function update() {
    paint(drawn, state.nodes, steps.k);
    sliders.forEach((show) => show());
    steps.put();
    say(sentence(state.nodes, steps.k));
  }
  let held = null;
  if (known && leaves.length) onDrag(svg, ([x, y], begins) => {
    if (begins) {
      const inside = leaves.find((i) => Math.abs(drawn.places[i].x - x) < BOX.width / 2 && Math.abs(drawn.places[i].y - y) < BOX.height / 2);
      held = inside === undefined ? null : { i: inside, y, value: state.nodes[inside].data };
    } else if (held) {
      const value = held.value + LIFT * (held.y - y);
      put(held.i, Math.min(Math.max(Math.round(value * 20) / 20, -reach), reach));
    }
  }, { both: true });
  const unwatch = onWidth(frame, (width) => {
    drawn = build(svg, state.nodes, width);
    update();
  });
  return () => {
    steps.stop();
    unwatch();
  };
}

export default { render };
