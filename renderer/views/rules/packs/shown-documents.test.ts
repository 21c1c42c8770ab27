import { describe, expect, it } from 'vitest'
import type { PackDocument } from '../../../../shared/pack-contract.ts'
import { countDocuments, hindrance, shownDocuments, usable } from './shown-documents.ts'

const one = (id: string, more: Partial<PackDocument> = {}): PackDocument => ({
  id,
  title: id,
  kind: 'rule',
  level: 'medium',
  file: `rules/${id}.yml`,
  status: 'new',
  other: null,
  problems: [],
  ...more,
})
const DOCUMENTS = [
  one('same', { status: 'same', level: 'critical' }),
  one('new-b'),
  one('new-a'),
  one('new-high', { level: 'high', kind: 'scenario' }),
  one('filter', { level: null, kind: 'filter' }),
  one('differs', { status: 'differs', level: 'low' }),
  one('', { status: 'failing', level: null, kind: 'unknown' }),
]

describe('documents of a pack', () => {
  it('are counted by what would become of them', () => {
    expect(countDocuments(DOCUMENTS)).toEqual({ new: 4, same: 1, differs: 1, failing: 1 })
    expect(countDocuments([])).toEqual({ new: 0, same: 0, differs: 0, failing: 0 })
  })
  it('come with what fails first, then what differs, then by level and title', () => {
    expect(shownDocuments(DOCUMENTS, null).map(({ id }) => id)).toEqual([
      '',
      'differs',
      'new-high',
      'new-a',
      'new-b',
      'filter',
      'same',
    ])
    expect(shownDocuments(DOCUMENTS, 'same').map(({ id }) => id)).toEqual(['same'])
  })
  it('are used where they are rules, do not fail, and have no place above them', () => {
    expect(usable(DOCUMENTS)).toBe(5)
    const other = { used: 'other', file: '/rules/a.yml' } as const
    expect(
      usable([one('a', { status: 'same', other }), one('b', { status: 'differs', other: { ...other, used: 'this' } })]),
    ).toBe(1)
  })
  it('are not imported where a file is not as the manifest says, or where there is none', () => {
    expect(hindrance({ documents: DOCUMENTS, disagree: [] })).toBeNull()
    expect(hindrance({ documents: DOCUMENTS, disagree: [{ file: 'a.yml', how: 'differs' }] })).toBe('disagree')
    expect(hindrance({ documents: [], disagree: [] })).toBe('nothing')
  })
})
