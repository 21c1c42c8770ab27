import { rpcInterface } from '../dcerpc-interfaces.ts'
import { defineDecoder, type Facts, type Message } from '../define.ts'
import { guid } from '../little-endian.ts'
import { Recent } from '../recent.ts'

const TYPES: Readonly<Record<number, string>> = {
  0: 'Request', 1: 'Ping', 2: 'Response', 3: 'Fault', 4: 'Working', 5: 'Nocall', 6: 'Reject', 7: 'Ack', 8: 'Cl_cancel', 9: 'Fack', 10: 'Cancel_ack',
  11: 'Bind', 12: 'Bind_ack', 13: 'Bind_nak', 14: 'Alter_context', 15: 'Alter_context_resp', 16: 'AUTH3', 17: 'Shutdown', 18: 'Co_cancel',
  19: 'Orphaned', 20: 'RTS',
} // prettier-ignore
const RESULTS = ['Acceptance', 'User rejection', 'Provider rejection', 'Negotiate ACK']
const HEADER = 16
/** Flag of a request that names an object. */
const OBJECT = 0x80
const DATAGRAM_HEADER = 80
/** Most contexts of one bind, and transfer syntaxes of one context. */
const MOST_ITEMS = 64

interface Association {
  /** Interface of a context, as text with its version. */
  readonly contexts: Recent<number, { readonly uuid: string; readonly version: number }>
  /** Operation of a call that waits for its answer. */
  readonly calls: Recent<number, number>
}

interface Pdu {
  readonly m: Message
  readonly out: Facts
  readonly state: Association
  readonly little: boolean
  readonly at: number
  readonly to: number
  readonly call: number
}
const u16 = ({ m, little }: Pdu, at: number): number => m.view.getUint16(at, little)
const u32 = ({ m, little }: Pdu, at: number): number => m.view.getUint32(at, little)

const interfaceName = (uuid: string): string => {
  const name = rpcInterface(uuid)?.name
  return name === undefined ? uuid : name === 'EPM' ? 'EPMv4' : name
}

function bind(p: Pdu): string {
  const { m, out, at, to, state, little } = p
  if (at + 28 > to) return ''
  const count = m.data[at + 24]!
  out.fact('dcerpc.cn_num_ctx_items', count, at + 24, 1)
  const items: string[] = []
  let i = at + 28
  for (let n = 0; n < Math.min(count, MOST_ITEMS) && i + 24 <= to; n++) {
    const context = u16(p, i)
    const syntaxes = m.data[i + 2]!
    const uuid = guid(m.data, i + 4, little)
    // One number of 32 bits: the minor version is its upper half.
    const [version, minor] = little ? [u16(p, i + 20), u16(p, i + 22)] : [u16(p, i + 22), u16(p, i + 20)]
    out.fact('dcerpc.cn_ctx_id', context, i, 2)
    out.fact('dcerpc.cn_bind_to_uuid', uuid, i + 4, 16)
    out.fact('dcerpc.cn_bind_if_ver', version, little ? i + 20 : i + 22, 2)
    state.contexts.set(context, { uuid, version })
    const syntax = i + 24
    const transfer = syntaxes > 0 && syntax + 16 <= to ? guid(m.data, syntax, little) : ''
    const known = rpcInterface(transfer)?.name
    items.push(
      `${interfaceName(uuid)} V${version}.${minor}${transfer === '' ? '' : ` (${known?.endsWith('NDR') === true ? known : transfer})`}`,
    )
    i = syntax + 20 * syntaxes
  }
  return `, ${count} context items: ${items.join(', ')}`
}

function bindAnswer(p: Pdu): string {
  const { m, out, at, to } = p
  if (at + 26 > to) return ''
  const limits = `, max_xmit: ${u16(p, at + 16)} max_recv: ${u16(p, at + 18)}`
  let i = at + 26 + u16(p, at + 24)
  i += (4 - ((i - at) & 3)) & 3
  if (i + 4 > to) return limits
  const count = m.data[i]!
  out.fact('dcerpc.cn_num_results', count, i, 1)
  const results: string[] = []
  i += 4
  for (let n = 0; n < Math.min(count, MOST_ITEMS) && i + 24 <= to; n++) {
    const result = u16(p, i)
    out.fact('dcerpc.cn_ack_result', result, i, 2)
    results.push(` ${RESULTS[result] ?? result}`)
    i += 24
  }
  return `${limits}, ${count} results:${results.join(',')}`
}

/** Line and column of a call: by name where it is known (`CreateServiceW request`), otherwise as of an unknown interface. */
function called(
  p: Pdu,
  context: number,
  operation: number,
  answer: boolean,
  fragment: string,
): readonly [line: string, column: string] {
  const { out, state, call } = p
  const bound = state.contexts.get(context)
  const known = bound === undefined ? undefined : rpcInterface(bound.uuid)
  const name = operation < 0 ? undefined : known?.calls?.[operation]
  if (bound !== undefined) out.fact('dcerpc.interface', interfaceName(bound.uuid))
  if (fragment === 'Single' && known !== undefined && name !== undefined) {
    return [`${name} ${answer ? 'response' : 'request'}`, known.name]
  }
  const what = answer ? '' : `, opnum: ${operation}`
  const of = bound === undefined ? '' : ` ${interfaceName(bound.uuid)} V${bound.version}`
  return [`${answer ? 'Response' : 'Request'}: call_id: ${call}, Fragment: ${fragment}${what}, Ctx: ${context}${of}`, 'DCERPC']
}

const SPNEGO = 9
const NTLM = 10
const KERBEROS = 16
/** Level of security at which only packets are authenticated: Wireshark reads no token there. */
const PACKET = 4

/** The verifier behind a body: a token of NTLM, SPNEGO or Kerberos, or a signature. */
function verifier(p: Pdu, type: number, length: number): void {
  const { m, out, at, to } = p
  const from = to - length
  if (length === 0 || from - 8 < at + HEADER) return
  const kind = m.data[from - 8]!
  const level = m.data[from - 7]!
  out.fact('dcerpc.auth_type', kind, from - 8, 1)
  out.fact('dcerpc.auth_level', level, from - 7, 1)
  if (kind === SPNEGO) {
    if (level === PACKET) return
    // Signatures of NTLM begin with its version, those of Kerberos with the kind of token.
    const call = type === 0 || type === 2
    const signature = m.data[from] === 1 && m.data[from + 1] === 0 ? 'ntlmssp' : 'spnego-krb5'
    out.inner(call ? signature : 'spnego', m.data, from, to)
  } else if (kind === NTLM && type !== 0 && type !== 2) out.inner('ntlmssp', m.data, from, to)
  else if (kind === KERBEROS) out.inner('spnego-krb5', m.data, from, to)
}

function connected(m: Message, state: Association, out: Facts): void {
  const { data, view, from: at } = m
  if (m.to - at < HEADER) return m.to - at >= m.length ? out.malformed() : out.line('')
  const little = (data[at + 4]! & 0xf0) === 0x10
  const type = data[at + 2]!
  const flags = data[at + 3]!
  const length = view.getUint16(at + 8, little)
  const to = Math.min(m.to, at + length)
  const call = view.getUint32(at + 12, little)
  const p: Pdu = { m, out, state, little, at, to, call }
  out.fact('dcerpc.ver', 5, at, 1)
  out.fact('dcerpc.pkt_type', type, at + 2, 1)
  out.fact('dcerpc.cn_frag_len', length, at + 8, 2)
  out.fact('dcerpc.cn_call_id', call, at + 12, 4)
  const fragment = ['Mid', '1st', 'Last', 'Single'][flags & 3]!
  let line = `${TYPES[type] ?? `Unknown type ${type}`}: call_id: ${call}, Fragment: ${fragment}`
  let said: readonly [line: string, column: string] | null = null
  if (type === 11 || type === 14) line += bind(p)
  else if (type === 12 || type === 15) line += bindAnswer(p)
  else if (type === 0 && at + 24 <= to) {
    const context = u16(p, at + 20)
    const operation = u16(p, at + 22)
    out.fact('dcerpc.cn_ctx_id', context, at + 20, 2)
    out.fact('dcerpc.opnum', operation, at + 22, 2)
    if (flags & OBJECT && at + 40 <= to) out.fact('dcerpc.obj_id', guid(data, at + 24, little), at + 24, 16)
    state.calls.set(call, operation)
    said = called(p, context, operation, false, fragment)
  } else if (type === 2 && at + 24 <= to) {
    const context = u16(p, at + 20)
    out.fact('dcerpc.cn_ctx_id', context, at + 20, 2)
    const operation = state.calls.get(call) ?? -1
    if (operation >= 0) out.fact('dcerpc.opnum', operation)
    said = called(p, context, operation, true, fragment)
  } else if (type === 3 && at + 28 <= to) {
    const status = u32(p, at + 24)
    out.fact('dcerpc.cn_ctx_id', u16(p, at + 20), at + 20, 2)
    out.fact('dcerpc.cn_status', status, at + 24, 4)
    line += `, Ctx: ${u16(p, at + 20)}, status: 0x${status.toString(16).padStart(8, '0')}`
  } else if (type === 13 && at + 18 <= to) line += ` reason: ${u16(p, at + 16)}`
  out.line(said?.[0] ?? line)
  if (m.to >= at + length) verifier(p, type, view.getUint16(at + 10, little))
  out.protocol(said?.[1] ?? 'DCERPC')
}

function datagram(m: Message, out: Facts): void {
  const { data, view, from: at, to } = m
  if (to - at < DATAGRAM_HEADER) return out.malformed()
  const little = (data[at + 4]! & 0xf0) === 0x10
  const type = data[at + 1]!
  const operation = view.getUint16(at + 68, little)
  const uuid = guid(data, at + 24, little)
  out.fact('dcerpc.ver', 4, at, 1)
  out.fact('dcerpc.pkt_type', type, at + 1, 1)
  out.fact('dcerpc.obj_id', guid(data, at + 8, little), at + 8, 16)
  out.fact('dcerpc.dg_if_id', uuid, at + 24, 16)
  out.fact('dcerpc.dg_seqnum', view.getUint32(at + 64, little), at + 64, 4)
  out.fact('dcerpc.opnum', operation, at + 68, 2)
  out.line(
    `${TYPES[type] ?? `Unknown type ${type}`}: seq: ${view.getUint32(at + 64, little)}, opnum: ${operation} ${interfaceName(uuid)}`,
  )
}

const isConnected = (data: Uint8Array, from: number, to: number): boolean =>
  to - from >= HEADER &&
  data[from] === 5 &&
  data[from + 1]! <= 1 &&
  data[from + 2]! <= 20 &&
  (data[from + 4]! & 0xee) === 0 &&
  data[from + 5]! <= 3

export default defineDecoder<Association>({
  id: 'dcerpc',
  title: 'DCERPC',
  spec: 'https://pubs.opengroup.org/onlinepubs/9629399/chap12.htm',
  doc: 'DCE RPC over TCP, UDP and named pipes: interfaces that are bound, operations that are called (the known ones by name), faults, and the tokens of NTLM, SPNEGO and Kerberos. Arguments are not read.',
  on: [{ table: 'tcpPort', keys: [135] }],
  fields: [
    { name: 'dcerpc.ver', type: 'uint', doc: 'Version: 5 with a connection, 4 without' },
    { name: 'dcerpc.pkt_type', type: 'uint', doc: 'Packet type' },
    { name: 'dcerpc.cn_frag_len', type: 'uint', doc: 'Length of the fragment' },
    { name: 'dcerpc.cn_call_id', type: 'uint', doc: 'Call' },
    { name: 'dcerpc.cn_ctx_id', type: 'uint', doc: 'Context' },
    { name: 'dcerpc.cn_num_ctx_items', type: 'uint', doc: 'Contexts that are asked for' },
    { name: 'dcerpc.cn_bind_to_uuid', type: 'text', doc: 'Interface that is asked for' },
    { name: 'dcerpc.cn_bind_if_ver', type: 'uint', doc: 'Its version' },
    { name: 'dcerpc.cn_num_results', type: 'uint', doc: 'Results of a bind' },
    { name: 'dcerpc.cn_ack_result', type: 'uint', doc: 'Result: 0 accepted' },
    { name: 'dcerpc.cn_status', type: 'uint', doc: 'Status of a fault' },
    { name: 'dcerpc.opnum', type: 'uint', doc: 'Operation' },
    { name: 'dcerpc.interface', type: 'text', doc: 'Name of the interface (own field)' },
    { name: 'dcerpc.auth_type', type: 'uint', doc: 'Kind of security' },
    { name: 'dcerpc.auth_level', type: 'uint', doc: 'Level of security' },
    { name: 'dcerpc.obj_id', type: 'text', doc: 'Object' },
    { name: 'dcerpc.dg_if_id', type: 'text', doc: 'Interface of a datagram' },
    { name: 'dcerpc.dg_seqnum', type: 'uint', doc: 'Sequence number of a datagram' },
  ],
  begin: () => ({ contexts: new Recent(256), calls: new Recent(256) }),
  stream: {
    length(data, from, to) {
      if (to - from < HEADER) return data[from] === 5 ? 0 : -1
      if (!isConnected(data, from, to)) return -1
      const little = (data[from + 4]! & 0xf0) === 0x10
      const length = little ? data[from + 8]! | (data[from + 9]! << 8) : (data[from + 8]! << 8) | data[from + 9]!
      return length < HEADER ? -1 : length
    },
  },
  guess(data, from, to, transport) {
    if (transport === 'tcp') return isConnected(data, from, to)
    return (
      to - from >= DATAGRAM_HEADER &&
      data[from] === 4 &&
      data[from + 1]! <= 19 &&
      data[from + 3]! <= 3 &&
      (data[from + 4]! & 0xee) === 0 &&
      data[from + 5]! <= 3
    )
  },
  message(m, state, out) {
    // A frame of SMB may carry several fragments; the pipe's reader hands them together.
    if (m.data[m.from] === 4 && m.transport === 'udp') datagram(m, out)
    else connected(m, state, out)
  },
  examples: [
    {
      name: 'a service is made',
      messages: {
        transport: 'tcp',
        port: 49152,
        sent: [
          {
            by: 0,
            hex: '05000b03100000004800000001000000b810b810000000000100000000000100 81bb7a364498f135ad3298f03800100302000000045d888aeb1cc9119fe80800 2b10486002000000',
          },
          {
            by: 1,
            hex: '05000c03100000003c00000001000000b810b810090000000400313335000000 0100000000000000045d888aeb1cc9119fe808002b10486002000000',
          },
          { by: 0, hex: '05000003100000001c000000020000000400000000000c0000000000' },
          { by: 1, hex: '05000203100000001c00000002000000040000000000000000000000' },
        ],
      },
      expect: {
        stack: 'dcerpc',
        line: 'CreateServiceW request',
        facts: {
          'dcerpc.cn_bind_to_uuid': '367abb81-9844-35f1-ad32-98f038001003',
          'dcerpc.cn_ack_result': 0,
          'dcerpc.opnum': 12,
          'dcerpc.interface': 'SVCCTL',
        },
      },
    },
    {
      name: 'a bind with NTLM',
      messages: {
        transport: 'tcp',
        port: 135,
        sent: [
          {
            by: 0,
            hex: '05000b03100000007000200001000000b810b810000000000100000000000100 0883afe11f5dc91191a408002b14a0fa03000000045d888aeb1cc9119fe80800 2b104860020000000a050000000000004e544c4d535350000100000007020000 00000000000000000000000000000000',
          },
        ],
      },
      expect: {
        stack: 'dcerpc:ntlmssp',
        line: 'Bind: call_id: 1, Fragment: Single, 1 context items: EPMv4 V3.0 (32bit NDR), NTLMSSP_NEGOTIATE',
        facts: {
          'dcerpc.auth_type': 10,
        },
      },
    },
  ],
})
