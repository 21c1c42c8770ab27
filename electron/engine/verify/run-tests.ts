/** All tests over one case. */
import type { ImpactFinding, Verification } from '../../../shared/model/impact.ts'
import type { ImpactCase } from './case.ts'
import { byWeight, combine } from './combine.ts'
import type { Finding, ImpactTestDefinition } from './define.ts'

const MOST_FINDINGS = 64
const MOST_CITES = 32
const MOST_TEXT = 2000

export type Verified = Pick<Verification, 'result' | 'confidence' | 'reason' | 'findings' | 'looked'>

/** `failed`: told of a test that threw, which is a fault of the program; the others go on. */
export function runTests(
  tests: readonly ImpactTestDefinition[],
  of: ImpactCase,
  failed: (test: string, error: unknown) => void,
): Verified {
  const findings: ImpactFinding[] = []
  for (const test of tests) {
    let found: Finding | readonly Finding[] | null = null
    try {
      if (test.applies(of)) found = test.test(of)
    } catch (error) {
      failed(test.id, error)
    }
    for (const one of found === null ? [] : isMany(found) ? found : [found]) findings.push(finding(test, one))
  }
  findings.sort(byWeight)
  return {
    ...combine(findings, of.complete),
    findings: findings.slice(0, MOST_FINDINGS),
    looked: {
      events: of.own.length + of.flow.length + of.before.length + of.after.length,
      exchanges: of.exchanges.length,
      bytes: of.conversations.reduce((sum, { sent, answered }) => sum + sent.text.length + answered.text.length, 0),
      complete: of.complete,
    },
  }
}

const isMany = (found: Finding | readonly Finding[]): found is readonly Finding[] => Array.isArray(found)

const finding = ({ id, family }: ImpactTestDefinition, { result, confidence, reason, cites, bytes }: Finding): ImpactFinding => ({
  test: id,
  family,
  result,
  confidence,
  reason: { en: reason.en.slice(0, MOST_TEXT), ko: reason.ko.slice(0, MOST_TEXT) },
  cites: cites.slice(0, MOST_CITES),
  bytes: bytes ?? null,
})
