/** Bytes with a few random changes. */
import type { Random } from './random.ts'

const MOST = 200_000
/** Numbers at the edges of what lengths and counts can be. */
const EDGES = [0, 1, 2, 0x3f, 0x40, 0x7f, 0x80, 0xbf, 0xc0, 0xfe, 0xff]

/** Pieces cut, doubled, swapped, replaced by others', truncated, single bits and bytes changed, numbers made extreme. */
export function mutateBytes(bytes: Uint8Array, random: Random, others: readonly Uint8Array[]): Uint8Array {
  let out: Uint8Array<ArrayBufferLike> = Uint8Array.from(bytes)
  for (let rounds = random.below(5); rounds > 0; rounds--) {
    const at = random.below(out.length + 1)
    const length = random.below(Math.min(64, out.length - at) + 1)
    switch (random.below(8)) {
      case 0:
        out = joined(out.subarray(0, at), out.subarray(at + length))
        break
      case 1:
        out = joined(out.subarray(0, at + length), out.subarray(at))
        break
      case 2:
        out = out.slice(0, at)
        break
      case 3: {
        const other = others.length === 0 ? out : random.pick(others)
        const from = random.below(other.length + 1)
        out = joined(out.subarray(0, at), other.subarray(from))
        break
      }
      case 4: {
        const piece = out.subarray(at, at + length)
        out = joined(out.subarray(0, at), ...Array.from({ length: random.below(20) }, () => piece), out.subarray(at))
        break
      }
      case 5:
        if (out.length > 0) out[random.below(out.length)]! ^= 1 << random.below(8)
        break
      case 6:
        for (let i = at; i < Math.min(out.length, at + 1 + random.below(4)); i++) out[i] = random.pick(EDGES)
        break
      default:
        for (let n = random.below(6); n >= 0 && out.length > 0; n--) out[random.below(out.length)] = random.below(256)
    }
    if (out.length > MOST) out = out.slice(0, MOST)
  }
  return out
}

const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))
