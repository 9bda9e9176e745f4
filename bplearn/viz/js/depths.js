// Deep networks on two classes of points: the size of each layer's gradient, and of the signal on its way there.

export const WIDTH = 16;
export const GAINS = { small: 0.3, xavier: 1, he: Math.SQRT2, large: 3 }; // times 1 / sqrt(inputs)

// Points about the origin; class 1 where both coordinates have the same sign.
export function crossedPoints(count, rng) {
  const rows = Array.from({ length: count }, () => [rng.normal(), rng.normal()]);
  return { x: matrix(rows), labels: rows.map(([a, b]) => (a * b > 0 ? 1 : 0)) };
}

export function deepNetwork(depth, gain, rng) {
  return initMlp([2, ...Array(depth).fill(WIDTH), 2], rng, gain);
}

const size = (v) => Math.sqrt(v.reduce((sum, value) => sum + value * value, 0));

function spreadOf(v) {
  const mean = v.reduce((sum, value) => sum + value, 0) / v.length;
  return Math.sqrt(v.reduce((sum, value) => sum + (value - mean) ** 2, 0) / v.length);
}

// For each layer the norm of its weight gradient, and the spread of what comes out of it.
export function measureLayers({ x, labels }, params, activation) {
  const { logits, cache } = mlpForward(x, params, activation);
  const { loss, dlogits } = softmaxCrossEntropy(logits, labels);
  const grads = mlpBackward(dlogits, cache, params, activation);
  const right = labels.filter((label, i) => (logits.v[2 * i + 1] > logits.v[2 * i] ? 1 : 0) === label).length;
  return {
    loss, grads, right: right / labels.length, norms: grads.W.map(({ v }) => size(v)),
    spreads: cache.map(({ out }) => spreadOf(out.v)),
  };
}
