// Batch normalization of one unit, a number for each example: as in bplearn/nn/normalization.py (tests compare).

export function statistics(x) {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  return { mean, variance: x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length };
}

// With the statistics of this batch, or with stored ones: the formula is the same.
export function normalised(x, gamma, beta, { mean, variance }, eps) {
  return x.map((value) => (gamma * (value - mean)) / Math.sqrt(variance + eps) + beta);
}

export function running(stored, { mean, variance }, momentum) {
  const mixed = (old, now) => momentum * old + (1 - momentum) * now;
  return { mean: mixed(stored.mean, mean), variance: mixed(stored.variance, variance) };
}
