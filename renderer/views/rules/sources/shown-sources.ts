import type { LogSourceFile, LogSourceRow } from '../../../../shared/log-source-contract.ts'

export type RowName = LogSourceRow['names'][number]

/** As a rule would name it, what it does not name left out. */
export const nameText = ({ product, category, service }: RowName): string =>
  [product, category, service].filter((part) => part !== null).join(' / ')

/** Files whose names or fields have all the words; of others only the log sources that have them. */
export function shownFiles(files: readonly LogSourceFile[], text: string): LogSourceFile[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return [...files]
  const has = (where: string): boolean => {
    const lower = where.toLowerCase()
    return words.every((word) => lower.includes(word))
  }
  return files.flatMap((file) => {
    if (has(`${file.id} ${file.title}`)) return [file]
    const sources = file.sources.filter((source) => has(rowText(source)))
    return sources.length > 0 ? [{ ...file, sources }] : []
  })
}

const rowText = ({ names, formats, types, values, has, fields }: LogSourceRow): string =>
  [
    ...names.map(nameText),
    ...formats,
    ...types,
    ...values.flatMap(({ field, values: all }) => [field, ...all]),
    ...has,
    ...fields.flatMap(({ name, from }) => [name, ...from]),
  ].join(' ')

/** Every field that the file maps, each way once, by name. */
export function mappings(file: LogSourceFile): LogSourceRow['fields'] {
  const all = new Map<string, LogSourceRow['fields'][number]>()
  for (const { fields } of file.sources) for (const field of fields) all.set(JSON.stringify(field), field)
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

export const NEW_FILE = `id: my-source
title: What it is
format: jsonl
sources:
  - names: { product: my-product, service: my-service }
    when: { fields: { system: my-system } }
    fields:
      user: account.name
examples:
  - name: one record
    format: jsonl
    record: '{"time":"2026-01-02T03:04:05Z","system":"my-system","account":{"name":"kim"}}'
    is: { product: my-product, service: my-service }
    reads: { user: kim }
`

/** The id that a text names; '' where it names none. */
export const idOf = (text: string): string => /^id:[ \t]*["']?([\w-]+)/m.exec(text)?.[1] ?? ''
