/** A log source file: YAML → what it says, or what is wrong with it. */
import { isMap, isScalar, isSeq, type Node } from 'yaml'
import { z } from 'zod'
import { parserById } from '../../ingest/parsers/registry.ts'
import { parseYaml, type Position } from '../yaml-source.ts'
import { DERIVED, type LogSource, type LogSourceDefinition } from './log-source.ts'

export interface TextProblem extends Position {
  readonly message: string
}
export interface ReadLogSource {
  readonly definition: LogSourceDefinition | null
  readonly problems: readonly TextProblem[]
}

const MAX_SOURCES = 1000
const MAX_FIELDS = 2000
const MAX_VALUES = 1000
const MAX_EXAMPLES = 200
const MAX_PROBLEMS = 50
const MAX_ALIASES = 20
export const LOG_SOURCE_ID = /^[a-z0-9][a-z0-9_-]{0,63}$/

const Line = z.string({ error: 'must be text' }).trim().min(1, { error: 'is empty' }).max(512, { error: 'is too long' })
const Field = Line.max(256, { error: 'is too long' })
const Value = z.union([z.string().max(1024), z.number()], { error: 'must be text or a number' })
const few = <T>(one: z.ZodType<T>, most: number, what: string) =>
  z.preprocess(
    (value) => (Array.isArray(value) || value === undefined ? value : [value]),
    z
      .array(one, { error: what })
      .min(1, { error: `${what}; the list is empty` })
      .max(most, { error: `more than ${most}` }),
  )

const NamePart = Line.max(128).toLowerCase().optional()
const Name = z
  .strictObject({ product: NamePart, category: NamePart, service: NamePart }, { error: 'is a map of product, category, service' })
  .refine(({ product, category, service }) => (product ?? category ?? service) !== undefined, {
    error: 'names neither product, category nor service',
  })
const Source = z.union([Field, z.array(Field).min(1).max(8), z.strictObject({ derive: z.enum(DERIVED) })], {
  error: `is a field, up to 8 fields of which the first that is set counts, or {derive: ${DERIVED.join(', ')}}`,
})
const Mapping = z
  .record(Field, Source, { error: 'is a map of fields' })
  .refine((fields) => Object.keys(fields).length <= MAX_FIELDS, { error: `more than ${MAX_FIELDS} fields` })
const Format = Line.refine((format) => parserById(format) !== undefined, { error: 'there is no such format' })
const Formats = few(Format, 32, 'a format or a list of formats')

const File = z.strictObject(
  {
    id: z.string({ error: 'must be text' }).regex(LOG_SOURCE_ID, { error: 'small letters, digits, - and _, at most 64 of them' }),
    title: Line,
    doc: z.string({ error: 'must be text' }).trim().max(4096).default(''),
    spec: z.url({ protocol: /^https?$/, error: 'must be an address' }).default(''),
    /** Of the sources that name none. */
    format: Formats.optional(),
    mappings: z.record(Line, Mapping, { error: 'is a map of names of field mappings' }).default({}),
    sources: z
      .array(
        z.strictObject(
          {
            names: few(Name, 64, 'a log source or a list of them'),
            when: z
              .strictObject(
                {
                  format: Formats.optional(),
                  type: few(Line, MAX_VALUES, 'an event type or a list of them').optional(),
                  fields: z
                    .record(Field, few(Value, MAX_VALUES, 'a value or a list of values'), { error: 'is a map of fields' })
                    .optional(),
                  has: few(Field, 32, 'a field or a list of fields').optional(),
                },
                { error: 'is a map of format, type, fields, has' },
              )
              .default({}),
            /** Names of `mappings`; later ones win. */
            use: few(Line, 16, 'the name of a mapping or a list of them').optional(),
            fields: Mapping.optional(),
          },
          { error: 'is a map of names, when, use, fields' },
        ),
        { error: 'is a list of log sources' },
      )
      .min(1, { error: 'is empty' })
      .max(MAX_SOURCES, { error: `more than ${MAX_SOURCES} log sources` }),
    examples: z
      .array(
        z.strictObject({
          name: Line,
          format: Format,
          record: z
            .string({ error: 'must be text' })
            .min(1)
            .max(64 * 1024),
          is: few(Name, 64, 'a log source or a list of them').optional(),
          isNot: few(Name, 64, 'a log source or a list of them').optional(),
          reads: z.record(Field, z.union([z.string(), z.number(), z.boolean()])).optional(),
        }),
        { error: 'is a list of records' },
      )
      .max(MAX_EXAMPLES, { error: `more than ${MAX_EXAMPLES} examples` })
      .default([]),
  },
  { error: 'a log source file is a map of id, title and sources' },
)

/** Never throws. Line and column of problems are 1-based. */
export function readLogSource(text: string): ReadLogSource {
  const source = parseYaml({ text: text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'), line: 0 })
  if (source.errors.length > 0) return { definition: null, problems: source.errors }
  const problems: TextProblem[] = []
  const root = source.document.contents
  const at = (path: readonly PropertyKey[]): Position => source.position(offsetOf(root, path))
  const sayAt = (offset: number, message: string): void => {
    if (problems.length < MAX_PROBLEMS) problems.push({ ...source.position(offset), message })
  }
  const say = (path: readonly PropertyKey[], message: string): void => sayAt(offsetOf(root, path), message)
  let value: unknown
  try {
    value = source.document.toJS({ maxAliasCount: MAX_ALIASES })
  } catch {
    return { definition: null, problems: [{ line: 1, column: 1, message: 'too many aliases' }] }
  }
  const read = File.safeParse(value)
  if (!read.success) {
    for (const issue of read.error.issues)
      if (issue.code === 'unrecognized_keys')
        for (const key of issue.keys) sayAt(keyOffset(root, issue.path, key), `there is no ${key} here`)
      else say(issue.path, `${issue.path.join('.')}${missing(value, issue.path) ? ' is missing' : `: ${issue.message}`}`)
    return { definition: null, problems }
  }
  const { id, title, doc, spec, mappings } = read.data
  const sources = read.data.sources.map(({ names, when, use, fields }, i): LogSource => {
    const format = when.format ?? read.data.format
    if (format === undefined) say(['sources', i], 'names no format, and neither does the file')
    const used = (use ?? []).map((name, j) => {
      const mapping = Object.hasOwn(mappings, name) ? mappings[name] : undefined
      if (mapping === undefined) say(['sources', i, 'use', j], `there is no mapping ${name}`)
      return mapping
    })
    const all = Object.assign({}, ...used, fields) as NonNullable<typeof fields>
    return {
      names,
      when: { format: format ?? [], type: when.type, fields: when.fields, has: when.has },
      ...(Object.keys(all).length > 0 ? { fields: all } : {}),
    }
  })
  if (problems.length > 0) return { definition: null, problems }
  const examples = read.data.examples.map(({ name, format, record, is, isNot, reads }, i) => ({
    name,
    format,
    record,
    is: is ?? [],
    isNot: isNot ?? [],
    reads: reads ?? {},
    ...at(['examples', i]),
  }))
  return { definition: { id, title, doc, spec, sources, examples }, problems }
}

const missing = (value: unknown, path: readonly PropertyKey[]): boolean =>
  path.length > 0 && path.reduce<unknown>((inner, key) => (isOnly(inner, key) ? inner : member(inner, key)), value) === undefined
const member = (value: unknown, key: PropertyKey): unknown => (value as Record<PropertyKey, unknown> | null | undefined)?.[key]
/** One value where a list may be: it has no place of its own. */
const isOnly = (value: unknown, key: PropertyKey): boolean => key === 0 && value !== undefined && !Array.isArray(value)

/** Where the value at a path stands, or what holds it where it is not there. */
function offsetOf(root: Node | null, path: readonly PropertyKey[]): number {
  let node: unknown = root
  let offset = 0
  for (const key of path) {
    if (isMap(node) && key !== 0) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key))
      if (pair === undefined) break
      node = pair.value
      offset = start(node, start(pair.key, offset))
    } else if (isSeq(node) && typeof key === 'number') {
      node = node.items[key]
      offset = start(node, offset)
    } else if (key !== 0) break
  }
  return offset
}

/** Where a key stands in the map at a path. */
function keyOffset(root: Node | null, path: readonly PropertyKey[], key: string): number {
  let node: unknown = root
  for (const one of path) {
    if (isMap(node) && one !== 0) node = node.get(one, true)
    else if (isSeq(node) && typeof one === 'number') node = node.items[one]
  }
  const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && String(item.key.value) === key) : undefined
  return pair === undefined ? offsetOf(root, path) : start(pair.key, 0)
}
const start = (node: unknown, fallback: number): number =>
  (node as { range?: readonly number[] | null } | null | undefined)?.range?.[0] ?? fallback
