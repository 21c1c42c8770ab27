/** The text of the reference pages, from the extensions themselves. Loaded through Vite, since the registries find files by its glob. */
import { parsers } from '../electron/engine/ingest/parsers/registry.ts'
import type { Framing, ParserDefinition, ParserExample } from '../electron/engine/ingest/parsers/define.ts'
import { TIME_NOTES } from '../shared/model/event.ts'
import { decodersPage } from './decoder-pages.ts'
import { impactTestsPage } from './impact-pages.ts'
import { scenariosPage } from './scenario-page.ts'
import { logSourcesPage, modifiersPage } from './sigma-pages.ts'
import { CANONICAL_FIELDS, FIELD_GROUPS, SYSTEM_FIELDS, type FieldDefinition } from '../shared/model/fields.ts'

const GENERATED = '<!-- Written by `npm run reference` from the files themselves; do not edit. -->'

const FRAMINGS: Readonly<Record<Framing, string>> = {
  line: 'lines',
  quoted: 'lines, and line ends inside quoted fields',
  json: 'JSON documents, over one line or several',
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ').replaceAll('<', '&lt;')
const code = (text: string): string => {
  const quoted = text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``
  return quoted.replaceAll('|', '\\|')
}
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [`| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`, ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n')

function fence(text: string): string {
  // Records may hold fences and control characters of their own.
  const shown = text.replace(
    /[\0-\x08\x0b-\x1f\x7f\u2028\u2029\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  const marks = '`'.repeat(Math.max(3, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length + 1)))
  return `${marks}text\n${shown}\n${marks}`
}

function exampleText({ name, input, zone, fileName, received, expect }: ParserExample): string {
  const conditions = [zone && `source's zone ${zone}`, fileName && `file \`${fileName}\``, received && `received ${received}`]
    .filter(Boolean)
    .join(', ')
  const results = expect.map((result, i) => {
    const number = `${i + 1}.`
    if (result === 'header') return `${number} no event: a header, a comment or a blank`
    if ('rejected' in result) return `${number} rejected: ${cell(result.rejected)}`
    const fields = Object.entries(result.fields).map(([field, value]) => code(`${field}=${JSON.stringify(value)}`))
    return `${number} ${code(result.time)}${result.timeNote ? ` (${result.timeNote})` : ''}, type ${code(result.type)}: ${fields.join(' ')}`.replaceAll(
      '\\|',
      '|',
    )
  })
  return [
    `#### ${name[0]!.toUpperCase()}${name.slice(1)}${conditions === '' ? '' : ` (${conditions})`}`,
    fence(input),
    results.join('\n'),
  ].join('\n\n')
}

const parserSection = (parser: ParserDefinition): string =>
  [
    `## ${parser.title}`,
    table(
      ['', ''],
      [
        ['id', code(parser.id)],
        ['specification', `<${parser.spec}>`],
        ['asked at priority', String(parser.priority)],
        ['records', FRAMINGS[parser.framing]],
        ['state between records', parser.stateless ? 'none' : 'a header'],
      ],
    ),
    parser.doc,
    '### Names',
    table(
      ['native', 'field'],
      Object.entries(parser.aliases)
        .filter(([native, field]) => native !== field)
        .map(([native, field]) => [code(native), code(field)]),
    ),
    '### Examples',
    ...parser.examples.map(exampleText),
  ].join('\n\n')

function parsersPage(): string {
  return (
    [
      '# Formats',
      GENERATED,
      'What Watchfloor reads. A format is recognised from the first records of a file; the most certain parser wins, the one asked first among equals, and a file that none is certain of is no log. Native names that are not listed keep their own name; one that a system field has is kept as `x.<name>`.',
      table(
        ['id', 'format', 'priority'],
        parsers.map(({ id, title, priority }) => [`[${id}](#${anchor(title)})`, title, String(priority)]),
      ),
      ...parsers.map(parserSection),
    ].join('\n\n') + '\n'
  )
}

/** As GitHub makes it from a heading. */
const anchor = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')

function fieldRows(fields: readonly FieldDefinition[]): string[][] {
  const natives = new Map<string, string[]>()
  for (const { id, aliases } of parsers) {
    for (const [native, field] of Object.entries(aliases)) {
      if (native === field) continue
      const list = natives.get(field) ?? []
      list.push(`${id}\u0000${native}`)
      natives.set(field, list)
    }
  }
  return fields.map(({ name, type, ecs, doc }) => {
    const from = natives.get(name) ?? []
    const formats = [...new Set(from.map((entry) => entry.split('\u0000')[0]!))]
    return [code(name), type, ecs === null ? '' : code(ecs), cell(doc), formats.join(', ')]
  })
}

const NOTES: Readonly<Record<(typeof TIME_NOTES)[number], string>> = {
  '': 'The time is what the record says.',
  received: 'The record has no time; the time of receipt is used.',
  assumed_zone:
    "The record names no zone; the source's was used. A time that occurs twice when clocks go back is the first; one that never occurs is read with the offset before the change.",
  assumed_year: 'The record names no year: the latest that puts it no more than a day ahead of its receipt was used.',
  bad_clock:
    "The record's time is impossible (more than a day ahead of its receipt, or before 1990); the time of receipt is used.",
}

function eventModelPage(): string {
  const head = ['field', 'type', 'ECS', 'meaning', 'formats with a name of their own for it']
  return (
    [
      '# The event model',
      GENERATED,
      'An event is a normalised record: the system fields, the canonical fields below that the record has something for, and every other field of the record under its own native name (`alert.metadata.tag`, `LogonType`, `tunnel_parents`). The raw record is always kept, byte for byte.',
      'In queries and rules a field may be called by its name here, by its ECS name, or by a native name of any format.',
      '## System fields',
      'In every event.',
      table(head, fieldRows(SYSTEM_FIELDS)),
      '## Canonical fields',
      table(head, fieldRows(CANONICAL_FIELDS)),
      '## Names that search several fields',
      table(
        ['name', 'fields'],
        Object.entries(FIELD_GROUPS).map(([name, fields]) => [code(name), fields.map(code).join(' ')]),
      ),
      '## Times',
      'Times are kept to the nanosecond where the record has them. What was assumed is noted with the event:',
      table(
        ['note', 'meaning'],
        TIME_NOTES.map((note) => [note === '' ? '(none)' : code(note), NOTES[note]]),
      ),
      '## Values',
      [
        '- Addresses are in lower case, IPv6 compressed as RFC 5952 says, IPv4-mapped addresses as `::ffff:192.0.2.1`. What is no address (`-`, a name) is not put into a field of addresses, but kept under its native name.',
        '- Numbers stay numbers. Integers that a 64-bit floating-point number cannot hold are text with all their digits. Text that is a number (`"443"`, `"0x1f4"`) becomes one in fields of numbers.',
        '- Several values of one field (DNS answers, VLANs, a list of objects by leaf) are a list of text. A list of one in a canonical field is that one.',
        '- Where two native names of a record mean the same field, the first one has it; a differing second one keeps its native name.',
        '- `null` is left out, an empty text is kept.',
        '- At most 512 fields, 64 values in a list, 8,192 characters in a value, 64 levels of nesting; what is beyond is in the raw record only.',
      ].join('\n'),
    ].join('\n\n') + '\n'
  )
}

/** File name below `docs/reference` → text. */
export function generateReference(): Readonly<Record<string, string>> {
  return {
    'parsers.md': parsersPage(),
    'event-model.md': eventModelPage(),
    'sigma-modifiers.md': modifiersPage(),
    'sigma-log-sources.md': logSourcesPage(),
    'scenarios.md': scenariosPage(),
    'decoders.md': decodersPage(),
    'impact-tests.md': impactTestsPage(),
  }
}
