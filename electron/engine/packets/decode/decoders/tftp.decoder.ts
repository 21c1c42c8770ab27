import { printable } from '../bytes-text.ts'
import { defineDecoder, type Facts, type Message } from '../define.ts'
import { FileBudget, FilePieces } from '../file-pieces.ts'

const ERRORS = [
  'Not defined',
  'File not found',
  'Access violation',
  'Disk full or allocation exceeded',
  'Illegal TFTP operation',
  'Unknown transfer ID',
  'File already exists',
  'No such user',
  'Option negotiation failed',
]
const READ = 1
const WRITE = 2
const DATA = 3
const ACKNOWLEDGMENT = 4
const ERROR = 5
const OPTIONS = 6
const DEFAULT_BLOCK = 512

interface Transfer {
  file: string
  /** Of the host that has the file, or is to have it. */
  host: string
  block: number
  pieces: FilePieces
  /** Blocks before the counter went around. */
  wraps: number
  last: number
  done: boolean
}
const transfer = (file = '', host = ''): Transfer => ({
  file,
  host,
  block: DEFAULT_BLOCK,
  pieces: new FilePieces(new FileBudget()),
  wraps: 0,
  last: 0,
  done: false,
})

/** A text up to its zero. */
function text({ data, to }: Message, from: number): { readonly value: string; readonly next: number } {
  const zero = data.indexOf(0, from)
  const end = zero < 0 || zero > to ? to : zero
  return { value: printable(data, from, end, 512), next: Math.min(to, end + 1) }
}

/** Pairs of option and value. */
function options(m: Message, from: number, out: Facts, state: Transfer): string {
  let line = ''
  let at = from
  for (let n = 0; n < 32 && at < m.to; n++) {
    const name = text(m, at)
    const value = text(m, name.next)
    out.fact('tftp.option.name', name.value, at, name.value.length)
    out.fact('tftp.option.value', value.value, name.next, value.value.length)
    line += `, ${name.value}=${value.value}`
    const number = Number(value.value)
    if (name.value.toLowerCase() === 'blksize' && number >= 8 && number <= 65_464) state.block = number
    at = value.next
  }
  return line
}

function request(m: Message, opcode: number, out: Facts, state: Transfer): void {
  const file = text(m, m.from + 2)
  const mode = text(m, file.next)
  out.fact(opcode === READ ? 'tftp.source_file' : 'tftp.destination_file', file.value, m.from + 2, file.value.length)
  out.fact('tftp.type', mode.value, file.next, mode.value.length)
  state.file = file.value
  state.host = m.destination
  const offered = transfer(file.value, m.destination)
  const rest = options(m, mode.next, out, offered)
  out.line(`${opcode === READ ? 'Read' : 'Write'} Request, File: ${file.value}, Transfer type: ${mode.value}${rest}`)
  // The server answers from a port of its own, to the port that asked. A size that was offered counts once it is acknowledged.
  out.expect('tftp', 'udp', m.source, m.sourcePort, { file: file.value, host: m.destination })
}

function block(m: Message, out: Facts, state: Transfer): void {
  const number = m.view.getUint16(m.from + 2)
  out.fact('tftp.block', number, m.from + 2, 2)
  const length = m.to - m.from - 4
  const final = m.length - 4 < state.block
  out.line(`Data Packet, Block: ${number}${final ? ' (last)' : ''}`)
  if (length > 0) out.layer('data')
  if (!out.wantsObjects || state.done) return
  if (number === 0 && state.last === 65_535) state.wraps++
  state.last = number
  const index = state.wraps * 65_536 + number - 1
  state.pieces.add(index * state.block, m.data.subarray(m.from + 4, m.to))
  if (!final) return
  state.done = true
  const { bytes, complete } = state.pieces.join(index * state.block + m.length - 4)
  state.pieces.clear()
  out.object({ kind: 'tftp', host: state.host, name: state.file, type: '', bytes, complete: complete && state.file !== '' })
}

const isNote = (note: unknown): note is { readonly file: string; readonly host: string } =>
  typeof note === 'object' &&
  note !== null &&
  'file' in note &&
  'host' in note &&
  typeof note.file === 'string' &&
  typeof note.host === 'string'

export default defineDecoder<Transfer>({
  id: 'tftp',
  title: 'TFTP',
  spec: 'https://www.rfc-editor.org/rfc/rfc1350',
  doc: 'TFTP with options: requests, blocks, errors. The transfer on its own port is followed, and its file is put together.',
  also: ['data'],
  on: [{ table: 'udpPort', keys: [69] }],
  fields: [
    { name: 'tftp.opcode', type: 'uint', doc: 'Operation' },
    { name: 'tftp.source_file', type: 'text', doc: 'File that is read' },
    { name: 'tftp.destination_file', type: 'text', doc: 'File that is written' },
    { name: 'tftp.type', type: 'text', doc: 'Transfer type' },
    { name: 'tftp.block', type: 'uint', doc: 'Block' },
    { name: 'tftp.error.code', type: 'uint', doc: 'Error' },
    { name: 'tftp.error.message', type: 'text', doc: 'Text of the error' },
    { name: 'tftp.option.name', type: 'text', doc: 'Option' },
    { name: 'tftp.option.value', type: 'text', doc: 'Its value' },
  ],
  begin: (note) => (isNote(note) ? transfer(note.file, note.host) : transfer()),
  message(m, state, out) {
    const { view, from, to } = m
    if (to - from < 2) return out.malformed()
    const opcode = view.getUint16(from)
    out.fact('tftp.opcode', opcode, from, 2)
    if (opcode === READ || opcode === WRITE) return request(m, opcode, out, state)
    if (state.file !== '') out.fact('tftp.destination_file', state.file)
    if (opcode === OPTIONS) return out.line(`Option Acknowledgement${options(m, from + 2, out, state)}`)
    if (to - from < 4) return out.malformed()
    if (opcode === DATA) return block(m, out, state)
    const number = view.getUint16(from + 2)
    if (opcode === ACKNOWLEDGMENT) {
      out.fact('tftp.block', number, from + 2, 2)
      out.line(`Acknowledgement, Block: ${number}`)
    } else if (opcode === ERROR) {
      const message = text(m, from + 4)
      out.fact('tftp.error.code', number, from + 2, 2)
      out.fact('tftp.error.message', message.value, from + 4, message.value.length)
      out.line(`Error Code, Code: ${ERRORS[number] ?? number}, Message: ${message.value}`)
    } else out.line(`Unknown TFTP message type (${opcode})`)
  },
  examples: [
    {
      name: 'a file is asked for',
      messages: {
        transport: 'udp',
        port: 69,
        sent: [{ by: 0, hex: '0001726f757465722e636667006f6374657400' }],
      },
      expect: {
        stack: 'tftp',
        line: 'Read Request, File: router.cfg, Transfer type: octet',
        facts: {
          'tftp.opcode': 1,
          'tftp.source_file': 'router.cfg',
          'tftp.type': 'octet',
        },
      },
    },
    {
      name: 'the last block, and an error',
      messages: {
        transport: 'udp',
        port: 69,
        sent: [
          { by: 1, hex: '00030001686f73746e616d6520636f7265310a' },
          { by: 0, hex: '00050001676f6e6500' },
        ],
      },
      expect: {
        stack: 'tftp:data',
        line: 'Data Packet, Block: 1 (last)',
        facts: {
          'tftp.block': 1,
          'tftp.error.code': 1,
          'tftp.error.message': 'gone',
        },
      },
    },
  ],
})
