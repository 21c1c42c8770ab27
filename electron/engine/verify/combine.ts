/**
 * From what tests say to one result.
 *
 * 1. Bytes or records that show the success decide: one `succeeded` finding of 0.9 or more, or two of different families whose joint
 *    confidence is that high. What others say against it is kept beside it, and lowers the confidence by at most a tenth.
 * 2. Where nothing shows it, `likely` findings count together; they decide above 0.6, unless the answer itself shows a failure.
 * 3. `blocked` and `failed` are said only where nothing speaks for a success and all of the alert was seen: an attempt that nobody
 *    looked at may be the one that worked.
 * 4. Everything else is `attempted`.
 */
import type { Bilingual, Impact, ImpactFinding } from '../../../shared/model/impact.ts'

export interface Combined {
  readonly result: Impact
  readonly confidence: number
  readonly reason: Bilingual
}

const SURE = 0.9
const LIKELY = 0.6
const SURE_FAILURE = 0.8

const NOTHING: Bilingual = {
  en: 'Nothing that was seen tells whether it worked.',
  ko: '성공 여부를 알려 주는 자료가 없습니다.',
}
const INCOMPLETE: Bilingual = {
  en: 'What was looked at failed, but the alert has more than was looked at.',
  ko: '확인한 시도는 실패했으나 경보에 확인하지 않은 이벤트가 더 있습니다.',
}
const CONTRADICTED: Bilingual = {
  en: 'The evidence contradicts itself: one part speaks for a success, another against it.',
  ko: '증거가 서로 어긋납니다. 일부는 성공을, 일부는 실패를 가리킵니다.',
}

/** That at least one of independent findings is right. */
const joint = (findings: readonly ImpactFinding[]): number =>
  1 - findings.reduce((left, { confidence }) => left * (1 - confidence), 1)

const round = (confidence: number): number => Math.round(Math.min(0.99, confidence) * 100) / 100

/** The strongest first: what was shown before what is likely, then by confidence. */
export function byWeight(a: ImpactFinding, b: ImpactFinding): number {
  return RANK[a.result] - RANK[b.result] || b.confidence - a.confidence
}
const RANK: Readonly<Record<Impact, number>> = { succeeded: 0, likely: 1, blocked: 2, failed: 3, attempted: 4 }

/** `complete`: all events and exchanges of the alert were looked at. */
export function combine(findings: readonly ImpactFinding[], complete: boolean): Combined {
  const sorted = [...findings].sort(byWeight)
  const of = (...results: Impact[]): ImpactFinding[] => sorted.filter(({ result }) => results.includes(result))
  const succeeded = of('succeeded')
  const against = of('failed', 'blocked')
  const [shown] = succeeded
  if (shown !== undefined && (shown.confidence >= SURE || (families(succeeded) > 1 && joint(succeeded) >= SURE))) {
    const doubt = against.reduce((most, { confidence }) => Math.max(most, confidence), 0) / 10
    return { result: 'succeeded', confidence: round(joint(of('succeeded', 'likely')) - doubt), reason: shown.reason }
  }
  const speaks = of('succeeded', 'likely')
  const [best] = speaks
  const weight = joint(bestOfEachFamily(speaks))
  const denied = against.filter(({ confidence }) => confidence >= SURE_FAILURE)
  if (best !== undefined && weight >= LIKELY) {
    if (denied.some(({ family }) => family === 'answer'))
      return { result: 'attempted', confidence: round(0.5), reason: CONTRADICTED }
    const doubt = denied.length === 0 ? 0 : 0.15
    return { result: 'likely', confidence: round(weight - doubt), reason: best.reason }
  }
  const [first] = against
  if (first !== undefined && best === undefined) {
    if (!complete) return { result: 'attempted', confidence: round(0.5), reason: INCOMPLETE }
    const blocked = of('blocked')
    const result = blocked.length > 0 && blocked[0]!.confidence >= first.confidence ? 'blocked' : first.result
    const weightAgainst = joint(bestOfEachFamily(against))
    if (weightAgainst >= LIKELY) return { result, confidence: round(weightAgainst), reason: first.reason }
  }
  const [any] = sorted
  return { result: 'attempted', confidence: round(0.5), reason: any?.result === 'attempted' ? any.reason : NOTHING }
}

const families = (findings: readonly ImpactFinding[]): number => new Set(findings.map(({ family }) => family)).size

/** Findings of one family often rest on the same thing, and are counted once. */
function bestOfEachFamily(findings: readonly ImpactFinding[]): ImpactFinding[] {
  const best = new Map<string, ImpactFinding>()
  for (const finding of findings) {
    const known = best.get(finding.family)
    if (known === undefined || known.confidence < finding.confidence) best.set(finding.family, finding)
  }
  return [...best.values()]
}
