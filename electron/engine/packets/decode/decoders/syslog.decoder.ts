import { printable } from '../bytes-text.ts'
import { defineDecoder } from '../define.ts'

const FACILITIES: readonly string[] = [
  'KERN',
  'USER',
  'MAIL',
  'DAEMON',
  'AUTH',
  'SYSLOG',
  'LPR',
  'NEWS',
  'UUCP',
  'CRON',
  'AUTHPRIV',
  'FTP',
  'NTP',
  'LOGAUDIT',
  'LOGALERT',
  'CRON',
  'LOCAL0',
  'LOCAL1',
  'LOCAL2',
  'LOCAL3',
  'LOCAL4',
  'LOCAL5',
  'LOCAL6',
  'LOCAL7',
]
const LEVELS: readonly string[] = ['EMERG', 'ALERT', 'CRIT', 'ERR', 'WARNING', 'NOTICE', 'INFO', 'DEBUG']
const MOST_TEXT = 8192

/** Length that a frame of RFC 6587, section 3.4.1 states: `123 <34>...`; 0 where more is needed, -1 where there is none. */
function counted(data: Uint8Array, from: number, to: number): number {
  let length = 0
  for (let i = from; i < Math.min(to, from + 7); i++) {
    const byte = data[i]!
    if (byte === 32 && i > from) return i + 1 - from + length
    if (byte < 48 || byte > 57) return -1
    length = length * 10 + byte - 48
  }
  return to - from < 7 ? 0 : -1
}

export default defineDecoder({
  id: 'syslog',
  title: 'Syslog',
  spec: 'https://www.rfc-editor.org/rfc/rfc5424',
  doc: 'Facility, level and text, of datagrams and of TCP (counted or by lines).',
  on: [
    { table: 'udpPort', keys: [514] },
    { table: 'tcpPort', keys: [601, 6514] },
  ],
  fields: [
    { name: 'syslog.facility', type: 'uint', doc: 'Facility' },
    { name: 'syslog.level', type: 'uint', doc: 'Level' },
    { name: 'syslog.msg', type: 'text', doc: 'Text' },
  ],
  stream: {
    length(data, from, to) {
      if (data[from]! >= 48 && data[from]! <= 57) return counted(data, from, to)
      if (data[from] !== 60) return -1
      const feed = data.indexOf(10, from)
      return feed >= 0 && feed < to ? feed + 1 - from : to - from > 65_000 ? to - from : 0
    },
  },
  message(m, _, out) {
    const { data, to } = m
    let at = m.from
    if (m.transport === 'tcp' && data[at] !== 60) while (at < to && data[at] !== 60 && at < m.from + 8) at++
    let priority = -1
    let text = at
    if (data[at] === 60 && at < to) {
      let value = 0
      let i = at + 1
      while (i < to && i < at + 4 && data[i]! >= 48 && data[i]! <= 57) value = value * 10 + data[i++]! - 48
      if (i < to && data[i] === 62 && i > at + 1) {
        priority = value
        text = i + 1
      }
    }
    let end = to
    while (m.transport === 'tcp' && end > text && (data[end - 1] === 10 || data[end - 1] === 13)) end--
    const message = printable(data, text, end, MOST_TEXT)
    if (priority >= 0) {
      out.fact('syslog.facility', priority >> 3, at + 1, text - at - 2)
      out.fact('syslog.level', priority & 7, at + 1, text - at - 2)
      out.line(`${FACILITIES[priority >> 3] ?? `UNKNOWN (${priority >> 3})`}.${LEVELS[priority & 7]!}: ${message}`)
    } else out.line(message)
    out.fact('syslog.msg', message, text, end - text)
  },
  examples: [
    {
      name: 'a login',
      messages: {
        transport: 'udp',
        port: 514,
        sent: [{ by: 0, text: '<38>Jan  2 03:04:05 host.example sshd[7]: Accepted publickey for amy' }],
      },
      expect: {
        stack: 'syslog',
        line: 'AUTH.INFO: Jan  2 03:04:05 host.example sshd[7]: Accepted publickey for amy',
        facts: { 'syslog.facility': 4, 'syslog.level': 6 },
      },
    },
    {
      name: 'two over TCP, counted',
      messages: { transport: 'tcp', port: 601, sent: [{ by: 0, text: '8 <13>one!9 <14>two!!' }] },
      expect: { line: 'USER.NOTICE: one!, USER.INFO: two!!', facts: { 'syslog.msg': ['one!', 'two!!'] } },
    },
  ],
})
