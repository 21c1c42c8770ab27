import { expect, it } from 'vitest'
import { TECHNIQUES, parentTechnique } from './techniques.ts'

it('has every technique with its tactics, and every sub-technique below one', () => {
  for (const { id, name, tactics } of TECHNIQUES.values()) {
    expect(id).toMatch(/^T\d{4}(\.\d{3})?$/)
    expect(name).not.toBe('')
    expect(tactics.length).toBeGreaterThan(0)
    expect(
      tactics.every((tactic) => /^TA00\d\d$/.test(tactic)),
      id,
    ).toBe(true)
    expect(TECHNIQUES.has(parentTechnique(id)), id).toBe(true)
  }
  expect(TECHNIQUES.get('T1059.001')).toEqual({ id: 'T1059.001', name: 'PowerShell', tactics: ['TA0002'] })
})
