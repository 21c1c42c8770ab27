/** The list's columns: chosen, moved, made wider, kept under a settings key. */
import { z } from 'zod'

export const COLUMN_IDS = [
  'number',
  'time',
  'delta',
  'source',
  'sourcePort',
  'destination',
  'destinationPort',
  'protocol',
  'length',
  'info',
] as const
export type ColumnId = (typeof COLUMN_IDS)[number]

export interface Column {
  /** A column of every list, or `field:` and the name of a field. */
  readonly id: ColumnId | `field:${string}`
  /** Pixels; `info` takes what is left. */
  readonly width: number
}
export const FIELD_PREFIX = 'field:'
/** How many fields may be asked for with the rows. */
export const MOST_FIELDS = 20
export const LEAST_WIDTH = 40
const MOST_WIDTH = 800
export const STEP_WIDTH = 16
/** Below this width of the window the ports leave the list: the panel has them. */
export const PORTS_FROM = 1500
/** Pixels that `info` keeps at least. */
export const INFO_WIDTH = 240

const WIDTHS: Readonly<Record<ColumnId, number>> = {
  number: 88,
  time: 124,
  delta: 92,
  source: 122,
  sourcePort: 50,
  destination: 122,
  destinationPort: 76,
  protocol: 66,
  length: 48,
  info: INFO_WIDTH,
}
export const DEFAULT_COLUMNS: readonly Column[] = COLUMN_IDS.map((id) => ({ id, width: WIDTHS[id] }))

const known = (id: string): id is Column['id'] =>
  (COLUMN_IDS as readonly string[]).includes(id) || /^field:[A-Za-z0-9_.-]{1,128}$/.test(id)
const Stored = z.array(z.object({ id: z.string(), width: z.number() })).max(COLUMN_IDS.length + MOST_FIELDS)

/** What was kept, as far as it can be used; the columns of the beginning where it is nothing. */
export function columnsOf(stored: unknown): readonly Column[] {
  const parsed = Stored.safeParse(stored)
  if (!parsed.success) return DEFAULT_COLUMNS
  const found: Column[] = []
  for (const { id, width } of parsed.data)
    if (known(id) && !found.some((column) => column.id === id)) found.push({ id, width: fitting(width) })
  return found.length === 0 ? DEFAULT_COLUMNS : found
}
const fitting = (width: number): number => Math.round(Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, width)))

export type ColumnChange =
  | { readonly kind: 'add'; readonly id: Column['id'] }
  | { readonly kind: 'remove'; readonly id: Column['id'] }
  | { readonly kind: 'move'; readonly id: Column['id']; readonly by: 1 | -1 }
  | { readonly kind: 'width'; readonly id: Column['id']; readonly width: number }
  | { readonly kind: 'reset' }

/** The same list where nothing changes. One column always stays. */
export function changeColumns(columns: readonly Column[], change: ColumnChange): readonly Column[] {
  if (change.kind === 'reset') return DEFAULT_COLUMNS
  const at = columns.findIndex(({ id }) => id === change.id)
  if (change.kind === 'add') {
    if (at >= 0 || !known(change.id)) return columns
    const field = change.id.startsWith(FIELD_PREFIX)
    if (field && fieldsOf(columns).length >= MOST_FIELDS) return columns
    const column: Column = { id: change.id, width: field ? 120 : WIDTHS[change.id as ColumnId] }
    const info = columns.findIndex(({ id }) => id === 'info')
    return info < 0 || change.id === 'info' ? [...columns, column] : columns.toSpliced(info, 0, column)
  }
  const column = columns[at]
  if (!column) return columns
  if (change.kind === 'remove') return columns.length > 1 ? columns.toSpliced(at, 1) : columns
  if (change.kind === 'width') return columns.with(at, { ...column, width: fitting(change.width) })
  const to = at + change.by
  const other = columns[to]
  return other ? columns.with(at, other).with(to, column) : columns
}

/** Names of the fields that stand in columns. */
export const fieldsOf = (columns: readonly Column[]): string[] =>
  columns.flatMap(({ id }) => (id.startsWith(FIELD_PREFIX) ? [id.slice(FIELD_PREFIX.length)] : []))

/** Pixels that a packet's number takes at least, so that its head can be read. */
const LEAST_NUMBER = 56
/** Columns for a window of this width. A number that nobody made wider takes what the highest one needs. */
export function shownColumns(columns: readonly Column[], windowWidth: number, packets: number): readonly Column[] {
  const digits = String(packets).length
  const number = Math.max(LEAST_NUMBER, Math.min(WIDTHS.number, 8 * (digits + Math.floor((digits - 1) / 3)) + 12))
  return columns
    .filter(({ id }) => windowWidth >= PORTS_FROM || (id !== 'sourcePort' && id !== 'destinationPort'))
    .map((column) => (column.id === 'number' && column.width === WIDTHS.number ? { ...column, width: number } : column))
}

/** `grid-template-columns`, with the gutter first. */
export const templateOf = (columns: readonly Column[], gutter: number): string =>
  [`${gutter}px`, ...columns.map(({ id, width }) => (id === 'info' ? `minmax(${INFO_WIDTH}px, 1fr)` : `${width}px`))].join(' ')
