/** Every impact test's examples, and what every test must have. */
import { describe, expect, it } from 'vitest'
import { makeCase } from './made-case.ts'
import { impactTests } from './registry.ts'
import { ImpactFinding } from '../../../shared/model/impact.ts'
import { runTests } from './run-tests.ts'

describe('impact tests', () => {
  for (const test of impactTests)
    describe(test.id, () => {
      it('says what it is in both languages, with a source', () => {
        expect(test.title.en).not.toBe(test.title.ko)
        expect(test.reasoning.en).not.toBe(test.reasoning.ko)
        expect(test.reasoning.ko).toMatch(/[가-힣]/)
        expect(test.spec).toMatch(/^https:\/\//)
        expect(test.examples.some(({ expect: result }) => result !== null)).toBe(true)
        expect(test.examples.some(({ expect: result }) => result === null)).toBe(true)
      })
      for (const example of test.examples)
        it(`${example.expect ?? 'says nothing'}: ${example.name}`, () => {
          const of = makeCase(example.of)
          const errors: unknown[] = []
          const { findings } = runTests([test], of, (_, error) => errors.push(error))
          expect(errors).toEqual([])
          expect(findings[0]?.result ?? null).toBe(example.expect)
          for (const finding of findings) {
            ImpactFinding.parse(finding)
            expect(finding.reason.ko).toMatch(/[가-힣]/)
            expect(finding.cites.length).toBeGreaterThan(0)
          }
        })
    })
})
