/** Reference pages of Sigma: modifiers and log sources, from their files. */
import { stringify } from 'yaml'
import type { FieldSource, LogSource, LogSourceDefinition } from '../electron/engine/sigma/logsources/log-source.ts'
import { shippedLogSources } from '../electron/engine/sigma/logsources/table.ts'
import type { ModifierDefinition, ModifierExample } from '../electron/engine/sigma/modifiers/define.ts'
import { modifiers } from '../electron/engine/sigma/modifiers/registry.ts'

const GENERATED = '<!-- Written by `npm run reference` from the files themselves; do not edit. -->'

const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ').replaceAll('<', '&lt;')
const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [`| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`, ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n')
const visible = (text: string): string =>
  text.replace(/[\0-\x09\x0b-\x1f\x7f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

function exampleText({ key, value, lists = {}, matches = [], misses = [], error }: ModifierExample): string {
  const known = Object.entries(lists).map(([name, values]) => `# list ${name}: ${values.join(', ')}`)
  const fits = matches.map((event) => `# fits:     ${JSON.stringify(event)}`)
  const fails = misses.map((event) => `# does not: ${JSON.stringify(event)}`)
  const refused = error === undefined ? [] : [`# refused:  ${error}`]
  return visible([...known, stringify({ [key]: value }).trimEnd(), ...fits, ...fails, ...refused].join('\n'))
}

const modifierSection = ({ id, aliases = [], doc, spec, takes, examples }: ModifierDefinition): string =>
  [
    `## ${id}`,
    `${aliases.length > 0 ? `Also ${aliases.map(code).join(', ')}. ` : ''}${cell(doc)}`,
    `Applied to: ${takes.join(', ')}. [Specification](${spec})`,
    `\`\`\`yaml\n${examples.map(exampleText).join('\n\n')}\n\`\`\``,
  ].join('\n\n')

export const modifiersPage = (): string =>
  [
    GENERATED,
    '# Sigma modifiers',
    'After the name of a field, behind `|`, applied in order. Each is a file in `electron/engine/sigma/modifiers`.',
    ...modifiers.map(modifierSection),
    '',
  ].join('\n\n')

const nameOf = ({ names }: LogSource): string =>
  names.map((name) => code([name.product ?? '*', name.category ?? '*', name.service ?? '*'].join(' / '))).join('<br>')

function whenOf({ when }: LogSource): string {
  const parts = [`format ${when.format.join(', ')}`]
  if (when.type !== undefined) parts.push(`type ${when.type.join(', ')}`)
  for (const [field, values] of Object.entries(when.fields ?? {})) parts.push(`${field} ${values.join(' or ')}`)
  if (when.has !== undefined) parts.push(`with ${when.has.join(', ')}`)
  return cell(parts.join('; '))
}

const sourceOf = (source: FieldSource): string =>
  typeof source === 'string' ? source : 'derive' in source ? `${source.derive} of http.url` : source.join(', else ')

function definitionSection({ title, doc, spec, sources }: LogSourceDefinition): string {
  const fields = new Map<string, string>()
  for (const source of sources)
    for (const [name, from] of Object.entries(source.fields ?? {})) if (name !== from) fields.set(name, sourceOf(from))
  const parts = [
    `## ${title}`,
    `${cell(doc)} [Specification](${spec})`,
    table(
      ['product / category / service', 'events'],
      sources.map((source) => [nameOf(source), whenOf(source)]),
    ),
  ]
  if (fields.size > 0)
    parts.push(
      table(
        ['field in rules', 'field of the event'],
        [...fields].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, from]) => [code(name), cell(from)]),
      ),
    )
  return parts.join('\n\n')
}

export const logSourcesPage = (): string =>
  [
    GENERATED,
    '# Sigma log sources',
    'Which events a rule is asked about: those of every log source that has all that the rule states; `*` is anything. A rule’s fields are looked for under their own name, under the name the format’s parser gives them, and under the ECS name. Each family is a file in `resources/logsources`; a desk can change them and add its own.',
    ...shippedLogSources().entries.flatMap(({ definition }) => (definition === null ? [] : [definitionSection(definition)])),
    '',
  ].join('\n\n')
