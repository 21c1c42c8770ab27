import { expect, test } from 'vitest'
import { VERDICTS } from '../../../../shared/model/alert.ts'
import { IMPACTS } from '../../../../shared/model/impact-result.ts'
import { reasonFits } from '../../../../shared/model/triage.ts'
import { usualReason } from './method.ts'

test('the reason that is offered is one of the verdict, whatever was found', () => {
  for (const verdict of VERDICTS)
    for (const impact of [null, ...IMPACTS])
      for (const family of [null, 'answer', 'target', 'next', 'others'] as const)
        expect(reasonFits(verdict, usualReason(verdict, impact, family))).toBe(true)
  expect(usualReason('tp_no_impact', 'blocked', 'others')).toBe('attempt_blocked')
  expect(usualReason('tp_impact', 'succeeded', 'next')).toBe('shown_by_host')
})
