import { describe, expect, it } from 'vitest'
import type { RuleFolder, RuleSummary } from '../../../../shared/model/rule.ts'
import type { Pack } from '../../../../shared/pack-contract.ts'
import { exportChoices, packKey, shownChoice } from './export-choice.ts'

const rule = (id: string, folder: string): RuleSummary => ({ id, folder }) as RuleSummary
const folder = (path: string, kind: RuleFolder['kind']): RuleFolder => ({ path, kind, rules: 1, failed: 0 })
const pack = (name: string): Pack => ({ id: name, name, folder: `/data/packs/${name}` }) as Pack
const RULES = [
  rule('a', '/data/rules'),
  rule('b', '/home/rules'),
  rule('c', '/data/packs/Web'),
  rule('d', '/app/rules'),
  rule('e', '/app/rules'),
]

describe('rules that can be exported', () => {
  it('are those of the desk, of each of its folders, of each pack, and the shipped ones', () => {
    const choices = exportChoices(
      RULES,
      [folder('/data/rules', 'own'), folder('/app/rules', 'shipped'), folder('/home/rules', 'added')],
      [pack('Web'), pack('empty')],
    )
    expect(choices.map(({ key, ids }) => [key, ids])).toEqual([
      ['own', ['a']],
      ['folder /home/rules', ['b']],
      [packKey('Web'), ['c']],
      ['shipped /app/rules', ['d', 'e']],
    ])
    expect(choices[2]?.pack?.name).toBe('Web')
  })
  it('are not offered where there is no rule', () => {
    expect(exportChoices([], [folder('/data/rules', 'own')], [pack('Web')])).toEqual([])
  })
  it('are those that the list shows', () => {
    expect(shownChoice(RULES.slice(0, 2)).ids).toEqual(['a', 'b'])
  })
})
