/** Client and server hello (RFC 8446, section 4.1; RFC 5246; RFC 6347 for DTLS): what stands in them, nothing of it trusted. */
import { printable } from '../bytes-text.ts'

/** Of one hello. A hostile one can list thousands of each; no more are kept. */
const MOST = 512

export interface Hello {
  readonly client: boolean
  /** Version in the old place. */
  readonly version: number
  /** Of a server: what it chose, in the extension or the old place. */
  readonly chosen: number
  /** Place of the 32 bytes. */
  readonly randomAt: number
  readonly sessionAt: number
  readonly sessionLength: number
  /** Those offered, or the one that was chosen. */
  readonly ciphers: readonly number[]
  readonly extensions: readonly number[]
  readonly serverName: string | null
  readonly serverNameAt: number
  readonly serverNameLength: number
  readonly protocols: readonly string[]
  /** Bytes of the first protocol, as they are. */
  readonly firstProtocol: Uint8Array | null
  readonly groups: readonly number[]
  readonly pointFormats: readonly number[]
  readonly signatures: readonly number[]
  readonly versions: readonly number[]
  /** False where it ended before its time. */
  readonly whole: boolean
}

const u16 = (data: Uint8Array, at: number): number => (data[at]! << 8) | data[at + 1]!

/** Numbers of a list of this many bytes. */
function numbers(data: Uint8Array, from: number, to: number, bytes: 1 | 2): number[] {
  const found: number[] = []
  for (let i = from; i + bytes <= to && found.length < MOST; i += bytes) found.push(bytes === 1 ? data[i]! : u16(data, i))
  return found
}

/** Reads the body of a hello. `cookie`: it has one, as in DTLS. */
export function readHello(data: Uint8Array, from: number, to: number, client: boolean, cookie: boolean): Hello | null {
  if (from + 35 > to) return null
  const version = u16(data, from)
  const sessionAt = from + 35
  const sessionLength = data[from + 34]!
  let at = sessionAt + sessionLength
  let whole = at <= to
  if (client && cookie && at < to) at += 1 + data[at]!
  let ciphers: number[] = []
  if (at + 2 <= to) {
    if (client) {
      const length = u16(data, at)
      ciphers = numbers(data, at + 2, Math.min(to, at + 2 + length), 2)
      at += 2 + length
      // Compression methods.
      if (at < to) at += 1 + data[at]!
    } else {
      ciphers = [u16(data, at)]
      at += 3
    }
  } else whole = false
  const extensions: number[] = []
  const read = {
    serverName: null as string | null,
    serverNameAt: 0,
    serverNameLength: 0,
    protocols: [] as string[],
    firstProtocol: null as Uint8Array | null,
    groups: [] as number[],
    pointFormats: [] as number[],
    signatures: [] as number[],
    versions: [] as number[],
  }
  if (at > to) whole = false
  if (at + 2 <= to) {
    const stated = at + 2 + u16(data, at)
    const end = Math.min(to, stated)
    if (stated > to) whole = false
    at += 2
    while (at + 4 <= end && extensions.length < MOST) {
      const type = u16(data, at)
      const body = at + 4
      const stop = body + u16(data, at + 2)
      if (stop > end) whole = false
      extensions.push(type)
      readExtension(data, type, body, Math.min(stop, end), client, read)
      at = stop
    }
  }
  const chosen = client ? 0 : (read.versions[0] ?? version)
  return { client, version, chosen, randomAt: from + 2, sessionAt, sessionLength, ciphers, extensions, ...read, whole }
}

type Read = {
  -readonly [
    K in
      | 'serverName'
      | 'serverNameAt'
      | 'serverNameLength'
      | 'protocols'
      | 'firstProtocol'
      | 'groups'
      | 'pointFormats'
      | 'signatures'
      | 'versions'
  ]: Hello[K]
}

function readExtension(data: Uint8Array, type: number, at: number, end: number, client: boolean, read: Read): void {
  switch (type) {
    case 0:
      // List, type of name, name.
      if (client && at + 5 <= end && data[at + 2] === 0) {
        read.serverNameAt = at + 5
        read.serverNameLength = Math.min(u16(data, at + 3), end - at - 5)
        read.serverName = printable(data, at + 5, at + 5 + read.serverNameLength, 1024)
      }
      return
    case 10:
      read.groups = numbers(data, at + 2, end, 2)
      return
    case 11:
      read.pointFormats = numbers(data, at + 1, end, 1)
      return
    case 13:
      read.signatures = numbers(data, at + 2, end, 2)
      return
    case 16: {
      const protocols: string[] = []
      for (let i = at + 2; i < end && protocols.length < MOST;) {
        const stop = Math.min(end, i + 1 + data[i]!)
        if (read.firstProtocol === null) read.firstProtocol = data.slice(i + 1, stop)
        protocols.push(printable(data, i + 1, stop))
        i = i + 1 + data[i]!
      }
      read.protocols = protocols
      return
    }
    case 43:
      read.versions = client ? numbers(data, at + 1, end, 2) : numbers(data, at, at + 2 <= end ? at + 2 : at, 2)
      return
    default:
  }
}
