import { defineDecoder } from '../define.ts'
import { latin1 } from '../text.ts'

const TYPES: Readonly<Record<number, string>> = {
  0x00: 'Session message',
  0x81: 'Session request',
  0x82: 'Positive session response',
  0x83: 'Negative session response',
  0x84: 'Retarget session response',
  0x85: 'Session keep-alive',
}

/** First-level encoding (RFC 1001, section 14.1) back to a name with its suffix: `FILES<20>`; '' where it is none. */
function netbiosName(data: Uint8Array, at: number, to: number): { readonly name: string; readonly next: number } | null {
  const length = data[at] ?? 0
  if (at + 1 + length > to || length < 32) return null
  let name = ''
  let suffix = 0
  for (let i = 0; i < 16; i++) {
    const octet = (((data[at + 1 + 2 * i]! - 0x41) & 15) << 4) | ((data[at + 2 + 2 * i]! - 0x41) & 15)
    if (i === 15) suffix = octet
    else name += String.fromCharCode(octet)
  }
  let next = at + 1 + length
  // A scope may follow: labels up to an empty one.
  while (next < to && data[next] !== 0) next += 1 + data[next]!
  return { name: `${name.trimEnd()}<${suffix.toString(16).padStart(2, '0')}>`, next: Math.min(to, next + 1) }
}

export default defineDecoder({
  id: 'nbss',
  title: 'NBSS',
  spec: 'https://www.rfc-editor.org/rfc/rfc1002#section-4.3',
  doc: 'Frames of the NetBIOS session service, which carry SMB on ports 139 and 445. What is in no frame is a continuation, as where a capture begins in the middle.',
  on: [{ table: 'tcpPort', keys: [139, 445] }],
  fields: [
    { name: 'nbss.type', type: 'uint', doc: 'Message type' },
    { name: 'nbss.length', type: 'uint', doc: 'Length' },
    { name: 'nbss.called_name', type: 'text', doc: 'Called name' },
    { name: 'nbss.calling_name', type: 'text', doc: 'Calling name' },
  ],
  stream: {
    length(data, from, to) {
      if (to - from < 4) return 0
      const type = data[from]!
      // Direct hosting has 24 bits of length, NetBIOS 17: the rest is zero there.
      if (type === 0 || (type >= 0x81 && type <= 0x85 && data[from + 1] === 0))
        return 4 + ((data[from + 1]! << 16) | (data[from + 2]! << 8) | data[from + 3]!)
      return to - from
    },
  },
  message(m, _, out) {
    const { data, from, to } = m
    const type = data[from]!
    const name = TYPES[type]
    if (name === undefined || to - from < 4) {
      out.line('NBSS Continuation Message')
      return
    }
    const at = from + 4
    out.fact('nbss.type', type, from, 1)
    out.fact('nbss.length', m.length - 4, from + 1, 3)
    if (type === 0) {
      const magic = to - at >= 4 ? m.view.getUint32(at) : 0
      if (magic === 0xff534d42) out.inner('smb', data, at, to)
      else if (magic === 0xfe534d42 || magic === 0xfd534d42 || magic === 0xfc534d42) out.inner('smb2', data, at, to)
      else out.line(name)
      return
    }
    if (type !== 0x81) {
      out.line(name)
      return
    }
    const called = netbiosName(data, at, to)
    const calling = called === null ? null : netbiosName(data, called.next, to)
    if (called !== null) out.fact('nbss.called_name', called.name, at, called.next - at)
    if (called !== null && calling !== null) {
      out.fact('nbss.calling_name', calling.name, called.next, calling.next - called.next)
      out.line(`${name}, to ${called.name} from ${calling.name}`)
    } else out.line(`${name} ${latin1(data, at, to, 64)}`.trimEnd())
  },
  examples: [
    {
      name: 'a session request, and its answer',
      messages: {
        transport: 'tcp',
        port: 139,
        sent: [
          {
            by: 0,
            hex: '81000044204547454a454d454646444341434143414341434143414341434143 41434143410020454545464644454c434e444843414341434143414341434143 4143414341414100',
          },
          { by: 1, hex: '82000000' },
        ],
      },
      expect: {
        stack: 'nbss',
        line: 'Session request, to FILES<20> from DESK-7<00>',
        facts: {
          'nbss.type': ['129', '130'],
          'nbss.called_name': 'FILES<20>',
          'nbss.calling_name': 'DESK-7<00>',
        },
      },
    },
  ],
})
