/** Which columns the grid has, in which order and how wide. Kept by the engine, and part of a saved view. */
import { z } from 'zod'
import { definitionOf } from '../../../shared/query/lookup.ts'
import { SUMMARY_FIELDS } from './values.ts'

/** A column that is no field: one line that says what the event is. */
export const SUMMARY = 'summary'
export const MAX_COLUMNS = 40

const Column = z.object({ field: z.string().min(1).max(256), width: z.number().min(40).max(2000).nullable() })
export type Column = z.infer<typeof Column>
const Columns = z.array(Column).min(1).max(MAX_COLUMNS)

export const DEFAULT_COLUMNS: readonly Column[] = ['time', 'type', 'src.ip', 'dst.ip', 'dst.port', SUMMARY].map((field) => ({
  field,
  width: null,
}))

/** Stored columns, or the default where they make no sense; a field stands once. */
export function columnsOf(stored: unknown): readonly Column[] {
  const parsed = Columns.safeParse(stored)
  if (!parsed.success) return DEFAULT_COLUMNS
  return parsed.data.filter(({ field }, index, all) => all.findIndex((other) => other.field === field) === index)
}

export type ColumnChange =
  | { readonly kind: 'toggle'; readonly field: string }
  /** One place to the left (-1) or right (1). */
  | { readonly kind: 'move'; readonly field: string; readonly step: -1 | 1 }
  /** The whole order after a drag; what it does not name keeps its place behind. */
  | { readonly kind: 'order'; readonly fields: readonly string[] }
  | { readonly kind: 'width'; readonly field: string; readonly width: number | null }
  | { readonly kind: 'reset' }

/** The last column cannot be taken away. A new one stands before the summary, which takes the rest of the line. */
export function changeColumns(columns: readonly Column[], change: ColumnChange): readonly Column[] {
  switch (change.kind) {
    case 'toggle': {
      if (columns.some(({ field }) => field === change.field))
        return columns.length > 1 ? columns.filter(({ field }) => field !== change.field) : columns
      if (columns.length >= MAX_COLUMNS) return columns
      const at = columns.at(-1)?.field === SUMMARY && change.field !== SUMMARY ? columns.length - 1 : columns.length
      return columns.toSpliced(at, 0, { field: change.field, width: null })
    }
    case 'move': {
      const from = columns.findIndex(({ field }) => field === change.field)
      const to = from + change.step
      const column = columns[from]
      if (!column || to < 0 || to >= columns.length) return columns
      return columns.toSpliced(from, 1).toSpliced(to, 0, column)
    }
    case 'order': {
      const rank = (field: string): number => {
        const at = change.fields.indexOf(field)
        return at < 0 ? change.fields.length : at
      }
      return columns.toSorted((a, b) => rank(a.field) - rank(b.field))
    }
    case 'width':
      return columns.map((column) => (column.field === change.field ? { ...column, width: change.width } : column))
    case 'reset':
      return DEFAULT_COLUMNS
  }
}

/** Fields a search must give back for these columns: at most a hundred, never none (none would mean all). */
export function fieldsToAsk(columns: readonly Column[]): string[] {
  const fields = new Set<string>()
  for (const { field } of columns) {
    if (field === SUMMARY) for (const one of SUMMARY_FIELDS) fields.add(one)
    else fields.add(field)
  }
  return [...fields].slice(0, 100)
}

/** Pixels a column has until a person changes it: what its values need in the grid's type. */
export function naturalWidth(field: string): number {
  if (field === 'time' || field === 'received') return 168
  if (field === SUMMARY) return 480
  if (field === 'type' || field === 'format') return 96
  if (field === 'sig.attack') return 240
  switch (definitionOf(field)?.type) {
    case 'ip':
      return 136
    case 'port':
      return 84
    case 'number':
      return 96
    default:
      return 160
  }
}
