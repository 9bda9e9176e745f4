// Layers and networks: the same mathematics as bplearn/nn's linear, activations, losses and mlp (tests compare them).
// A matrix is { rows, cols, v }: its numbers row by row in one Float64Array. Needs neuron.js.

export function matrix(nested) {
  const [rows, cols] = [nested.length, nested[0].length];
  return { rows, cols, v: Float64Array.from(nested.flat()) };
}

export function nested({ rows, cols, v }) {
  return Array.from({ length: rows }, (_, r) => [...v.subarray(r * cols, (r + 1) * cols)]);
}

export function zeros(rows, cols) {
  return { rows, cols, v: new Float64Array(rows * cols) };
}

// a b, a' b and a b': `at` turns the first, `bt` the second. The innermost loop runs along rows of numbers.
export function product(a, b, { at = false, bt = false } = {}) {
  const [rows, inner, cols] = [at ? a.cols : a.rows, at ? a.rows : a.cols, bt ? b.rows : b.cols];
  const out = zeros(rows, cols);
  const [u, v, w] = [a.v, b.v, out.v];
  for (let i = 0; i < rows; i++) {
    if (bt) {
      for (let j = 0; j < cols; j++) {
        let sum = 0;
        for (let k = 0; k < inner; k++) sum += u[i * inner + k] * v[j * inner + k];
        w[i * cols + j] = sum;
      }
      continue;
    }
    for (let k = 0; k < inner; k++) {
      const left = at ? u[k * rows + i] : u[i * inner + k];
      if (left === 0) continue;
      for (let j = 0, from = k * cols, to = i * cols; j < cols; j++) w[to + j] += left * v[from + j];
    }
  }
  return out;
}

export function linearForward(x, W, b) {
  const z = product(x, W);
  for (let i = 0; i < z.rows; i++) for (let j = 0; j < z.cols; j++) z.v[i * z.cols + j] += b[j];
  return z;
}

export function linearBackward(dz, x, W) {
  const db = new Float64Array(dz.cols);
  for (let i = 0; i < dz.rows; i++) for (let j = 0; j < dz.cols; j++) db[j] += dz.v[i * dz.cols + j];
  return { dx: product(dz, W, { bt: true }), dW: product(x, dz, { at: true }), db };
}

// Each activation: its value at z, and its slope where the input was z and the value a.
export const ACTIVATIONS = {
  relu: [(z) => Math.max(z, 0), (z) => (z > 0 ? 1 : 0)],
  leaky_relu: [(z) => (z > 0 ? z : 0.1 * z), (z) => (z > 0 ? 1 : 0.1)],
  tanh: [Math.tanh, (z, a) => 1 - a * a],
  sigmoid: [sigmoid, (z, a) => a * (1 - a)],
  softplus: [(z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))), sigmoid],
  identity: [(z) => z, () => 1],
};

export function activationForward(name, z) {
  return { ...z, v: z.v.map(ACTIVATIONS[name][0]) };
}

export function activationBackward(name, da, z, a) {
  const slope = ACTIVATIONS[name][1];
  return { ...da, v: da.v.map((d, i) => d * slope(z.v[i], a.v[i])) };
}

// Mean cross-entropy of softmax(logits), and its gradient. `labels` are whole numbers.
export function softmaxCrossEntropy(logits, labels) {
  const { rows, cols, v } = logits;
  const dlogits = zeros(rows, cols);
  let loss = 0;
  for (let r = 0; r < rows; r++) {
    const row = v.subarray(r * cols, (r + 1) * cols);
    const highest = Math.max(...row);
    const total = row.reduce((sum, z) => sum + Math.exp(z - highest), 0);
    loss += (Math.log(total) + highest - row[labels[r]]) / rows;
    row.forEach((z, k) => (dlogits.v[r * cols + k] = (Math.exp(z - highest) / total - (k === labels[r] ? 1 : 0)) / rows));
  }
  return { loss, dlogits };
}

// `gain` over sqrt(fan-in) is the standard deviation of the first weights: sqrt(2) is He's.
export function initMlp(sizes, rng, gain = Math.SQRT2) {
  const W = sizes.slice(1).map((cols, k) => ({ rows: sizes[k], cols, v: Float64Array.from({ length: sizes[k] * cols }, () => (rng.normal() * gain) / Math.sqrt(sizes[k])) }));
  return { W, b: sizes.slice(1).map((size) => new Float64Array(size)) };
}

// `cache` holds for each layer what went in (`a`), what the matrix product gave (`z`) and what came out (`out`).
export function mlpForward(x, params, activation = "relu") {
  const cache = [];
  let a = x;
  params.W.forEach((W, k) => {
    const z = linearForward(a, W, params.b[k]);
    const out = k < params.W.length - 1 ? activationForward(activation, z) : z;
    cache.push({ a, z, out });
    a = out;
  });
  return { logits: a, cache };
}

// Gradients of all parameters; `dz` and `da` of each layer too, for pictures that show them on their way.
export function mlpBackward(dlogits, cache, params, activation = "relu") {
  const grads = { W: [], b: [], dz: [], da: [] };
  let dz = dlogits;
  for (let k = cache.length - 1; k >= 0; k--) {
    const { dx, dW, db } = linearBackward(dz, cache[k].a, params.W[k]);
    [grads.W[k], grads.b[k], grads.dz[k], grads.da[k]] = [dW, db, dz, dx];
    if (k > 0) dz = activationBackward(activation, dx, cache[k - 1].z, cache[k - 1].out);
  }
  return grads;
}

export function mlpLossGradients(x, labels, params, activation = "relu") {
  const { logits, cache } = mlpForward(x, params, activation);
  const { loss, dlogits } = softmaxCrossEntropy(logits, labels);
  return { loss, grads: mlpBackward(dlogits, cache, params, activation) };
}

export function sgdUpdate(params, grads, lr) {
  const less = (w, dw) => w.map((value, i) => value - lr * dw[i]);
  return { W: params.W.map((W, k) => ({ ...W, v: less(W.v, grads.W[k].v) })), b: params.b.map((b, k) => less(b, grads.b[k])) };
}
