// Slopes that are measured by a step, on lesson 01's loss: as in bplearn/nn/gradcheck.py and neuron.py (tests compare).

const X = 1.5;
const TARGET = 0.2;

export const lossAt = (w) => neuron(X, w, 0, TARGET).loss;
export const slopeAt = (w) => neuron(X, w, 0, TARGET).dw;

export function oneSided(w, h) {
  return (lossAt(w + h) - lossAt(w)) / h;
}

export function centralDifference(w, h) {
  return (lossAt(w + h) - lossAt(w - h)) / (2 * h);
}

export const WAYS = { one: oneSided, both: centralDifference };

// Relative error of a measured slope; one that is exact to the last digit counts as 1e-16.
export function relativeError(way, w, h) {
  const true_ = slopeAt(w);
  return Math.max(Math.abs(WAYS[way](w, h) - true_) / Math.abs(true_), 1e-16);
}

// What to expect of both evils: the bend of the curve, seen at a step that is not small, and a last digit over the step.
export function evils(way, w, h) {
  const [order, far] = [way === "one" ? 1 : 2, 0.01];
  const bend = relativeError(way, w, far) * (h / far) ** order;
  return { bend, rounding: (1.1e-16 * Math.abs(lossAt(w))) / (h * Math.abs(slopeAt(w))) };
}
