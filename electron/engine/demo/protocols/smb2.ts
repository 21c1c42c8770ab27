/** SMB2 messages ([MS-SMB2]) over TCP 445, with NTLMSSP in clear and DCE/RPC for service control. */
import type { Micros } from '../../../../shared/model/time.ts'
import { concat, filetime, joined, le16, le32, le64, raw, u24, u8, utf16, utf8, type Payload } from '../payload.ts'
import type { Random } from '../random.ts'

export const COMMANDS = {
  NEGOTIATE: 0,
  SESSION_SETUP: 1,
  LOGOFF: 2,
  TREE_CONNECT: 3,
  TREE_DISCONNECT: 4,
  CREATE: 5,
  CLOSE: 6,
  READ: 8,
  WRITE: 9,
  IOCTL: 11,
} as const
export type Smb2Command = keyof typeof COMMANDS
export const STATUS: Readonly<Record<string, number>> = {
  STATUS_SUCCESS: 0,
  STATUS_MORE_PROCESSING_REQUIRED: 0xc0000016,
  STATUS_LOGON_FAILURE: 0xc000006d,
  STATUS_ACCESS_DENIED: 0xc0000022,
  STATUS_OBJECT_NAME_NOT_FOUND: 0xc0000034,
}

export interface Smb2Head {
  readonly command: Smb2Command
  readonly response: boolean
  readonly status: string
  readonly message: number
  readonly tree: number
  readonly session: number
}

function message(head: Smb2Head, body: Uint8Array, data?: Payload): Payload {
  const header = concat(
    Uint8Array.of(0xfe, 0x53, 0x4d, 0x42), le16(64), le16(1), le32(STATUS[head.status] ?? 0), le16(COMMANDS[head.command]), le16(1), le32(head.response ? 1 : 0), le32(0),
    le64(BigInt(head.message)), le32(0xfeff), le32(head.tree), le64(BigInt(head.session)), new Uint8Array(16),
  ) // prettier-ignore
  const framed = raw(concat(u8(0), u24(64 + body.length + (data?.length ?? 0)), header, body))
  return data ? joined(framed, data) : framed
}

export function negotiate(random: Random, head: Smb2Head, at: Micros): Payload {
  if (!head.response)
    return message(
      head,
      concat(
        le16(36),
        le16(3),
        le16(1),
        le16(0),
        le32(0x7f),
        random.bytes(16),
        le64(0n),
        le16(0x0202),
        le16(0x0210),
        le16(0x0302),
      ),
    )
  return message(
    head,
    concat(
      le16(65),
      le16(1),
      le16(0x0302),
      le16(0),
      random.bytes(16),
      le32(0x2f),
      le32(8388608),
      le32(8388608),
      le32(8388608),
      filetime(at),
      le64(0n),
      le16(128),
      le16(0),
      le32(0),
    ),
  )
}

const FLAGS = 0xe2888215

/** NTLMSSP negotiate, challenge, authenticate ([MS-NLMP]). */
export function ntlmNegotiate(): Uint8Array {
  return concat(utf8('NTLMSSP\0'), le32(1), le32(FLAGS), le64(0n), le64(0n), Uint8Array.of(10, 0, 0x63, 0x45, 0, 0, 0, 15))
}
export function ntlmChallenge(random: Random, domain: string, server: string, dns: string): Uint8Array {
  const target = utf16(domain)
  const pair = (id: number, value: Uint8Array): Uint8Array => concat(le16(id), le16(value.length), value)
  const info = concat(
    pair(2, utf16(domain)),
    pair(1, utf16(server.toUpperCase())),
    pair(4, utf16(dns)),
    pair(3, utf16(`${server}.${dns}`)),
    pair(0, new Uint8Array(0)),
  )
  const field = (length: number, offset: number): Uint8Array => concat(le16(length), le16(length), le32(offset))
  return concat(
    utf8('NTLMSSP\0'), le32(2), field(target.length, 56), le32(FLAGS), random.bytes(8), le64(0n), field(info.length, 56 + target.length),
    Uint8Array.of(10, 0, 0x63, 0x45, 0, 0, 0, 15), target, info,
  ) // prettier-ignore
}
export function ntlmAuthenticate(random: Random, domain: string, user: string, host: string, at: Micros): Uint8Array {
  const name = utf16(domain)
  const answer = concat(
    random.bytes(16),
    Uint8Array.of(1, 1, 0, 0, 0, 0, 0, 0),
    filetime(at),
    random.bytes(8),
    le32(0),
    le16(2),
    le16(name.length),
    name,
    le32(0),
    le32(0),
  )
  const parts = [new Uint8Array(24), answer, utf16(domain), utf16(user), utf16(host), random.bytes(16)]
  let offset = 88
  const fields = parts.map((part) => {
    const field = concat(le16(part.length), le16(part.length), le32(offset))
    offset += part.length
    return field
  })
  return concat(
    utf8('NTLMSSP\0'),
    le32(3),
    ...fields,
    le32(FLAGS),
    Uint8Array.of(10, 0, 0x63, 0x45, 0, 0, 0, 15),
    random.bytes(16),
    ...parts,
  )
}

export function sessionSetup(head: Smb2Head, token: Uint8Array): Payload {
  if (!head.response)
    return message(head, concat(le16(25), u8(0), u8(1), le32(1), le32(0), le16(88), le16(token.length), le64(0n), token))
  return message(head, concat(le16(9), le16(0), le16(72), le16(token.length), token))
}
export function treeConnect(head: Smb2Head, path: string, type: number): Payload {
  if (!head.response) {
    const name = utf16(path)
    return message(head, concat(le16(9), le16(0), le16(72), le16(name.length), name))
  }
  return message(head, concat(le16(16), u8(type), u8(0), le32(0x30), le32(0), le32(0x1f01ff)))
}
/** `disposition` 1 opens, 5 overwrites or makes. */
export function create(head: Smb2Head, name: string, disposition: number, size: number, at: Micros, file: Uint8Array): Payload {
  if (!head.response) {
    const path = utf16(name)
    return message(
      head,
      concat(
        le16(57), u8(0), u8(0), le32(2), le64(0n), le64(0n), le32(disposition === 1 ? 0x120089 : 0x12019f), le32(0x80), le32(7), le32(disposition), le32(0x40), le16(120),
        le16(path.length), le32(0), le32(0), path.length > 0 ? path : new Uint8Array(8),
      ),
    ) // prettier-ignore
  }
  return message(
    head,
    concat(
      le16(89),
      u8(0),
      u8(0),
      le32(disposition === 1 ? 1 : 2),
      filetime(at),
      filetime(at),
      filetime(at),
      filetime(at),
      le64(BigInt(size)),
      le64(BigInt(size)),
      le32(0x20),
      le32(0),
      file,
      le32(0),
      le32(0),
    ),
  )
}
export function read(head: Smb2Head, file: Uint8Array, offset: number, length: number, data: Payload | null): Payload {
  if (!head.response)
    return message(
      head,
      concat(
        le16(49),
        u8(80),
        u8(0),
        le32(length),
        le64(BigInt(offset)),
        file,
        le32(1),
        le32(0),
        le32(0),
        le16(0),
        le16(0),
        u8(0),
      ),
    )
  return message(head, concat(le16(17), u8(80), u8(0), le32(length), le32(0), le32(0)), data ?? undefined)
}
export function write(head: Smb2Head, file: Uint8Array, offset: number, data: Payload): Payload {
  if (!head.response)
    return message(
      head,
      concat(le16(49), le16(112), le32(data.length), le64(BigInt(offset)), file, le32(0), le32(0), le16(0), le16(0), le32(0)),
      data,
    )
  return message(head, concat(le16(17), le16(0), le32(data.length), le32(0), le16(0), le16(0)))
}
export function close(head: Smb2Head, file: Uint8Array): Payload {
  if (!head.response) return message(head, concat(le16(24), le16(0), le32(0), file))
  return message(head, concat(le16(60), le16(0), le32(0), new Uint8Array(52)))
}
/** FSCTL_PIPE_TRANSCEIVE. */
export function transceive(head: Smb2Head, file: Uint8Array, data: Uint8Array): Payload {
  if (!head.response)
    return message(
      head,
      concat(
        le16(57),
        le16(0),
        le32(0x0011c017),
        file,
        le32(120),
        le32(data.length),
        le32(0),
        le32(0),
        le32(0),
        le32(1024),
        le32(1),
        le32(0),
        data,
      ),
    )
  return message(
    head,
    concat(le16(49), le16(0), le32(0x0011c017), file, le32(112), le32(0), le32(112), le32(data.length), le32(0), le32(0), data),
  )
}
/** Tree disconnect and logoff. */
export const bare = (head: Smb2Head): Payload => message(head, concat(le16(4), le16(0)))

/** DCE/RPC 5.0: bind to the service control manager, and calls of it ([MS-SCMR]). */
export const SVCCTL = { uuid: '367abb81-9844-35f1-ad32-98f038001003', version: '2.0' }
const SVCCTL_BYTES = Uint8Array.of(
  0x81,
  0xbb,
  0x7a,
  0x36,
  0x44,
  0x98,
  0xf1,
  0x35,
  0xad,
  0x32,
  0x98,
  0xf0,
  0x38,
  0x00,
  0x10,
  0x03,
  2,
  0,
  0,
  0,
)
const NDR = Uint8Array.of(
  0x04,
  0x5d,
  0x88,
  0x8a,
  0xeb,
  0x1c,
  0xc9,
  0x11,
  0x9f,
  0xe8,
  0x08,
  0x00,
  0x2b,
  0x10,
  0x48,
  0x60,
  2,
  0,
  0,
  0,
)
const rpc = (type: number, call: number, body: Uint8Array): Uint8Array =>
  concat(Uint8Array.of(5, 0, type, 3, 0x10, 0, 0, 0), le16(16 + body.length), le16(0), le32(call), body)

export const rpcBind = (call: number): Uint8Array =>
  rpc(11, call, concat(le16(4280), le16(4280), le32(0), u8(1), u8(0), le16(0), le16(0), u8(1), u8(0), SVCCTL_BYTES, NDR))
export const rpcBindAck = (call: number): Uint8Array =>
  rpc(
    12,
    call,
    concat(
      le16(4280),
      le16(4280),
      le32(0x53f0),
      le16(13),
      utf8('\\PIPE\\ntsvcs\0'.slice(0, 13)),
      u8(0),
      u8(1),
      u8(0),
      le16(0),
      le16(0),
      le16(0),
      NDR,
    ),
  )
export const rpcRequest = (call: number, opnum: number, stub: Uint8Array): Uint8Array =>
  rpc(0, call, concat(le32(stub.length), le16(0), le16(opnum), stub))
export const rpcResponse = (call: number, stub: Uint8Array): Uint8Array =>
  rpc(2, call, concat(le32(stub.length), le16(0), le16(0), stub))
/** A conformant varying string in NDR. */
export function ndrText(value: string): Uint8Array {
  const body = utf16(`${value}\0`)
  return concat(le32(value.length + 1), le32(0), le32(value.length + 1), body, new Uint8Array((4 - (body.length % 4)) % 4))
}
