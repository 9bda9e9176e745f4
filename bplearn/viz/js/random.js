// Random numbers that are the same each time: a seed says all.

export function generator(seed) {
  let state = seed >>> 0; // mulberry32
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const shuffled = (items) => {
    const mixed = [...items];
    for (let k = mixed.length - 1; k > 0; k--) {
      const other = Math.floor(uniform() * (k + 1));
      [mixed[k], mixed[other]] = [mixed[other], mixed[k]];
    }
    return mixed;
  };
  return { uniform, normal, shuffled };
}
