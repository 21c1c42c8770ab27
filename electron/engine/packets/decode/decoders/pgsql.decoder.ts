import { text } from '../bytes-text.ts'
import { defineDecoder, type Facts, type Message } from '../define.ts'

const SSL_REQUEST = 80_877_103
const GSS_REQUEST = 80_877_104
const CANCEL = 80_877_102
/** Longest message that is believed. */
const MOST = 1 << 28

interface Session {
  /** The client asked for encryption: the server answers with one letter. */
  asked: boolean
  /** The client's first messages have no letter. */
  started: boolean
  /** Kind of authentication that the server asked for last. */
  authentication: number
}

const CLIENT: Readonly<Record<string, string>> = {
  Q: 'Simple query', P: 'Parse', B: 'Bind', E: 'Execute', D: 'Describe', C: 'Close', H: 'Flush', S: 'Sync', F: 'Function call', d: 'Copy data',
  c: 'Copy completion', f: 'Copy failure', X: 'Termination',
} // prettier-ignore
const SERVER: Readonly<Record<string, string>> = {
  R: 'Authentication request', K: 'Backend key data', S: 'Parameter status', Z: 'Ready for query', C: 'Command completion', T: 'Row description',
  D: 'Data row', E: 'Error', N: 'Notice', I: 'Empty query', A: 'Notification', G: 'CopyIn response', H: 'CopyOut response', d: 'Copy data',
  c: 'Copy completion', V: 'Function call response', t: 'Parameter description', n: 'No data', s: 'Portal suspended', '1': 'Parse completion',
  '2': 'Bind completion', '3': 'Close completion',
} // prettier-ignore

const long = (data: Uint8Array, at: number): number =>
  ((data[at]! << 24) | (data[at + 1]! << 16) | (data[at + 2]! << 8) | data[at + 3]!) >>> 0

function zeroText(data: Uint8Array, from: number, to: number): { readonly value: string; readonly next: number } {
  const zero = data.indexOf(0, from)
  const end = zero < 0 || zero > to ? to : zero
  return { value: text(data, from, end, 8192), next: Math.min(to, end + 1) }
}

/** Pairs of name and value that end with an empty name. */
function parameters({ data, to }: Message, from: number, out: Facts): void {
  let at = from
  for (let n = 0; n < 64 && at < to && data[at] !== 0; n++) {
    const name = zeroText(data, at, to)
    const value = zeroText(data, name.next, to)
    out.fact('pgsql.parameter_name', name.value, at, name.next - at - 1)
    out.fact('pgsql.parameter_value', value.value, name.next, value.next - name.next - 1)
    at = value.next
  }
}
const ERROR_FIELDS: Readonly<Record<string, string>> = { S: 'pgsql.severity', C: 'pgsql.code', M: 'pgsql.message' }
function problem({ data, to }: Message, from: number, out: Facts): void {
  let at = from
  for (let n = 0; n < 32 && at + 1 < to && data[at] !== 0; n++) {
    const value = zeroText(data, at + 1, to)
    const field = ERROR_FIELDS[String.fromCharCode(data[at]!)]
    if (field !== undefined) out.fact(field, value.value, at + 1, value.next - at - 2)
    at = value.next
  }
}

/** Wireshark's name of a message; what a client answers to a request for SASL has the letter of passwords. */
function kindOf(letter: string, direction: 0 | 1, authentication: number): string {
  if (direction === 1) return SERVER[letter] ?? 'Unknown'
  if (letter !== 'p') return CLIENT[letter] ?? 'Unknown'
  return authentication === 10
    ? 'SASLInitialResponse message'
    : authentication === 11
      ? 'SASLResponse message'
      : 'Password message'
}

function untyped(m: Message, state: Session, out: Facts): void {
  const { data, from, to } = m
  const code = to - from >= 8 ? long(data, from + 4) : 0
  out.fact('pgsql.length', m.length, from, 4)
  const kind =
    code === SSL_REQUEST
      ? 'SSL request'
      : code === GSS_REQUEST
        ? 'GSS encrypt request'
        : code === CANCEL
          ? 'Cancel request'
          : 'Startup message'
  out.fact('pgsql.type', kind)
  if (code === SSL_REQUEST || code === GSS_REQUEST) state.asked = true
  else if (code !== CANCEL) {
    state.started = true
    parameters(m, from + 8, out)
  }
  out.line('>')
}

export default defineDecoder<Session>({
  id: 'pgsql',
  title: 'PGSQL',
  spec: 'https://www.postgresql.org/docs/current/protocol-message-formats.html',
  doc: 'PostgreSQL: user and database of a start, statements, errors and completions. Rows and passwords are not read; where the server agrees to it the flow is TLS.',
  on: [{ table: 'tcpPort', keys: [5432] }],
  fields: [
    { name: 'pgsql.type', type: 'text', doc: 'Kind of message' },
    { name: 'pgsql.length', type: 'uint', doc: 'Length' },
    { name: 'pgsql.frontend', type: 'bool', doc: 'From the client' },
    { name: 'pgsql.parameter_name', type: 'text', doc: 'Parameter' },
    { name: 'pgsql.parameter_value', type: 'text', doc: 'Its value' },
    { name: 'pgsql.query', type: 'text', doc: 'Statement' },
    { name: 'pgsql.statement', type: 'text', doc: 'Name of a prepared statement' },
    { name: 'pgsql.authtype', type: 'uint', doc: 'Kind of authentication' },
    { name: 'pgsql.tag', type: 'text', doc: 'What was done' },
    { name: 'pgsql.severity', type: 'text', doc: 'Severity of an error' },
    { name: 'pgsql.code', type: 'text', doc: 'Code of an error' },
    { name: 'pgsql.message', type: 'text', doc: 'Text of an error' },
  ],
  begin: () => ({ asked: false, started: false, authentication: 0 }),
  stream: {
    length(data, from, to, direction, state) {
      // The one letter with which a server answers the request for encryption: no message has such a length behind its letter.
      if (direction === 1 && state.asked && (data[from] === 0x53 || data[from] === 0x4e) && to - from === 1) return 1
      if (direction === 0 && data[from] === 0) {
        if (to - from < 4) return 0
        const length = long(data, from)
        return length < 8 || length > 65_536 ? -1 : length
      }
      if (to - from < 5) return 0
      const length = long(data, from + 1)
      return length < 4 || length > MOST ? -1 : 1 + length
    },
  },
  message(m, state, out) {
    const { data, view, from, to, direction } = m
    const letter = String.fromCharCode(data[from]!)
    if (direction === 1 && to - from === 1) {
      state.asked = false
      if (letter === 'S') out.become('tls')
      return
    }
    out.fact('pgsql.frontend', direction === 0)
    if (direction === 0 && data[from] === 0) return untyped(m, state, out)
    out.fact('pgsql.type', kindOf(letter, direction, state.authentication), from, 1)
    out.fact('pgsql.length', m.length - 1, from + 1, 4)
    const at = from + 5
    if (direction === 0) {
      if (letter === 'Q') out.fact('pgsql.query', zeroText(data, at, to).value, at, to - at)
      else if (letter === 'P') {
        const name = zeroText(data, at, to)
        out.fact('pgsql.statement', name.value, at, name.next - at)
        out.fact('pgsql.query', zeroText(data, name.next, to).value, name.next, to - name.next)
      }
    } else if (letter === 'R' && at + 4 <= to) {
      state.authentication = view.getUint32(at)
      out.fact('pgsql.authtype', state.authentication, at, 4)
    } else if (letter === 'C') out.fact('pgsql.tag', zeroText(data, at, to).value, at, to - at)
    else if (letter === 'S') parameters(m, at, out)
    else if (letter === 'E' || letter === 'N') problem(m, at, out)
    out.line(`${direction === 0 ? '>' : '<'}${letter}`)
  },
  examples: [
    {
      name: 'a start and a statement',
      messages: {
        transport: 'tcp',
        port: 5432,
        sent: [
          { by: 0, hex: '000000200003000075736572006170700064617461626173650073686f700000' },
          { by: 1, hex: '520000000800000000' },
          { by: 0, hex: '510000000d53454c454354203100' },
          { by: 1, hex: '430000000d53454c454354203100' },
        ],
      },
      expect: {
        stack: 'pgsql',
        line: '>Q',
        facts: {
          'pgsql.type': ['Startup message', 'Authentication request', 'Simple query', 'Command completion'],
          'pgsql.parameter_name': ['user', 'database'],
          'pgsql.parameter_value': ['app', 'shop'],
          'pgsql.query': 'SELECT 1',
          'pgsql.tag': 'SELECT 1',
          'pgsql.authtype': 0,
        },
      },
    },
  ],
})
