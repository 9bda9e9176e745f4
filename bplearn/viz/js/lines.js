// Straight lines through points: the losses of bplearn/nn/losses.py for them (tests compare), and the best fits.

export function meanSquared(y_hat, y) {
  const r = y_hat.map((value, i) => value - y[i]);
  return { loss: r.reduce((sum, value) => sum + value * value, 0) / r.length, pulls: r.map((value) => (2 * value) / r.length) };
}

export function meanHuber(y_hat, y, delta) {
  const r = y_hat.map((value, i) => value - y[i]);
  const one = (value) => (Math.abs(value) > delta ? delta * (Math.abs(value) - delta / 2) : (value * value) / 2);
  return {
    loss: r.reduce((sum, value) => sum + one(value), 0) / r.length,
    pulls: r.map((value) => Math.min(Math.max(value, -delta), delta) / r.length),
  };
}

// Slope and height at 0 of the line with the least weighted squares.
function weightedFit(x, y, weights) {
  const sum = (f) => x.reduce((total, _, i) => total + weights[i] * f(i), 0);
  const all = sum(() => 1);
  const [x_mean, y_mean] = [sum((i) => x[i]) / all, sum((i) => y[i]) / all];
  const slope = sum((i) => (x[i] - x_mean) * (y[i] - y_mean)) / sum((i) => (x[i] - x_mean) ** 2);
  return { slope, height: y_mean - slope * x_mean };
}

export const along = ({ slope, height }, x) => x.map((value) => slope * value + height);

export function squaresFit(x, y) {
  return weightedFit(x, y, x.map(() => 1));
}

// Squares again and again, each point weighted so that its pull keeps the limit, until the line stands still.
export function huberFit(x, y, delta) {
  let line = squaresFit(x, y);
  for (let k = 0; k < 5000; k++) {
    const next = weightedFit(x, y, along(line, x).map((value, i) => Math.min(1, delta / Math.abs(value - y[i]))));
    const moved = Math.abs(next.slope - line.slope) + Math.abs(next.height - line.height);
    line = next;
    if (moved < 1e-13) break;
  }
  return line;
}
