/**
 * Hashes of values for the filters of a block. Text is hashed in lower case, so that a filter answers for any spelling of
 * case; numbers are hashed by their bits.
 */
const FNV = 0x01000193

/** Seed of a field's hashes: the same value in two fields is two keys. */
export function fieldSeed(field: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < field.length; i++) h = Math.imul(h ^ field.charCodeAt(i), FNV)
  return h ^ (h >>> 15)
}

/** Spreads the bits of a rolling hash; every stored hash went through it. */
export function finishHash(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** One step over a UTF-16 unit of lower-cased text. */
export const hashStep = (h: number, unit: number): number => Math.imul(h ^ unit, FNV)

/** Key of a text value of a field. */
export function hashText(seed: number, text: string): number {
  const lower = text.toLowerCase()
  let h = seed
  for (let i = 0; i < lower.length; i++) h = Math.imul(h ^ lower.charCodeAt(i), FNV)
  return finishHash(h)
}

const bits = new Float64Array(1)
const halves = new Uint32Array(bits.buffer)
/** Key of a numeric value of a field. */
export function hashNumber(seed: number, value: number): number {
  bits[0] = value + 0 // so that -0 and 0 are one key
  return finishHash(Math.imul(seed ^ halves[0]!, FNV) ^ Math.imul(halves[1]!, 0x9e3779b1))
}
