/** Names of DNS messages (RFC 1035, section 4.1.4). */
import { ascii, printable } from '../bytes-text.ts'

/** What `readName` read; used again by every call. */
export const name = {
  /** `www.example.com`; `<Root>` where it has no label; control characters as Wireshark writes them. */
  text: '',
  /** First byte behind it; -1 where it is no name. */
  end: -1,
  labels: 0,
  /** Characters it has. */
  length: 0,
}

/** A name has at most 255 bytes (section 2.3.4); what states more is read on for a while, as senders do. */
const MOST = 1024
const MOST_POINTERS = 64
const joined = new Uint8Array(MOST + 64)

/**
 * Reads the name at `at` into {@link name}. Pointers count from `base`, where the message begins, and reach no further than `to`.
 * False where it is no name: then `text` is what was read of it.
 */
export function readName(data: Uint8Array, base: number, at: number, to: number): boolean {
  let length = 0
  let plain = true
  let pointers = 0
  let end = -1
  name.labels = 0
  let good = true
  for (;;) {
    if (at >= to || at < base) {
      good = false
      break
    }
    const size = data[at]!
    if (size === 0) {
      if (end < 0) end = at + 1
      break
    }
    if (size >= 0xc0) {
      if (at + 2 > to || ++pointers > MOST_POINTERS) {
        good = false
        break
      }
      if (end < 0) end = at + 2
      at = base + (((size & 63) << 8) | data[at + 1]!)
      continue
    }
    if (size > 63 || at + 1 + size > to || length + size + 1 > MOST) {
      good = false
      break
    }
    if (length > 0) joined[length++] = 46
    for (let i = at + 1; i <= at + size; i++) {
      const byte = data[i]!
      if (byte < 0x20 || byte > 0x7e) plain = false
      joined[length++] = byte
    }
    name.labels++
    at += 1 + size
  }
  name.end = good ? end : -1
  name.length = length
  name.text = length === 0 ? '<Root>' : plain ? ascii(joined, 0, length) : printable(joined, 0, length)
  return good
}
