/** Keys of Initial packets, which everybody can work out (RFC 9001, section 5.2; RFC 9369, section 3.3). */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex')
const SALT_V1 = bytes('38762cf7f55934b34d179ae6a4c80cadccbb7f0a')
const SALT_V2 = bytes('0dede3def700a6db819381be6e269dcbf9bd2ed9')
const SALT_29 = bytes('afbfec289993d24c9e9786f19c6111e04390a899')
const SALT_23 = bytes('c3eef712c72ebb5a11a7d2432bb46365bef9f502')

export const VERSION_1 = 0x0000_0001
export const VERSION_2 = 0x6b33_43cf

/** The salt of a version; null where it is not known. */
function salt(version: number): Buffer | null {
  if (version === VERSION_1) return SALT_V1
  if (version === VERSION_2) return SALT_V2
  const draft = draftOf(version)
  return draft >= 29 && draft <= 34 ? SALT_29 : draft >= 23 && draft <= 28 ? SALT_23 : null
}
/** Number of the draft; 0 where it is none. Facebook's mvfst states its own. */
export function draftOf(version: number): number {
  if (version >>> 8 === 0xff_0000) return version & 255
  if (version === 0xface_b001) return 22
  return version === 0xface_b002 ? 27 : 0
}
export const isKnownVersion = (version: number): boolean => salt(version) !== null

export interface InitialKeys {
  readonly key: Buffer
  readonly iv: Buffer
  readonly header: Buffer
}

/** One block of HKDF-Expand-Label (RFC 8446, section 7.1) with SHA-256. */
function expand(secret: Buffer, label: string, length: number): Buffer {
  const full = Buffer.from(`tls13 ${label}`, 'latin1')
  const info = Buffer.concat([Buffer.from([0, length, full.length]), full, Buffer.from([0, 1])])
  return createHmac('sha256', secret).update(info).digest().subarray(0, length)
}

/** Of the client and the server, from the connection id that the client chose for the server; null for unknown versions. */
export function initialKeys(version: number, connection: Uint8Array): readonly [InitialKeys, InitialKeys] | null {
  const salted = salt(version)
  if (salted === null) return null
  const initial = createHmac('sha256', salted).update(connection).digest()
  const prefix = version === VERSION_2 ? 'quicv2' : 'quic'
  const of = (label: string): InitialKeys => {
    const secret = expand(initial, label, 32)
    return {
      key: expand(secret, `${prefix} key`, 16),
      iv: expand(secret, `${prefix} iv`, 12),
      header: expand(secret, `${prefix} hp`, 16),
    }
  }
  return [of('client in'), of('server in')]
}

export interface Opened {
  readonly packetNumber: number
  readonly frames: Uint8Array
}

/**
 * Takes the protection off the packet at `from`, whose packet number is at `numberAt` and which ends at `to` (RFC 9001, section
 * 5). Null where these are not its keys.
 */
export function openInitial(keys: InitialKeys, data: Uint8Array, from: number, numberAt: number, to: number): Opened | null {
  if (numberAt + 20 > to || to - from > 65_535) return null
  try {
    const sample = data.subarray(numberAt + 4, numberAt + 20)
    const cipher = createCipheriv('aes-128-ecb', keys.header, null)
    const mask = cipher.update(sample)
    const head = Buffer.from(data.subarray(from, numberAt + 4))
    head[0]! ^= mask[0]! & 0x0f
    const length = (head[0]! & 3) + 1
    const at = numberAt - from
    let packetNumber = 0
    for (let i = 0; i < length; i++) {
      head[at + i]! ^= mask[1 + i]!
      packetNumber = packetNumber * 256 + head[at + i]!
    }
    const nonce = Buffer.from(keys.iv)
    for (let i = 0; i < 4; i++) nonce[11 - i]! ^= (packetNumber / 256 ** i) & 255
    const decipher = createDecipheriv('aes-128-gcm', keys.key, nonce)
    decipher.setAAD(head.subarray(0, at + length))
    decipher.setAuthTag(data.subarray(to - 16, to))
    const frames = decipher.update(data.subarray(numberAt + length, to - 16))
    decipher.final()
    return { packetNumber, frames }
  } catch {
    return null
  }
}
