import type { CsvMapping } from '../../../../shared/model/source.ts'
import { say } from '../../../../shared/model/sentence.ts'
import type { EventRow } from '../../event/row.ts'
import { commonAliases, timeRank } from '../normalise/common-names.ts'
import { csvRow, csvState, delimiterOf, joinedLines } from '../normalise/csv.ts'
import { JsonFields, type NameNode } from '../normalise/json-fields.ts'
import { Clock } from '../normalise/time.ts'
import { TimePattern } from '../normalise/time-pattern.ts'
import { TypeNames } from '../normalise/type-names.ts'
import { defineParser } from './define.ts'

/** Which column holds the time: one, or a date and a time of day. */
interface TimeColumns {
  readonly at: number
  readonly clock: number
}

function timeColumns(names: readonly string[], mapped: string | undefined): TimeColumns | null {
  const lower = names.map((name) => name.trim().toLowerCase())
  if (mapped !== undefined) {
    const at = names.indexOf(mapped)
    return at < 0 ? null : { at, clock: -1 }
  }
  const date = lower.indexOf('date')
  const time = lower.indexOf('time')
  if (date >= 0 && time >= 0) return { at: date, clock: time }
  let best = -1
  lower.forEach((name, i) => {
    if (timeRank(name) < (best < 0 ? 64 : timeRank(lower[best]!))) best = i
  })
  return best < 0 ? null : { at: best, clock: -1 }
}

const timeText = (row: readonly string[], { at, clock }: TimeColumns): string =>
  (clock < 0 ? (row[at] ?? '') : `${row[at] ?? ''} ${row[clock] ?? ''}`).trim()

export default defineParser({
  id: 'csv',
  title: 'CSV and TSV',
  spec: 'https://www.rfc-editor.org/rfc/rfc4180',
  doc: "Separated values, with the source's mapping: delimiter, header or column numbers, names of fields, the time's column and form. Without a mapping the delimiter is guessed from the header, and the time from the usual names (`timestamp`, `time`, or `date` and `time`). Type is the value of a column `type` or `event_type`, else `csv`. A quoted field may go over line ends; one that is not closed within 1,000 lines and 256 KiB, or behind which text stands, was none: the line it begins in is rejected, and reading goes on with the next. A row with another number of columns than the header is rejected.",
  priority: 50,
  framing: 'quoted',
  stateless: false,
  sniff: (records) => {
    const lines = records.filter((record) => record !== '')
    const delimiter = lines.length >= 2 ? delimiterOf(lines[0]!) : null
    if (delimiter === null) return 0
    const some = joinedLines(lines, delimiter).slice(0, 32)
    if (some.length < 2) return 0
    const names = csvRow(some[0]!, delimiter)
    if (!Array.isArray(names) || names.length < 3 || names.some((name) => !/^[\w .@/()#:-]{1,64}$/.test(name.trim()))) return 0
    const columns = timeColumns(names, undefined)
    if (columns === null) return 0
    const clock = new Clock('UTC', Date.now() * 1000)
    const fit = some.slice(1).filter((record) => {
      const row = csvRow(record, delimiter)
      return Array.isArray(row) && row.length === names.length && clock.whole(timeText(row, columns))
    }).length
    return (fit / (some.length - 1)) * 0.8
  },
  aliases: commonAliases,
  create({ fields, zone, received, csv, state }) {
    const clock = new Clock(zone, received)
    const mapping: Partial<CsvMapping> = csv ?? {}
    const hasHeader = mapping.header ?? true
    const format = mapping.timeFormat ?? 'iso'
    const pattern = ['iso', 'epoch', 'epoch_ms'].includes(format) ? null : new TimePattern(format)
    const renamed = new Map(Object.entries(mapping.columns ?? {}))
    const tree = new JsonFields(fields, {
      aliases: { ...commonAliases, ...Object.fromEntries([...renamed.values()].map((name) => [name, name])) },
    })
    let delimiter = mapping.delimiter ?? ''
    let names: readonly string[] = []
    let nodes: readonly (NameNode | undefined)[] = []
    let time: TimeColumns | null = null
    let typeColumn = -1
    const types = new TypeNames()

    const header = (given: readonly string[]): void => {
      names = given.map((name, i) => name.trim() || String(i + 1))
      nodes = names.map((name) => tree.child(tree.root, renamed.get(name) ?? name))
      time = timeColumns(names, mapping.time)
      typeColumn = names.findIndex((name) => /^(?:event_?type|type)$/i.test(name))
    }
    const kept = csvState(state)
    if (kept !== null) {
      delimiter = kept.delimiter
      header(kept.names)
    }

    const readTime = (text: string): boolean => {
      if (pattern !== null) return pattern.read(text, clock)
      if (format === 'epoch' || format === 'epoch_ms') {
        if (!/^\d{1,16}(?:\.\d{1,9})?$/.test(text)) return false
        const [whole, fraction = ''] = text.split('.') as [string, string?]
        const unit = format === 'epoch' ? 1e6 : 1e3
        const digits = fraction.padEnd(9, '0')
        clock.micros = Number(whole) * unit + Math.floor(Number(digits) / (1e9 / unit))
        clock.nanos = format === 'epoch' ? Number(digits.slice(6, 9)) : Number(digits.slice(3, 6))
        clock.note = 0
        return Number.isSafeInteger(clock.micros)
      }
      return clock.whole(text)
    }

    return {
      parse(text: string, row: EventRow) {
        if (text.charCodeAt(0) === 0xfeff) text = text.slice(1)
        if (text === '') return 'header'
        if (delimiter === '') delimiter = delimiterOf(text) ?? ','
        const values = csvRow(text, delimiter)
        if (!Array.isArray(values)) return { rejected: values }
        if (names.length === 0) {
          if (hasHeader) {
            header(values)
            return 'header'
          }
          header(values.map((_value, i) => String(i + 1)))
        }
        if (values.length !== names.length) return { rejected: say('columns_differ', { found: values.length, of: names.length }) }
        clock.begin(row)
        const timed = time !== null && readTime(timeText(values, time))
        for (let i = 0; i < values.length; i++) {
          const node = nodes[i]
          const isTime = timed && time !== null && (i === time.at || i === time.clock)
          if (node !== undefined && !isTime && values[i] !== '') tree.put(node, values[i]!, row)
        }
        if (timed) clock.give(row)
        else clock.giveReceived(row)
        row.type = types.of(values[typeColumn], 'csv')
        return 'event'
      },
      state: () => (names.length > 0 ? JSON.stringify({ delimiter, names }) : undefined),
    }
  },
  examples: [
    {
      name: 'a header, quotes, and rows that do not fit',
      input: [
        'timestamp,src_ip,dst_port,type,note',
        '2026-01-02T03:04:05.5Z,192.0.2.7,443,login,"a ""b"", c"',
        '2026-01-02 03:04:06,192.0.2.8,,login,',
        'x,y',
        '2026-01-02 03:04:06,"open',
      ].join('\n'),
      sniffed: false,
      expect: [
        'header',
        { time: '2026-01-02T03:04:05.500Z', type: 'login', fields: { 'src.ip': '192.0.2.7', 'dst.port': 443, note: 'a "b", c' } },
        { time: '2026-01-02T03:04:06.000Z', timeNote: 'assumed_zone', type: 'login', fields: { 'src.ip': '192.0.2.8' } },
        { rejected: '2 columns instead of 5' },
        { rejected: 'not closed' },
      ],
    },
    {
      name: 'a quoted field over several lines, and one that never ends',
      input: [
        'time,who,message',
        '2026-01-02T03:04:05Z,kim,"Logon failed.',
        '',
        'Reason: ""no such account"""',
        '2026-01-02T03:04:06Z,lee,"cut off',
        '2026-01-02T03:04:07Z,lee,done',
      ].join('\n'),
      expect: [
        'header',
        {
          time: '2026-01-02T03:04:05.000Z',
          type: 'csv',
          fields: { who: 'kim', message: 'Logon failed.\n\nReason: "no such account"' },
        },
        { rejected: 'not closed' },
        { time: '2026-01-02T03:04:07.000Z', type: 'csv', fields: { who: 'lee', message: 'done' } },
      ],
    },
    {
      name: 'tabs, and a date beside a time',
      zone: 'Asia/Seoul',
      input: 'Date\tTime\tUser\tCode\n2026-01-02\t12:04:05\tlee\t7\n2026-01-02\t12:04:06\tkim\t8',
      expect: [
        'header',
        { time: '2026-01-02T03:04:05.000Z', timeNote: 'assumed_zone', type: 'csv', fields: { User: 'lee', Code: '7' } },
        { time: '2026-01-02T03:04:06.000Z', timeNote: 'assumed_zone', type: 'csv', fields: { User: 'kim' } },
      ],
    },
    {
      name: 'a mapping by column numbers and a time pattern',
      sniffed: false,
      csv: {
        delimiter: ';',
        header: false,
        columns: { '2': 'src.ip', '3': 'action' },
        time: '1',
        timeFormat: 'dd.MM.yyyy HH:mm:ss.SSS',
      },
      input: '02.01.2026 03:04:05.250;192.0.2.1;allow;rest',
      expect: [
        {
          time: '2026-01-02T03:04:05.250Z',
          timeNote: 'assumed_zone',
          type: 'csv',
          fields: { 'src.ip': '192.0.2.1', action: 'allow', '4': 'rest' },
        },
      ],
    },
  ],
})
