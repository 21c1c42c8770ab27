import { defineDecoder } from '../define.ts'

const KINDS: Readonly<Record<number, string>> = {
  0: 'Continuation',
  1: 'Text',
  2: 'Binary',
  8: 'Connection Close',
  9: 'Ping',
  10: 'Pong',
}

/** Bytes of a frame's head; 0 where more is needed. */
function headLength(data: Uint8Array, from: number, to: number): number {
  if (to - from < 2) return 0
  const short = data[from + 1]! & 0x7f
  return 2 + (short === 126 ? 2 : short === 127 ? 8 : 0) + (data[from + 1]! & 0x80 ? 4 : 0)
}

function payloadLength(data: Uint8Array, from: number): number {
  const short = data[from + 1]! & 0x7f
  if (short < 126) return short
  let length = 0
  for (let i = 0; i < (short === 126 ? 2 : 8); i++) length = length * 256 + data[from + 2 + i]!
  return length
}

export default defineDecoder({
  id: 'websocket',
  title: 'WebSocket',
  spec: 'https://www.rfc-editor.org/rfc/rfc6455',
  doc: 'Frames behind an upgrade of HTTP: kind, length and mask. What they carry is not read.',
  also: ['data-text-lines', 'data'],
  on: [],
  fields: [
    { name: 'websocket.fin', type: 'bool', doc: 'Last frame of its message' },
    { name: 'websocket.opcode', type: 'uint', doc: 'Kind of frame' },
    { name: 'websocket.mask', type: 'bool', doc: 'The payload is masked' },
    { name: 'websocket.payload_length', type: 'uint', doc: 'Length of the payload' },
  ],
  stream: {
    length(data, from, to) {
      const head = headLength(data, from, to)
      return head === 0 || to - from < head ? 0 : head + payloadLength(data, from)
    },
  },
  message(m, _, out) {
    const { data, from, to } = m
    const head = headLength(data, from, to)
    if (head === 0 || to - from < head) return out.malformed()
    const fin = (data[from]! & 0x80) !== 0
    const kind = data[from]! & 15
    const masked = (data[from + 1]! & 0x80) !== 0
    const length = payloadLength(data, from)
    out.fact('websocket.fin', fin, from, 1)
    out.fact('websocket.opcode', kind, from, 1)
    out.fact('websocket.mask', masked, from + 1, 1)
    out.fact('websocket.payload_length', length, from + 1, 1)
    out.line(`WebSocket ${KINDS[kind] ?? `Unknown (${kind})`}${fin ? ' [FIN]' : ''}${masked ? ' [MASKED]' : ''}`)
    if (length > 0 && kind < 3) out.layer(kind === 1 ? 'data-text-lines' : 'data')
  },
  examples: [
    {
      name: 'a masked text, and a close',
      messages: {
        transport: 'tcp',
        port: 80,
        sent: [
          { by: 0, text: 'GET /ws HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n' },
          { by: 1, text: 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n' },
          { by: 0, hex: '8182 01020304 6968' },
          { by: 1, hex: '8800' },
        ],
      },
      expect: {
        line: 'WebSocket Connection Close [FIN]',
        facts: { 'websocket.opcode': [1, 8] },
      },
    },
  ],
})
