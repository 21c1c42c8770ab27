/** The part of SSH that is in clear (RFC 4253): banners and key exchange. */
import { concat, u32, u8, utf8, type Payload, raw } from '../payload.ts'
import type { Random } from '../random.ts'

const packet = (payload: Uint8Array): Uint8Array => {
  const padding = 8 - ((5 + payload.length) % 8) + 8
  return concat(u32(1 + payload.length + padding), u8(padding), payload, new Uint8Array(padding))
}
const list = (names: string): Uint8Array => concat(u32(names.length), utf8(names))

export function keyExchangeInit(random: Random): Payload {
  const ciphers = 'chacha20-poly1305@openssh.com,aes128-ctr,aes256-gcm@openssh.com'
  const macs = 'umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com'
  return raw(
    packet(
      concat(
        u8(20), random.bytes(16), list('curve25519-sha256,ecdh-sha2-nistp256'), list('ssh-ed25519,rsa-sha2-512'), list(ciphers), list(ciphers), list(macs), list(macs),
        list('none'), list('none'), list(''), list(''), u8(0), u32(0),
      ),
    ),
  ) // prettier-ignore
}
export const ecdhInit = (random: Random): Payload => raw(packet(concat(u8(30), u32(32), random.bytes(32))))
export function ecdhReply(random: Random): Payload {
  const key = concat(list('ssh-ed25519'), u32(32), random.bytes(32))
  const signature = concat(list('ssh-ed25519'), u32(64), random.bytes(64))
  return raw(
    concat(
      packet(concat(u8(31), u32(key.length), key, u32(32), random.bytes(32), u32(signature.length), signature)),
      packet(u8(21)),
    ),
  )
}
