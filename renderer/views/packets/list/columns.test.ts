import { describe, expect, it } from 'vitest'
import {
  changeColumns,
  columnsOf,
  DEFAULT_COLUMNS,
  fieldsOf,
  MOST_FIELDS,
  shownColumns,
  templateOf,
  type Column,
} from './columns.ts'

const ids = (columns: readonly Column[]): string[] => columns.map(({ id }) => id)

describe('columns of the packet list', () => {
  it('are those that were kept, as far as they can be used', () => {
    expect(columnsOf(null)).toBe(DEFAULT_COLUMNS)
    expect(columnsOf([{ id: 'nonsense', width: 3 }])).toBe(DEFAULT_COLUMNS)
    const kept = columnsOf([
      { id: 'info', width: 99_999 },
      { id: 'field:tcp.seq', width: 1 },
      { id: 'info', width: 100 },
      { id: 'field:<b>', width: 100 },
    ])
    expect(kept).toEqual([
      { id: 'info', width: 800 },
      { id: 'field:tcp.seq', width: 40 },
    ])
  })
  it('come before the last one, move, go', () => {
    const added = changeColumns(DEFAULT_COLUMNS, { kind: 'add', id: 'field:ip.ttl' })
    expect(ids(added).slice(-2)).toEqual(['field:ip.ttl', 'info'])
    expect(changeColumns(added, { kind: 'add', id: 'field:ip.ttl' })).toBe(added)
    const moved = changeColumns(added, { kind: 'move', id: 'field:ip.ttl', by: -1 })
    expect(ids(moved).slice(-3)).toEqual(['field:ip.ttl', 'length', 'info'])
    expect(changeColumns(moved, { kind: 'move', id: 'number', by: -1 })).toBe(moved)
    expect(fieldsOf(moved)).toEqual(['ip.ttl'])
    expect(ids(changeColumns(moved, { kind: 'remove', id: 'delta' }))).not.toContain('delta')
    expect(changeColumns(moved, { kind: 'reset' })).toBe(DEFAULT_COLUMNS)
  })
  it('never all go, and never ask for more fields than they may', () => {
    const one: readonly Column[] = [{ id: 'info', width: 240 }]
    expect(changeColumns(one, { kind: 'remove', id: 'info' })).toBe(one)
    let many: readonly Column[] = one
    for (let index = 0; index < MOST_FIELDS + 5; index++) many = changeColumns(many, { kind: 'add', id: `field:a.f${index}` })
    expect(fieldsOf(many)).toHaveLength(MOST_FIELDS)
  })
  it('give the number what the highest one needs, but for a width of the reader', () => {
    const width = (packets: number, own: number): number | undefined =>
      shownColumns([{ id: 'number', width: own }], 1920, packets)[0]?.width
    expect(width(9, 88)).toBe(56)
    expect(width(2_505_192, 88)).toBeGreaterThan(width(92_260, 88) ?? 0)
    expect(width(4_000_000_000, 88)).toBe(88)
    expect(width(9, 120)).toBe(120)
  })
  it('leave the ports out where the window is narrow', () => {
    expect(ids(shownColumns(DEFAULT_COLUMNS, 1366, 10))).not.toContain('sourcePort')
    expect(shownColumns(DEFAULT_COLUMNS, 1920, 20_000_000)).toEqual(DEFAULT_COLUMNS)
    expect(
      templateOf(
        [
          { id: 'number', width: 90 },
          { id: 'info', width: 300 },
        ],
        32,
      ),
    ).toBe('32px 90px minmax(240px, 1fr)')
  })
})
