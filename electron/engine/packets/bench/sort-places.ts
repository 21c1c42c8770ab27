/**
 * Sorting by keys of 32-bit words, for lists of millions: a radix sort by 16 bits at a time. Takes two words a place beside the keys,
 * and time that grows with their number only.
 */
const DIGITS = 1 << 16

/** Places in ascending order of their keys; the key's words in `columns`, the least significant first. Equal keys keep their order. */
export function sortedPlaces(count: number, columns: readonly Uint32Array[]): Uint32Array {
  let from = Uint32Array.from({ length: count }, (_, i) => i)
  let to = new Uint32Array(count)
  const begins = new Uint32Array(DIGITS)
  for (const column of columns) {
    for (const shift of [0, 16]) {
      begins.fill(0)
      for (let i = 0; i < count; i++) begins[(column[i]! >>> shift) & 0xffff]!++
      if (count > 0 && begins[(column[0]! >>> shift) & 0xffff] === count) continue
      let sum = 0
      for (let digit = 0; digit < DIGITS; digit++) {
        const here = begins[digit]!
        begins[digit] = sum
        sum += here
      }
      for (let i = 0; i < count; i++) {
        const place = from[i]!
        to[begins[(column[place]! >>> shift) & 0xffff]!++] = place
      }
      ;[from, to] = [to, from]
    }
  }
  return from
}

/** Words whose order is that of the numbers, in place of these; NaN behind all others. */
export function wordsOfNumbers(numbers: Float64Array<ArrayBuffer>): [low: Uint32Array, high: Uint32Array] {
  const words = new Uint32Array(numbers.buffer, numbers.byteOffset, 2 * numbers.length)
  const low = new Uint32Array(numbers.length)
  const high = new Uint32Array(numbers.length)
  for (let i = 0; i < numbers.length; i++) {
    // -0 is 0.
    if (numbers[i] === 0) numbers[i] = 0
    const top = words[2 * i + HIGH]!
    const negative = top >>> 31 === 1 && !Number.isNaN(numbers[i])
    low[i] = negative ? ~words[2 * i + 1 - HIGH]! : words[2 * i + 1 - HIGH]!
    high[i] = negative ? ~top : (top | 0x8000_0000) >>> 0
  }
  return [low, high]
}
/** Where a double's sign is: the machine's byte order. */
const HIGH = new Uint32Array(Float64Array.of(1).buffer)[1] === 0 ? 0 : 1

/** The other way round: what was greatest is least. */
export function inverted(column: Uint32Array): Uint32Array {
  for (let i = 0; i < column.length; i++) column[i] = ~column[i]!
  return column
}
