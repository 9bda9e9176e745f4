// Clipping of a gradient of two entries: the same mathematics as bplearn/nn/clipping.py (tests compare them).

export function clipByValue(gradient, limit) {
  return gradient.map((entry) => Math.min(Math.max(entry, -limit), limit));
}

export function clipByNorm(gradient, limit) {
  const norm = Math.hypot(...gradient);
  return norm > limit ? gradient.map((entry) => (entry * limit) / norm) : [...gradient];
}

// Degrees from 0 to 180; not a number if one of the two is all zero.
export function gradientAngle(a, b) {
  const cosine = (a[0] * b[0] + a[1] * b[1]) / (Math.hypot(...a) * Math.hypot(...b));
  return (Math.acos(Math.min(Math.max(cosine, -1), 1)) * 180) / Math.PI;
}
