import { text } from '../bytes-text.ts'
import { defineDecoder, type Facts, type Message } from '../define.ts'

const COMMANDS: Readonly<Record<number, string>> = {
  0: 'Sleep', 1: 'Quit', 2: 'Use Database', 3: 'Query', 4: 'Show Fields', 5: 'Create Database', 6: 'Drop Database', 7: 'Refresh', 8: 'Shutdown',
  9: 'Statistics', 10: 'Process List', 11: 'Connect', 12: 'Kill Server Thread', 13: 'Dump Debuginfo', 14: 'Ping', 15: 'Time', 17: 'Change User',
  18: 'Send Binlog', 21: 'Register Slave', 22: 'Prepare Statement', 23: 'Execute Statement', 24: 'Send BLOB', 25: 'Close Statement',
  26: 'Reset Statement', 27: 'Set Option', 28: 'Fetch Data', 31: 'Reset Connection',
} // prettier-ignore
const SSL = 0x0800
const CONNECT_WITH_DB = 0x0008
const PROTOCOL_41 = 0x0200
const QUERY_ATTRIBUTES = 0x0800_0000
const SECURE_CONNECTION = 0x8000
const LENGTH_ENCODED = 0x0020_0000

interface Session {
  /** What the server has to say next. */
  stage: 'greeting' | 'login' | 'commands'
  capabilities: number
  /** Command that the server's packets answer; packets of its answer so far. */
  answered: number
}

function zeroText({ data }: Message, from: number, to: number): { readonly value: string; readonly next: number } {
  const zero = data.indexOf(0, from)
  const end = zero < 0 || zero > to ? to : zero
  return { value: text(data, from, end, 512), next: Math.min(to, end + 1) }
}

function greeting(m: Message, at: number, out: Facts): void {
  const version = zeroText(m, at + 1, m.to)
  out.fact('mysql.protocol', m.data[at]!, at, 1)
  out.fact('mysql.version', version.value, at + 1, version.value.length)
  out.line(`Server Greeting  proto=${m.data[at]} version=${version.value} `)
}

function login(m: Message, at: number, state: Session, out: Facts): void {
  const { data, view, to } = m
  if (at + 4 > to) return out.malformed()
  const low = view.getUint16(at, true)
  if ((low & PROTOCOL_41) === 0) {
    const user = zeroText(m, at + 5, to)
    out.fact('mysql.user', user.value, at + 5, user.value.length)
    return out.line(`Login Request user=${user.value} `)
  }
  state.capabilities = view.getUint32(at, true)
  if (at + 32 > to) return out.malformed()
  if ((low & SSL) !== 0 && to - at <= 32) {
    out.line('Request SSL')
    return out.become('tls')
  }
  const user = zeroText(m, at + 32, to)
  out.fact('mysql.user', user.value, at + 32, user.value.length)
  let line = `Login Request user=${user.value} `
  if (low & CONNECT_WITH_DB && user.next < to) {
    const counted = (low & SECURE_CONNECTION) !== 0 || (state.capabilities & LENGTH_ENCODED) !== 0
    const next = counted ? user.next + 1 + data[user.next]! : zeroText(m, user.next, to).next
    if (next < to) {
      const schema = zeroText(m, next, to)
      out.fact('mysql.schema', schema.value, next, schema.value.length)
      line += `db=${schema.value} `
    }
  }
  out.line(line)
}

function command(m: Message, at: number, state: Session, out: Facts): void {
  const { data, to } = m
  const code = data[at]!
  out.fact('mysql.command', code, at, 1)
  state.answered = 0
  let from = at + 1
  if ((code === 3 || code === 22) && from < to) {
    // Attributes of a query stand before it: how many, and in how many sets. Where there are some it is not looked for.
    const attributes = code === 3 && (state.capabilities & QUERY_ATTRIBUTES) !== 0
    if (attributes) from += 2
    if (!attributes || (data[from - 2] === 0 && data[from - 1] === 1))
      out.fact('mysql.query', text(data, from, to, 8192), from, to - from)
  } else if (code === 2 && from < to) out.fact('mysql.schema', text(data, from, to, 512), from, to - from)
  out.line(`Request ${COMMANDS[code] ?? `Unknown (${code})`}`)
}

function answer(m: Message, at: number, state: Session, out: Facts): void {
  const { data, view, to } = m
  const code = data[at]!
  state.answered++
  if (code === 0xff && at + 3 <= to) {
    const error = view.getUint16(at + 1, true)
    const from = data[at + 3] === 0x23 ? at + 9 : at + 3
    out.fact('mysql.error_code', error, at + 1, 2)
    if (from <= to) out.fact('mysql.error.message', text(data, from, to, 512), from, to - from)
    if (state.stage === 'login') state.stage = 'commands'
    return out.line(`Response  Error ${error} `)
  }
  if (state.stage === 'login') {
    if (code === 0xfe) return out.line('Auth Switch Request ')
    if (code === 0) state.stage = 'commands'
    return out.line(code === 0 ? 'Response  OK ' : 'Response ')
  }
  if (state.answered === 1) out.line(code === 0 ? 'Response  OK ' : 'Response TABULAR Response ')
  else out.line('')
}

export default defineDecoder<Session>({
  id: 'mysql',
  title: 'MySQL',
  spec: 'https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html',
  doc: "MySQL and MariaDB: the server's version, the user and schema of a login, statements, errors. Rows are not read; after a request for it the flow is TLS.",
  on: [{ table: 'tcpPort', keys: [3306] }],
  fields: [
    { name: 'mysql.packet_length', type: 'uint', doc: 'Length of the packet' },
    { name: 'mysql.packet_number', type: 'uint', doc: 'Number of the packet' },
    { name: 'mysql.protocol', type: 'uint', doc: 'Protocol' },
    { name: 'mysql.version', type: 'text', doc: "Server's version" },
    { name: 'mysql.user', type: 'text', doc: 'User' },
    { name: 'mysql.schema', type: 'text', doc: 'Schema' },
    { name: 'mysql.command', type: 'uint', doc: 'Command' },
    { name: 'mysql.query', type: 'text', doc: 'Statement' },
    { name: 'mysql.error_code', type: 'uint', doc: 'Error' },
    { name: 'mysql.error.message', type: 'text', doc: 'Text of the error' },
  ],
  begin: () => ({ stage: 'greeting', capabilities: 0, answered: 0 }),
  stream: {
    length: (data, from, to) => (to - from < 4 ? 0 : 4 + (data[from]! | (data[from + 1]! << 8) | (data[from + 2]! << 16))),
  },
  message(m, state, out) {
    const { data, from, to } = m
    const at = from + 4
    out.fact('mysql.packet_length', data[from]! | (data[from + 1]! << 8) | (data[from + 2]! << 16), from, 3)
    out.fact('mysql.packet_number', data[from + 3]!, from + 3, 1)
    if (at >= to) return
    if (m.direction === 1) {
      if (state.stage === 'greeting' && data[from + 3] === 0 && data[at] !== 0xff) {
        state.stage = 'login'
        return greeting(m, at, out)
      }
      return answer(m, at, state, out)
    }
    if (state.stage !== 'commands' && data[from + 3] === 1) {
      state.stage = 'login'
      return login(m, at, state, out)
    }
    if (state.stage === 'login' && data[from + 3]! > 0) return out.line('Auth Switch Response ')
    state.stage = 'commands'
    command(m, at, state, out)
  },
  examples: [
    {
      name: 'a login and a statement',
      messages: {
        transport: 'tcp',
        port: 3306,
        sent: [
          { by: 1, hex: '2c0000000a382e302e39392d6d6164650007000000616263646566676800fff7 21020000000000000000000000000000' },
          { by: 0, hex: '2e0000018d820000000000012100000000000000000000000000000000000000 0000000061707000040102030473686f7000' },
          { by: 1, hex: '0700000200000002000000' },
          { by: 0, hex: '090000000353454c4543542031' },
          { by: 1, hex: '0b000001ff28042334323030306e6f' },
        ],
      },
      expect: {
        stack: 'mysql',
        line: 'Login Request user=app db=shop ',
        facts: {
          'mysql.version': '8.0.99-made',
          'mysql.user': 'app',
          'mysql.schema': 'shop',
          'mysql.command': 3,
          'mysql.query': 'SELECT 1',
          'mysql.error_code': 1064,
          'mysql.error.message': 'no',
        },
      },
    },
  ],
})
