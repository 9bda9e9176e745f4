// Two classes of points, and where a network changes its mind about them. Needs neuron, mlp, plot and random.

const DOMAIN = [-1.6, 1.6]; // of both coordinates
const CELLS = 48; // of the grid on which a network is asked

const turn = (radius, angle) => [radius * Math.cos(angle), radius * Math.sin(angle)];

// Each data set: where the k-th point lies before noise is added, and its class.
export const DATA_SETS = {
  xor: { name: "XOR", noise: 1, at: (rng, k) => [[k & 1 ? 0.75 : -0.75, k & 2 ? 0.75 : -0.75], (k & 1) ^ ((k & 2) >> 1)] },
  rings: { name: "ring", noise: 0.6, at: (rng, k) => [turn(k & 1 ? 1.1 : 0.35 * rng.uniform(), 2 * Math.PI * rng.uniform()), k & 1] },
  moons: { name: "moons", noise: 0.7, at: (rng, k) => {
    const [c, s] = turn(0.9, Math.PI * rng.uniform());
    return [k & 1 ? [0.45 - c, 0.2 - s] : [c - 0.45, s - 0.2], k & 1];
  } },
  spirals: { name: "spirals", noise: 0.3, at: (rng, k) => {
    const t = Math.sqrt(rng.uniform());
    return [turn(0.1 + 1.2 * t, 1.5 * 2 * Math.PI * t + (k & 1) * Math.PI), k & 1];
  } },
  blobs: { name: "blobs", noise: 1.4, at: (rng, k) => [k & 1 ? [0.7, 0.6] : [-0.7, -0.6], k & 1] },
};

export function drawPoints(set, count, noise, rng) {
  const drawn = Array.from({ length: count }, (_, k) => {
    const [[a, b], label] = set.at(rng, k);
    return [[a + set.noise * noise * rng.normal(), b + set.noise * noise * rng.normal()], label];
  });
  return { x: matrix(drawn.map(([point]) => point)), labels: drawn.map(([, label]) => label) };
}

export function probabilityOfOne({ logits }) {
  const p = new Float64Array(logits.rows);
  for (let r = 0; r < p.length; r++) p[r] = sigmoid(logits.v[2 * r + 1] - logits.v[2 * r]);
  return p;
}

export function shareRight(p, labels) {
  return labels.filter((label, i) => (p[i] > 0.5 ? 1 : 0) === label).length / labels.length;
}

// All points of the grid, row by row from below: the same every time.
export function gridPoints() {
  const at = (k) => DOMAIN[0] + ((DOMAIN[1] - DOMAIN[0]) * k) / CELLS;
  const n = CELLS + 1;
  const x = zeros(n * n, 2);
  for (let k = 0; k < n * n; k++) [x.v[2 * k], x.v[2 * k + 1]] = [at(k % n), at(Math.floor(k / n))];
  return x;
}

const MARK_OF = ["circle", "square"];
const COLOUR_OF = ["s0", "s2"];

function rgb(hex) {
  return [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
}

// The ground of a map: a canvas with a pixel for each point of the grid, under an SVG with everything else.
function mapIn(frame, label) {
  frame.classList.add("bpl-layers");
  const n = CELLS + 1;
  const ground = add(frame, "canvas", { width: n, height: n, "aria-hidden": "true" });
  const svg = add(frame, "svg", { role: "img", "aria-label": label });
  const context = ground.getContext("2d");
  const pixels = context.createImageData(n, n);
  let tints = null;
  return {
    svg,
    place({ left, top, width, height }) {
      Object.assign(ground.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
    },
    retint(root) {
      tints = COLOUR_OF.map((name) => rgb(colour(root, name)));
    },
    // Each class in its colour, the surer the stronger.
    fill(p) {
      for (let r = 0; r < n; r++) {
        for (let c = 0; c < n; c++) {
          const [sure, to] = [p[r * n + c] - 0.5, 4 * ((n - 1 - r) * n + c)];
          const [red, green, blue] = tints[sure > 0 ? 1 : 0];
          pixels.data.set([red, green, blue, Number.isFinite(sure) ? 25 + 170 * Math.abs(sure) : 0], to);
        }
      }
      context.putImageData(pixels, 0, 0);
    },
  };
}

function scatter(group, field, { x, labels }, odd = () => false) {
  group.replaceChildren();
  labels.forEach((label, i) => {
    const [px, py] = [field.x(x.v[2 * i]), field.y(x.v[2 * i + 1])];
    const css = `bpl-dot bpl-dot-${COLOUR_OF[label]}${odd(i) ? " bpl-odd" : ""}`;
    add(group, "path", { class: css, d: MARKS[MARK_OF[label]](px, py, label ? 4 : 4.4) });
  });
}
