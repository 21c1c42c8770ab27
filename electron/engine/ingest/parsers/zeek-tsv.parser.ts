import { isoFromMicros } from '../../../../shared/model/time.ts'
import { z } from 'zod'
import { say } from '../../../../shared/model/sentence.ts'
import type { EventRow } from '../../event/row.ts'
import { stemOf } from '../normalise/file-name.ts'
import { JsonFields, type NameNode } from '../normalise/json-fields.ts'
import { Clock } from '../normalise/time.ts'
import { logName, unescapeZeek, zeekAliases, zeekAliasesOf } from '../normalise/zeek.ts'
import { defineParser } from './define.ts'

const MAX_COLUMNS = 1024

/** The header as it stands; also the parser's state. */
const Header = z.object({
  separator: z.string().min(1).max(16),
  set: z.string().min(1).max(16),
  empty: z.string().max(64),
  unset: z.string().max(64),
  path: z.string().max(256),
  fields: z.array(z.string().max(256)).max(MAX_COLUMNS),
  types: z.array(z.string().max(64)).max(MAX_COLUMNS),
})
type Header = z.infer<typeof Header>

interface Column {
  readonly node: NameNode | undefined
  readonly type: string
  /** Type of the elements, where it is a set or a vector. */
  readonly of: string | null
}

const empty = (): Header => ({ separator: '\t', set: ',', empty: '(empty)', unset: '-', path: '', fields: [], types: [] })

function restore(state: string | undefined): Header {
  if (state === undefined) return empty()
  try {
    const header = Header.safeParse(JSON.parse(state))
    return header.success ? header.data : empty()
  } catch {
    return empty()
  }
}

export default defineParser({
  id: 'zeek-tsv',
  title: 'Zeek ASCII (tab-separated)',
  spec: 'https://docs.zeek.org/en/master/log-formats.html#zeek-tsv-format-logs',
  doc: "Columns with a typed header: `#separator`, `#set_separator`, `#empty_field`, `#unset_field`, `#path`, `#fields`, `#types`; a new header in the middle of a file holds from there on. Unset values are left out, empty ones kept; escapes (`\\x09`) are undone, except those of bytes that are no text. Times other than the event's become ISO text. A row with another number of columns than the header is rejected.",
  priority: 950,
  framing: 'line',
  stateless: false,
  sniff: (records) => {
    const head = records.filter((record) => record.startsWith('#')).slice(0, 16)
    const has = (name: string): boolean => head.some((record) => record.startsWith(name))
    if (has('#separator ') && has('#fields')) return 1
    return has('#fields') && has('#types') ? 0.9 : 0
  },
  aliases: zeekAliases,
  aliasesOfType: zeekAliasesOf,
  create({ fields, zone, received, fileName, state }) {
    const clock = new Clock(zone, received)
    let header = restore(state)
    let begun = state !== undefined
    let names = new JsonFields(fields, { aliases: zeekAliasesOf('') })
    let columns: readonly Column[] = []
    let type = 'zeek'
    let timeColumn = -1
    const prepare = (): void => {
      type = logName(header.path) ?? (stemOf(fileName) || 'zeek')
      names = new JsonFields(fields, { aliases: zeekAliasesOf(type) })
      columns = header.fields.map((name, i) => {
        const declared = header.types[i] ?? 'string'
        const of = /^(?:set|vector|table)\[(.{1,48})\]$/.exec(declared)?.[1] ?? null
        return { node: names.child(names.root, name), type: declared, of }
      })
      timeColumn = header.fields.indexOf('ts')
    }
    if (header.fields.length > 0) prepare()

    /** A line that begins with `#`; true where it is one of a header's. */
    const directive = (text: string): void => {
      if (text.startsWith('#separator ')) {
        // A new file begins.
        header = { ...empty(), separator: unescapeZeek(text.slice(11)).slice(0, 16) || '\t' }
        columns = []
        return
      }
      const [name, ...values] = text.split(header.separator, MAX_COLUMNS + 1)
      const first = values[0] ?? ''
      if (name === '#set_separator') header.set = first.slice(0, 16) || ','
      else if (name === '#empty_field') header.empty = first.slice(0, 64)
      else if (name === '#unset_field') header.unset = first.slice(0, 64)
      else if (name === '#path') header.path = first.slice(0, 256)
      else if (name === '#fields') {
        header.fields = values.map((value) => unescapeZeek(value).slice(0, 256))
        header.types = []
        prepare()
      } else if (name === '#types') {
        header.types = values.map((value) => value.slice(0, 64))
        prepare()
      }
    }

    const scalar = (text: string, kind: string): string | number | boolean => {
      switch (kind) {
        case 'bool':
          return text === 'T' ? true : text === 'F' ? false : unescapeZeek(text)
        case 'count':
        case 'int':
        case 'port':
        case 'double':
        case 'interval': {
          const number = Number(text)
          return text.trim() === '' || !Number.isFinite(number) || (Number.isInteger(number) && !Number.isSafeInteger(number))
            ? text
            : number
        }
        case 'time': {
          const seconds = /^-?\d{1,10}(?:\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN
          return Number.isNaN(seconds) ? text : isoFromMicros(Math.round(seconds * 1e6))
        }
        default:
          return unescapeZeek(text)
      }
    }

    return {
      parse(text: string, row: EventRow) {
        if (text.charCodeAt(0) === 0xfeff) text = text.slice(1)
        if (text.charCodeAt(0) === 35) {
          begun = true
          directive(text)
          return 'header'
        }
        if (text === '') return 'header'
        if (columns.length === 0) return { rejected: say('no_fields_line') }
        const values = text.split(header.separator, columns.length + 1)
        if (values.length !== columns.length) {
          const of = columns.length
          if (values.length > of) return { rejected: say('too_many_columns', { most: of }) }
          return { rejected: say('columns_differ', { found: values.length, of }) }
        }
        for (let i = 0; i < values.length; i++) {
          const value = values[i]!
          if (value === header.unset || i === timeColumn) continue
          const { node, type: kind, of } = columns[i]!
          if (node === undefined) continue
          if (of === null) names.put(node, value === header.empty ? '' : scalar(value, kind), row)
          else if (value === header.empty || value === '') names.empty(node, row)
          else {
            for (const item of value.split(header.set, 65)) {
              if (item !== header.unset) names.add(node, item === header.empty ? '' : scalar(item, of), row)
            }
          }
        }
        row.type = type
        const time = timeColumn < 0 ? undefined : values[timeColumn]
        if (time === undefined || !clock.value(time, row)) clock.giveReceived(row)
        return 'event'
      },
      state: () => (begun ? JSON.stringify(header) : undefined),
    }
  },
  examples: [
    {
      name: 'DNS with sets, unset and empty values, and escapes',
      input: [
        '#separator \\x09',
        '#set_separator\t,',
        '#empty_field\t(empty)',
        '#unset_field\t-',
        '#path\tdns',
        '#open\t2026-01-02-03-04-05',
        '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tquery\tqtype_name\trcode_name\tAA\tanswers\tTTLs\tnote',
        '#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tstring\tstring\tbool\tvector[string]\tvector[interval]\tset[string]',
        '1767323045.419939\tCx1\t10.1.2.3\t40000\t10.1.0.53\t53\tudp\tb\\xc3\\xbccher.example\tA\tNOERROR\tF\twww.example,192.0.2.7\t60.000000,5.500000\t(empty)',
        '1767323046.000000\tCx2\t10.1.2.3\t40001\t10.1.0.53\t53\tudp\tx\\x09y\\x2dz\\\\\\x01\\xff\t-\t-\tT\t-\t-\ta\\x2cb,c',
        '1767323046.000000\tCx2',
        '#close\t2026-01-02-04-00-00',
      ].join('\n'),
      expect: [
        'header',
        'header',
        'header',
        'header',
        'header',
        'header',
        'header',
        'header',
        {
          time: '2026-01-02T03:04:05.419939Z',
          type: 'dns',
          fields: {
            'flow.id': 'Cx1',
            'src.ip': '10.1.2.3',
            'src.port': 40000,
            'net.transport': 'udp',
            'dns.query': 'bücher.example',
            'dns.type': 'A',
            'dns.rcode': 'NOERROR',
            AA: false,
            'dns.answers': ['www.example', '192.0.2.7'],
            TTLs: ['60', '5.5'],
            note: [],
          },
        },
        {
          time: '2026-01-02T03:04:06.000Z',
          type: 'dns',
          fields: { 'dns.query': 'x\ty-z\\\\x01\\xff', AA: true, note: ['a,b', 'c'] },
        },
        { rejected: '2 columns instead of 14' },
        'header',
      ],
    },
    {
      name: 'an odd separator, a typed time, and a second header',
      input: [
        '#separator \\x7c',
        '#set_separator|;',
        '#empty_field|EMPTY',
        '#unset_field|~',
        '#path|ocsp',
        '#fields|ts|thisUpdate|tags|n',
        '#types|time|time|set[count]|count',
        '1767323045.5|1767225600.000000|1;2|18446744073709551615',
        '~|~|EMPTY|~',
        '#separator \\x09',
        '#path\tweird',
        '#fields\tts\tname',
        '#types\ttime\tstring',
        '1767323045.000001\todd',
      ].join('\n'),
      expect: [
        'header',
        'header',
        'header',
        'header',
        'header',
        'header',
        'header',
        {
          time: '2026-01-02T03:04:05.500Z',
          type: 'ocsp',
          fields: { thisUpdate: '2026-01-01T00:00:00.000Z', tags: ['1', '2'], n: '18446744073709551615' },
        },
        { time: '2026-01-02T03:04:05.000Z', timeNote: 'received', type: 'ocsp', fields: { tags: [] } },
        'header',
        'header',
        'header',
        'header',
        { time: '2026-01-02T03:04:05.000001Z', type: 'weird', fields: { name: 'odd' } },
      ],
    },
    { name: 'a row without a header', sniffed: false, input: '1767323045.5\tCx1', expect: [{ rejected: 'no #fields line' }] },
  ],
})
