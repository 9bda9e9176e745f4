// A line fitted to points, and the gradients of batches of them: bplearn/nn's mse_loss and linear_backward (tests compare).

// Mean squared error of w x + b over the examples of these rows.
export function lossOf({ x, y }, [w, b], rows) {
  return rows.reduce((sum, i) => sum + (w * x[i] + b - y[i]) ** 2, 0) / rows.length;
}

export function gradientOf({ x, y }, [w, b], rows) {
  let [dw, db] = [0, 0];
  for (const i of rows) {
    const pull = (2 * (w * x[i] + b - y[i])) / rows.length;
    dw += pull * x[i];
    db += pull;
  }
  return [dw, db];
}

// `count` batches of each size, drawn from n examples; within a batch no example comes twice.
export function drawBatches(rng, n, sizes, count) {
  const all = Array.from({ length: n }, (_, i) => i);
  return new Map(sizes.map((size) => [size, Array.from({ length: count }, () => rng.shuffled(all).slice(0, size))]));
}

// Root of the mean squared distance of the batches' gradients from the full one.
export function spreadOf(gradients, full) {
  return Math.sqrt(gradients.reduce((sum, [dw, db]) => sum + (dw - full[0]) ** 2 + (db - full[1]) ** 2, 0) / gradients.length);
}
