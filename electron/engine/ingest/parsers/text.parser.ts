import { say } from '../../../../shared/model/sentence.ts'
import type { EventRow } from '../../event/row.ts'
import { JsonFields } from '../normalise/json-fields.ts'
import { Clock } from '../normalise/time.ts'
import { defineParser } from './define.ts'

const aliases: Readonly<Record<string, string>> = {
  clientip: 'src.ip',
  auth: 'user.name',
  verb: 'http.method',
  request: 'http.url',
  response: 'http.status',
  bytes: 'http.length',
  referrer: 'http.referrer',
  agent: 'http.user_agent',
}

/** Common and combined log format: `ip ident user [time] "request" status bytes "referrer" "agent"`; a virtual host may stand before. */
const ACCESS =
  /^(?:([\w.-]{1,255}:\d{1,5}) )?([^\s"[]{1,255}) ([^\s"[]{1,255}) ([^"[]{1,255}?) \[([^\]]{20,40})\] "((?:[^"\\]|\\.){0,8192})" (\d{3}) (\d{1,18}|-)(?: "((?:[^"\\]|\\.){0,8192})" "((?:[^"\\]|\\.){0,8192})")?/
const REQUEST = /^([A-Z-]{1,32}) (.{1,8192}?)(?: (HTTP\/\d(?:\.\d)?))?$/
const LEVEL =
  /^[\s\-|:,[(]*(TRACE|DEBUG|INFO|INFORMATION|NOTICE|WARN|WARNING|ERROR|ERR|SEVERE|FATAL|CRITICAL|CRIT|ALERT|EMERG|ERRO|WRN|INF|DBG)\b[\s\]):,|-]*/i
/** After the level, the component that Windows servicing logs and others set off by blanks: `CBS    Loaded …`. */
const COMPONENT = /^([\w.$-]{1,64})(?:  +|\t| +- +)(?=\S)/
const OPENING = /^[\s["'(<]{0,4}/

interface Found {
  readonly end: number
}

/** A time at the beginning, perhaps in brackets or after a level. */
function timeAt(text: string, clock: Clock): Found | null {
  const open = OPENING.exec(text)![0].length
  let end = clock.find(text, open)
  if (end < 0) {
    const level = LEVEL.exec(text.slice(0, 40))
    if (level === null) return null
    const from = level[0].length + OPENING.exec(text.slice(level[0].length, level[0].length + 4))![0].length
    end = clock.find(text, from)
    if (end < 0) return null
  }
  const after = text.charCodeAt(end)
  // Digits or letters right behind are part of another thing: a number, a version, a name.
  if ((after >= 48 && after <= 57) || (after >= 65 && after <= 90) || (after >= 97 && after <= 122)) return null
  return { end }
}

export default defineParser({
  id: 'text',
  title: 'Plain text with a time',
  spec: 'https://httpd.apache.org/docs/2.4/logs.html#accesslog',
  doc: "The last resort: one line, one event, with a time at its beginning (ISO and its kin, syslog's, a web server's, month first, epoch seconds to nanoseconds; in brackets or behind a level too). Access logs of web servers, common and combined, get their HTTP fields and the type `access`. A level and a component after the time are recognised. A line without a time is kept with the time of receipt.",
  priority: 10,
  framing: 'line',
  stateless: true,
  sniff: (records) => {
    const some = records.filter((record) => record.trim() !== '').slice(0, 64)
    if (some.length === 0) return 0
    const clock = new Clock('UTC', Date.now() * 1000)
    const fit = some.filter((record) => (ACCESS.test(record) || timeAt(record, clock) !== null) && record.length > 20).length
    return (fit / some.length) * 0.65
  },
  aliases,
  create({ fields, zone, received }) {
    const clock = new Clock(zone, received)
    const names = new JsonFields(fields, { aliases })
    const message = fields.id('message')
    const level = fields.id('log.level')
    const program = fields.id('log.program')
    const put = (key: string, value: string, row: EventRow): void => {
      const node = names.child(names.root, key)
      if (node !== undefined && value !== '' && value !== '-') names.put(node, value, row)
    }
    const access = (text: string, row: EventRow): boolean => {
      const match = ACCESS.exec(text)
      if (match === null || clock.clf(match[5]!, 0) < 0) return false
      clock.give(row)
      const [, server, client, ident, user, , request, status, bytes, referrer, agent] = match
      if (server !== undefined) put('server', server, row)
      put('clientip', client!, row)
      put('ident', ident!, row)
      put('auth', user!, row)
      put('response', status!, row)
      put('bytes', bytes!, row)
      put('referrer', referrer ?? '', row)
      put('agent', agent ?? '', row)
      const line = REQUEST.exec(request!)
      if (line === null) put('request', request!, row)
      else {
        put('verb', line[1]!, row)
        put('request', line[2]!, row)
        put('http.version', line[3] ?? '', row)
      }
      row.set(message, text)
      row.type = 'access'
      return true
    }
    return {
      parse(text: string, row: EventRow) {
        if (text.charCodeAt(0) === 0xfeff) text = text.slice(1)
        if (text.trim() === '') return 'header'
        if (text.includes('\0')) return { rejected: say('nul_characters') }
        clock.begin(row)
        if (access(text, row)) return 'event'
        row.type = 'text'
        const time = timeAt(text, clock)
        if (time === null) {
          clock.giveReceived(row)
          row.set(message, text)
          return 'event'
        }
        clock.give(row)
        const rest = text.slice(time.end).replace(/^[\])}"',;:|\s-]{1,16}/, '')
        const found = LEVEL.exec(rest.slice(0, 40))
        let body = rest
        if (found !== null) {
          row.set(level, found[1]!)
          body = rest.slice(found[0].length)
          const component = COMPONENT.exec(body.slice(0, 96))
          if (component !== null) {
            row.set(program, component[1]!)
            body = body.slice(component[0].length).trimStart()
          }
        } else {
          const before = LEVEL.exec(text.slice(0, 40))
          if (before !== null) row.set(level, before[1]!)
        }
        row.set(message, body.trimEnd())
        return 'event'
      },
    }
  },
  examples: [
    {
      name: 'access logs, common and combined',
      input: [
        '192.0.2.10 - frank [02/Jan/2026:04:04:05 +0100] "GET /a.gif?x=1 HTTP/1.0" 200 2326',
        '2001:DB8::1 - - [02/Jan/2026:03:04:05 +0000] "POST /login HTTP/1.1" 401 - "https://h.example/" "Mozilla/5.0 (X \\"y\\")"',
        '192.0.2.11 - - [02/Jan/2026:03:04:05 +0000] "\\x16\\x03\\x01" 400 0 "-" "-"',
      ].join('\n'),
      expect: [
        {
          time: '2026-01-02T03:04:05.000Z',
          type: 'access',
          fields: {
            'src.ip': '192.0.2.10',
            'user.name': 'frank',
            'http.method': 'GET',
            'http.url': '/a.gif?x=1',
            'http.status': 200,
            'http.length': 2326,
            'http.version': 'HTTP/1.0',
          },
        },
        {
          time: '2026-01-02T03:04:05.000Z',
          type: 'access',
          fields: {
            'src.ip': '2001:db8::1',
            'http.status': 401,
            'http.referrer': 'https://h.example/',
            'http.user_agent': 'Mozilla/5.0 (X \\"y\\")',
          },
        },
        { time: '2026-01-02T03:04:05.000Z', type: 'access', fields: { 'http.url': '\\x16\\x03\\x01', 'http.status': 400 } },
      ],
    },
    {
      name: 'times of all sorts',
      zone: 'America/New_York',
      input: [
        '2026-01-01 22:04:05, Info                  CBS    Loaded Servicing Stack v6.1',
        '2026/01/01 22:04:05 [error] 77#0: *3 open() failed',
        '[2026-01-02T03:04:05.123Z] ERROR worker died',
        '1767323045.250 something at epoch',
        'Jan  1 22:04:05 started without a host',
        'WARN 2026-01-02 03:04:05.5+00:00 level first',
        'Fri Jan  2 03:04:05 2026 UTC ready to serve',
      ].join('\n'),
      expect: [
        {
          time: '2026-01-02T03:04:05.000Z',
          timeNote: 'assumed_zone',
          type: 'text',
          fields: { 'log.level': 'Info', 'log.program': 'CBS', message: 'Loaded Servicing Stack v6.1' },
        },
        {
          time: '2026-01-02T03:04:05.000Z',
          timeNote: 'assumed_zone',
          type: 'text',
          fields: { 'log.level': 'error', message: '77#0: *3 open() failed' },
        },
        { time: '2026-01-02T03:04:05.123Z', type: 'text', fields: { 'log.level': 'ERROR', message: 'worker died' } },
        { time: '2026-01-02T03:04:05.250Z', type: 'text', fields: { message: 'something at epoch' } },
        {
          time: '2026-01-02T03:04:05.000Z',
          timeNote: 'assumed_year',
          type: 'text',
          fields: { message: 'started without a host' },
        },
        { time: '2026-01-02T03:04:05.500Z', type: 'text', fields: { 'log.level': 'WARN', message: 'level first' } },
        { time: '2026-01-02T03:04:05.000Z', type: 'text', fields: { message: 'ready to serve' } },
      ],
    },
    {
      name: 'no time, and no text',
      sniffed: false,
      input: 'just words\n\nbin\0ary',
      expect: [
        { time: '2026-01-02T03:04:05.000Z', timeNote: 'received', type: 'text', fields: { message: 'just words' } },
        'header',
        { rejected: 'NUL' },
      ],
    },
  ],
})
