// One step of each optimiser, for arrays of numbers: the same mathematics as bplearn/nn/optimisers.py (tests compare).

const each = (w, f) => w.map((_, i) => f(i));

export function sgdStep(w, dw, lr) {
  return each(w, (i) => w[i] - lr * dw[i]);
}

export function momentumStep(w, dw, v, lr, mu) {
  const next = each(w, (i) => mu * v[i] + dw[i]);
  return [each(w, (i) => w[i] - lr * next[i]), next];
}

export function nesterovStep(w, dw, v, lr, mu) {
  const next = each(w, (i) => mu * v[i] + dw[i]);
  return [each(w, (i) => w[i] - lr * (dw[i] + mu * next[i])), next];
}

export function rmspropStep(w, dw, s, lr, rho, eps) {
  const next = each(w, (i) => rho * s[i] + (1 - rho) * dw[i] ** 2);
  return [each(w, (i) => w[i] - (lr * dw[i]) / (Math.sqrt(next[i]) + eps)), next];
}

export function adamStep(w, dw, m, v, t, lr, beta1, beta2, eps) {
  const first = each(w, (i) => beta1 * m[i] + (1 - beta1) * dw[i]);
  const second = each(w, (i) => beta2 * v[i] + (1 - beta2) * dw[i] ** 2);
  const sized = (i) => first[i] / (1 - beta1 ** t) / (Math.sqrt(second[i] / (1 - beta2 ** t)) + eps);
  return [each(w, (i) => w[i] - lr * sized(i)), first, second];
}

// Each surface: its height above the bottom, and its gradient.
export const SURFACES = {
  ravine: { f: (x, y) => (x * x + 100 * y * y) / 2, df: ([x, y]) => [x, 100 * y], x: [-4, 11], y: [-1.3, 1.3], bottoms: [[0, 0]], levels: [0.5, 4.5, 15, 32, 55, 90] },
  saddle: { f: (x, y) => (x * x) / 2 + (y * y - 1) ** 2 / 4, df: ([x, y]) => [x, y * (y * y - 1)], x: [-1.5, 2.5], y: [-1.6, 1.6], bottoms: [[0, 1], [0, -1]], levels: [0.02, 0.1, 0.2, 0.25, 0.5, 1, 1.8] },
};
