/** NetBIOS names (RFC 1001, section 14.1): sixteen bytes in half bytes, the last of which says what the name is for. */

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'))

/** What `readNetbiosName` read; used again by every call. */
export const netbios = { text: '', end: -1, kind: 0 }

const KINDS: Readonly<Record<number, string>> = {
  0x00: 'Workstation/Redirector',
  0x01: 'Browser',
  0x02: 'Workstation/Redirector',
  0x03: 'Messenger service/Main name',
  0x05: 'Forwarded name',
  0x06: 'RAS Server service',
  0x1b: 'Domain Master Browser',
  0x1c: 'Domain Controllers',
  0x1d: 'Local Master Browser',
  0x1e: 'Browser Election Service',
  0x1f: 'Net DDE Service',
  0x20: 'Server service',
  0x21: 'RAS client service',
}
export const kindName = (kind: number): string => KINDS[kind] ?? 'Unknown'

/** `WORKGROUP<1d>` of the sixteen bytes at `at`. */
function shown(bytes: Uint8Array): string {
  let last = 15
  while (last > 0 && bytes[last - 1] === 32) last--
  let text = ''
  for (let i = 0; i < last; i++) {
    const byte = bytes[i]!
    text += byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `<${HEX[byte]!}>`
  }
  return `${text}<${HEX[bytes[15]!]!}>`
}

const decoded = new Uint8Array(16)

/** The name at `at`; pointers count from `base`. False where it is none. */
export function readNetbiosName(data: Uint8Array, base: number, at: number, to: number): boolean {
  let from = at
  let end = -1
  if (at < to && data[at]! >= 0xc0) {
    if (at + 2 > to) return false
    end = at + 2
    from = base + (((data[at]! & 63) << 8) | data[at + 1]!)
  }
  if (from + 34 > to || data[from] !== 32) return false
  for (let i = 0; i < 16; i++) decoded[i] = ((data[from + 1 + 2 * i]! - 65) << 4) | ((data[from + 2 + 2 * i]! - 65) & 15)
  // A scope may follow.
  let last = from + 33
  for (let labels = 0; end < 0 && labels < 32; labels++) {
    if (last >= to || data[last]! >= 64) return false
    if (data[last] === 0) end = last + 1
    else last += 1 + data[last]!
  }
  if (end < 0) return false
  netbios.end = end
  netbios.kind = decoded[15]!
  netbios.text = shown(decoded)
  return true
}
