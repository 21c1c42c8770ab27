import { defineDecoder } from '../define.ts'
import type { FtpTransfer } from '../ftp-transfer.ts'

const isTransfer = (note: unknown): note is FtpTransfer =>
  typeof note === 'object' && note !== null && 'method' in note && 'wantsObjects' in note

/** So much of a segment tells whether it is text. */
const LOOKED_AT = 1500

function isText(data: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < Math.min(to, from + LOOKED_AT); i++) {
    const byte = data[i]!
    if (byte >= 127 || (byte < 32 && (byte < 9 || byte > 13))) return false
  }
  return true
}

export default defineDecoder<FtpTransfer | null>({
  id: 'ftp-data',
  title: 'FTP-DATA',
  spec: 'https://www.rfc-editor.org/rfc/rfc959',
  doc: 'A connection that carries a file or a listing of FTP; which one is known from the connection that agreed on it.',
  on: [{ table: 'tcpPort', keys: [20] }],
  also: ['data-text-lines'],
  fields: [
    { name: 'ftp-data.setup-method', type: 'text', doc: 'How the connection was agreed on' },
    { name: 'ftp-data.command', type: 'text', doc: 'Command whose data it is' },
  ],
  begin: (note) => (isTransfer(note) ? note : null),
  stream: {
    // As an object it is read as a whole.
    length: (_, from, to, __, transfer) => (transfer?.wantsObjects === true ? Infinity : to - from),
  },
  message(m, transfer, out) {
    const bytes = `FTP Data: ${m.length} bytes`
    if (isText(m.data, m.from, m.to)) out.layer('data-text-lines')
    if (transfer === null) return out.line(bytes)
    const { method, command, name } = transfer
    const full = name === '' ? command : `${command} ${name}`
    out.fact('ftp-data.setup-method', method)
    if (command !== '') out.fact('ftp-data.command', full)
    out.line(`${bytes} (${method})${command === '' ? '' : ` (${full})`}`)
    if (!out.wantsObjects) return
    out.object({
      kind: 'ftp-data',
      host: command.startsWith('STO') || command === 'APPE' ? m.destination : m.source,
      name: name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1),
      type: '',
      bytes: m.data.slice(m.from, m.to),
      complete: m.to - m.from >= m.length,
    })
  },
  examples: [
    {
      name: 'data of a transfer that was not seen to be agreed on',
      messages: { transport: 'tcp', port: 20, sent: [{ by: 1, text: 'a file' }] },
      expect: { stack: 'ftp-data:data-text-lines' },
    },
  ],
})
