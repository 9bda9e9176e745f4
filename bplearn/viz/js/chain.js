// Two weights in a row: the same mathematics as bplearn/nn/chain.py (tests compare them).

export function twoWeights(x, w1, w2, y) {
  const z1 = w1 * x;
  const h = sigmoid(z1);
  const z2 = w2 * h;
  const y_hat = sigmoid(z2);
  const loss = 0.5 * (y_hat - y) ** 2;
  const dy_hat = y_hat - y;
  const slope2 = y_hat * (1 - y_hat);
  const dz2 = dy_hat * slope2;
  const dw2 = dz2 * h;
  const dh = dz2 * w2;
  const slope1 = h * (1 - h);
  const dz1 = dh * slope1;
  const dw1 = dz1 * x;
  return { x, w1, w2, y, z1, h, z2, y_hat, loss, dy_hat, slope2, dz2, dw2, dh, slope1, dz1, dw1 };
}
