// One weight, one sigmoid: the same mathematics as bplearn/nn/neuron.py (tests compare them).

export function sigmoid(z) {
  const e = Math.exp(-Math.abs(z)); // never a positive exponent: nothing overflows
  return (z >= 0 ? 1 : e) / (1 + e);
}

export function neuron(x, w, b, y) {
  const answer = sigmoid(w * x + b);
  const loss = 0.5 * (answer - y) ** 2;
  const db = (answer - y) * answer * (1 - answer);
  return { answer, loss, dw: db * x, db };
}

export function descentStep(w, dw, lr) {
  return w - lr * dw;
}
