// Dropout, a price on weights and early stopping, as in bplearn/nn/regularisation.py (tests compare). Needs mlp.

export function dropoutForward(x, mask) {
  return { ...x, v: x.v.map((value, i) => value * mask[i]) };
}

export const dropoutBackward = dropoutForward; // blame goes where the values went

export function dropoutMask(count, drop, rng) {
  return Float64Array.from({ length: count }, () => (rng.uniform() >= drop ? 1 / (1 - drop) : 0));
}

export function bestEpoch(losses, patience) {
  let best = 0;
  for (let epoch = 0; epoch < losses.length; epoch++) {
    if (losses[epoch] < losses[best]) best = epoch;
    else if (epoch - best >= patience) break;
  }
  return best;
}

// Gradients of a network with one hidden layer of ReLUs, dropout behind it, and L2 on both matrices.
export function regularisedGradients({ x, labels }, params, mask, l2) {
  const z = linearForward(x, params.W[0], params.b[0]);
  const h = dropoutForward(activationForward("relu", z), mask);
  const { dlogits } = softmaxCrossEntropy(linearForward(h, params.W[1], params.b[1]), labels);
  const second = linearBackward(dlogits, h, params.W[1]);
  const first = linearBackward(activationBackward("relu", dropoutBackward(second.dx, mask), z, z), x, params.W[0]);
  const priced = (dW, W) => ({ ...dW, v: dW.v.map((value, i) => value + l2 * W.v[i]) });
  return { W: [priced(first.dW, params.W[0]), priced(second.dW, params.W[1])], b: [first.db, second.db] };
}

// Velocities that remember the gradients before, as in lesson 09.
export function withMemory(grads, before, mu) {
  const mix = (v, dv) => v.map((value, i) => (before ? mu * dv[i] : 0) + value);
  return {
    W: grads.W.map((dW, k) => ({ ...dW, v: mix(dW.v, before?.W[k].v) })),
    b: grads.b.map((db, k) => mix(db, before?.b[k])),
  };
}
