// Expressions of single numbers: each operation with its local gradients, as in bplearn/nn/autodiff.py (tests compare).

export const OPERATIONS = {
  "+": (a, b) => [a + b, 1, 1],
  "\u2212": (a, b) => [a - b, 1, -1],
  "\u00d7": (a, b) => [a * b, b, a],
  "\u00f7": (a, b) => [a / b, 1 / b, -a / (b * b)],
  negate: (a) => [-a, -1],
  exp: (a) => [Math.exp(a), Math.exp(a)],
  log: (a) => [Math.log(a), 1 / a],
  tanh: (a) => [Math.tanh(a), 1 - Math.tanh(a) ** 2],
  relu: (a) => [Math.max(a, 0), a > 0 ? 1 : 0],
  power: (a, n) => [a ** n, n * a ** (n - 1)],
};

// Values and local gradients anew, from the leaves on. Nodes stand in their order, parents by number.
export function recompute(nodes) {
  const done = [];
  for (const node of nodes) {
    const from = node.parents.map((i) => done[i].data);
    if (!from.length) done.push({ ...node });
    else {
      const [data, ...locals] = OPERATIONS[node.op](...from, ...(node.op === "power" ? [node.n] : []));
      done.push({ ...node, data, locals });
    }
  }
  return done;
}

// What every node holds after `steps` nodes have passed on, the last node first; leaves pass nothing on.
export function gradients(nodes, steps) {
  const grads = nodes.map(() => 0);
  if (steps > 0) grads[nodes.length - 1] = 1;
  for (const i of passing(nodes).slice(0, Math.max(steps - 1, 0))) {
    nodes[i].parents.forEach((parent, k) => (grads[parent] += nodes[i].locals[k] * grads[i]));
  }
  return grads;
}

// The nodes that pass something on, in the order in which they do.
export function passing(nodes) {
  return nodes.map((_, i) => i).filter((i) => nodes[i].parents.length).reverse();
}
