import { describe, expect, it } from 'vitest'
import type { Pack } from '../../../../shared/pack-contract.ts'
import { fileState, MOST_CHANGED, packOf } from './file-state.ts'

const folder = '/data/packs/Web servers'
const rule = { file: `${folder}/rules/scanner.yml`, folder }
const pack = (
  changed: Pack['changed'],
  imported: string | null = '2026-11-12T08:14:02.000Z',
): Pick<Pack, 'imported' | 'changed'> => ({
  imported,
  changed,
})

describe('the file of a rule of a pack', () => {
  it('is what was imported unless it is named', () => {
    expect(fileState(pack([]), rule)).toBe('same')
    expect(fileState(pack([{ file: 'rules/other.yml', how: 'changed' }]), rule)).toBe('same')
    expect(fileState(pack([{ file: 'rules/scanner.yml', how: 'changed' }]), rule)).toBe('changed')
    expect(fileState(pack([{ file: 'rules/scanner.yml', how: 'added' }]), rule)).toBe('added')
    // Loaded before it went; the list comes anew in a moment.
    expect(fileState(pack([{ file: 'rules/scanner.yml', how: 'missing' }]), rule)).toBe('changed')
  })
  it('is found by the path of any system', () => {
    const windows = { file: 'C:\\data\\packs\\web\\rules\\scanner.yml', folder: 'C:\\data\\packs\\web' }
    expect(fileState(pack([{ file: 'rules/scanner.yml', how: 'changed' }]), windows)).toBe('changed')
  })
  it('is not claimed to be the same where that is not known', () => {
    expect(fileState(pack([], null), rule)).toBe('unknown')
    const many = Array.from({ length: MOST_CHANGED }, (_, n) => ({ file: `a${n}.yml`, how: 'changed' as const }))
    expect(fileState(pack(many), rule)).toBe('unknown')
  })
})

describe('the pack of a rule', () => {
  it('is the one with its folder', () => {
    const packs = [{ folder: '/data/packs/Web' }, { folder }] as Pack[]
    expect(packOf(packs, rule)).toBe(packs[1])
    expect(packOf(packs, { folder: '/data/rules' })).toBeNull()
  })
})
