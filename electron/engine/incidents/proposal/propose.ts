/**
 * The route of an intrusion and its weaknesses, from verification and the inventory. The same material, in whatever order, gives the same
 * proposal; every sentence has what it rests on; a step is said to have worked only where verification or a record says so.
 */
import type { Bilingual, Cite } from '../../../../shared/model/impact.ts'
import { attemptsOf, gatherSteps, type RouteStep } from './gather-steps.ts'
import { entityOf, shownHost, type RouteHost } from './hosts.ts'
import type { Material, Proposal, ProposedEdge, ProposedEntity, ProposedSentence } from './material.ts'
import { routeSteps } from './registry.ts'
import { stableId } from './stable-id.ts'
import { both, endsOf, whenOf } from './sentence-words.ts'

const MOST_SENTENCES = 300
const MOST_CVES = 3

/** All at once. */
export function propose(material: Material): Proposal {
  const making = proposing(material)
  for (;;) {
    const { done, value } = making.next()
    if (done) return value
  }
}

/** Where others may have their turn, it yields. */
export function* proposing(material: Material): Generator<undefined, Proposal> {
  const { steps, kindOf } = yield* gatherSteps(material, routeSteps)
  const { numbers, held } = route(steps)
  const entities = new Map<string, ProposedEntity>()
  const edges: ProposedEdge[] = []
  const sentences: ProposedSentence[] = []
  const said = new Set<string>()
  const say = (
    section: ProposedSentence['section'],
    of: readonly string[],
    text: Bilingual,
    cites: readonly Cite[],
    more: Partial<Pick<ProposedSentence, 'step' | 'asset'>> = {},
  ): void => {
    const id = stableId('sentence', section, ...of)
    if (sentences.length >= MOST_SENTENCES || said.has(id)) return
    said.add(id)
    const place = sentences.length + 1
    sentences.push({ id, section, place, text: cut(text), cites: [...cites], evidence: [], step: null, asset: null, state: 'proposed', ...more }) // prettier-ignore
  }
  const told = steps.filter((step) => numbers.has(step) || !step.worked)
  const entry = steps.find((step) => numbers.get(step) === 1)
  const tried = new Set(steps.filter(({ worked }) => !worked).map(({ to }) => to))
  for (const step of steps) {
    yield
    const number = numbers.get(step) ?? null
    const { kind, from, to, worked } = step
    for (const host of [from, to]) {
      const role = roleOf(host, held, steps, numbers, tried)
      entities.set(host.id, entityOf(host, role))
    }
    edges.push({
      id: stableId('edge', kind.id, from.id, to.id, String(worked)),
      from: from.id,
      to: to.id,
      label: `${kind.name.en} · ${kind.name.ko}`,
      // What worked, but on a host that nobody is seen to have reached, is no part of the route.
      state: worked ? (number === null ? 'seen' : 'worked') : 'tried',
      step: number,
      time: step.first,
      cites: [...step.cites],
    })
  }
  for (const step of told) {
    yield
    const { kind, from, to, worked, finding, deciding } = step
    const number = numbers.get(step) ?? null
    const words = { from: shownHost(from), to: shownHost(to), user: step.user, title: deciding.title }
    const section = kind.section === 'left' && worked ? 'left' : step === entry || from.outside ? 'entry' : 'path'
    const what = worked ? kind.worked(words, step.tests) : kind.tried(words)
    say(
      section,
      [kind.id, from.id, to.id, String(worked)],
      both(`${whenOf(step)}, ${endsOf(from, to)}:`, what, worked ? (finding?.reason ?? null) : attemptsOf(step)),
      step.cites,
      { step: number },
    )
  }
  for (const [host, opened] of held) {
    yield
    // By the first step that shows more than what the host gave away, or by what came from it afterwards.
    const deed = steps.find((step) => numbers.has(step) && !onlyGave(step) && (step.to === host || step.from === host))
    const step = deed ?? opened
    const way = deed === undefined || deed.to === host ? step.kind.name : null
    say(
      'reached',
      [host.id],
      deed === undefined
        ? {
            en: `${shownHost(host)} gave data to the attacker at ${whenOf(step, true)}: ${step.kind.name.en.toLowerCase()}. That it was taken over is not shown.`,
            ko: `공격자에게 데이터를 내준 호스트입니다: ${shownHost(host)}, 시각 ${whenOf(step, true)}, 방법 ${step.kind.name.ko}. 장악되었다는 근거는 없습니다.`,
          }
        : {
            en: `${shownHost(host)} was reached ${way === null ? 'before' : 'at'} ${whenOf(step, true)}: ${(way ?? step.kind.name).en.toLowerCase()}.`,
            ko: `공격자가 도달한 호스트입니다: ${shownHost(host)}, 시각 ${whenOf(step, true)}${way === null ? ' 이전' : ''}, 방법 ${(way ?? step.kind.name).ko}.`,
          },
      step.cites,
      { step: numbers.get(step) ?? null },
    )
  }
  for (const step of steps) {
    yield
    if (!numbers.has(step)) continue
    const { kind, from, to } = step
    const host = kind.way === 'outward' ? from : to
    const words = { from: shownHost(from), to: shownHost(to), user: step.user, title: step.deciding.title }
    for (const { id, weakness, advice } of kind.weakness?.(words, step.tests) ?? []) {
      say('weakness', [host.id, id], weakness, step.cites, { asset: host.name })
      say('advice', [host.id, id], advice, step.cites, { asset: host.name })
    }
  }
  for (const host of held.keys()) knownWeaknesses(host, say)
  return {
    entities: [...entities.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    edges,
    sentences,
    groups: Object.fromEntries([...kindOf].sort().map(([id, { name }]) => [id, `${name.en} · ${name.ko}`])),
    occurred: steps[0]?.first ?? null,
  }
}

/** It shows what the host gave away, and nothing more. */
const onlyGave = ({ kind, tests }: RouteStep): boolean =>
  kind.onlyGives !== undefined && tests.size > 0 && [...tests].every((test) => kind.onlyGives?.includes(test))

/** Numbers the steps that the attacker could make: from outside, or from a host that was held by then. */
function route(steps: readonly RouteStep[]): {
  readonly numbers: ReadonlyMap<RouteStep, number>
  /** Hosts that the attacker had, with the step by which. */
  readonly held: ReadonlyMap<RouteHost, RouteStep>
} {
  const worked = steps.filter((step) => step.worked)
  const entered = worked.some(({ from, to, kind }) => from.outside && !to.outside && kind.holds)
  const numbers = new Map<RouteStep, number>()
  const held = new Map<RouteHost, RouteStep>()
  for (const step of worked) {
    const { kind, from, to } = step
    // Where no entry was seen, the first call home shows whom the attacker has.
    const begins = !entered && held.size === 0 && kind.way === 'outward'
    if (!(from.outside && kind.holds) && !held.has(from) && !begins) continue
    numbers.set(step, numbers.size + 1)
    if (begins) held.set(from, step)
    if (kind.holds && !to.outside && !held.has(to)) held.set(to, step)
  }
  return { numbers, held }
}

function roleOf(
  host: RouteHost,
  held: ReadonlyMap<RouteHost, RouteStep>,
  steps: readonly RouteStep[],
  numbers: ReadonlyMap<RouteStep, number>,
  tried: ReadonlySet<RouteHost>,
): ProposedEntity['role'] {
  if (held.has(host)) return 'target'
  if (!host.outside) return tried.has(host) ? 'target' : 'seen'
  if (steps.some((step) => step.from === host)) return 'attacker'
  return steps.some((step) => step.to === host && numbers.has(step)) ? 'staging' : 'seen'
}

/** Known exploited ones of a host that was reached: that one of them was used is not said. */
function knownWeaknesses(
  host: RouteHost,
  say: (section: 'weakness' | 'advice', of: string[], text: Bilingual, cites: Cite[], more: { asset: string }) => void,
): void {
  const { known } = host
  if (known === null) return
  for (const { cve, score, epss, remedy } of known.weaknesses.filter(({ exploited }) => exploited).slice(0, MOST_CVES)) {
    const cites: Cite[] = [{ kind: 'asset', asset: known.asset, row: cve }]
    const figures = [score === null ? null : `CVSS ${score}`, 'CISA KEV', epss === null ? null : `EPSS ${epss}`]
      .filter((one) => one !== null)
      .join(', ')
    say(
      'weakness',
      [host.id, cve],
      {
        en: `The inventory has ${cve} (${figures}), which is known to be exploited. That it was used here is not shown.`,
        ko: `자산 목록에 실제 악용이 알려진 취약점이 있습니다: ${cve} (${figures}). 이번 침입에 사용되었다는 근거는 없습니다.`,
      },
      cites,
      { asset: host.name },
    )
    say(
      'advice',
      [host.id, cve],
      {
        en: `Close ${cve}${remedy === '' ? ' by an update' : `: ${remedy.slice(0, 500)}`}.`,
        ko: `취약점을 조치하십시오: ${cve}${remedy === '' ? ' (업데이트)' : ` (${remedy.slice(0, 500)})`}`,
      },
      cites,
      { asset: host.name },
    )
  }
}

const cut = ({ en, ko }: Bilingual): Bilingual => ({ en: en.slice(0, 4000).toWellFormed(), ko: ko.slice(0, 4000).toWellFormed() })
