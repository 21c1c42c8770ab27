/** Alerts of one kind between the same hosts are one step: what worked, apart from what was only tried. */
import type { Bilingual, Cite } from '../../../../shared/model/impact.ts'
import type { RouteStepDefinition } from './define.ts'
import { RouteHosts, type RouteHost } from './hosts.ts'
import type { Material, MaterialAlert } from './material.ts'

export interface RouteStep {
  readonly kind: RouteStepDefinition
  readonly from: RouteHost
  readonly to: RouteHost
  readonly worked: boolean
  /** The one whose time and finding are told. */
  readonly deciding: MaterialAlert
  readonly finding: Finding | null
  /** In order of time. */
  readonly alerts: readonly MaterialAlert[]
  /** Impact tests that say it worked. */
  readonly tests: ReadonlySet<string>
  readonly user: string | null
  /** The deciding alert and what its finding cites first. */
  readonly cites: readonly Cite[]
  /** Of what worked, or of all that was tried. */
  readonly first: string
  readonly last: string
}
type Finding = NonNullable<MaterialAlert['verification']>['findings'][number]

interface Placed {
  readonly kind: RouteStepDefinition
  readonly alert: MaterialAlert
  readonly from: RouteHost | null
  readonly to: RouteHost | null
  readonly self: RouteHost
  readonly worked: boolean
}

const RESULTS = { succeeded: 2, likely: 1 } as const
const isWorked = (result: string): result is keyof typeof RESULTS => result in RESULTS

/** The finding by which it worked, the strongest. */
export function workedBy(kind: RouteStepDefinition, { verification }: MaterialAlert): Finding | null {
  if (verification === null || kind.onlyLooks || (kind.proof === undefined && !isWorked(verification.result))) return null
  const found = verification.findings
    .filter(({ result, test }) => isWorked(result) && (kind.proof?.includes(test) ?? true))
    .sort((a, b) => rank(b) - rank(a) || b.confidence - a.confidence || (a.test < b.test ? -1 : a.test > b.test ? 1 : 0))
  return found[0] ?? null
}
const rank = ({ result }: Finding): number => (isWorked(result) ? RESULTS[result] : 0)
const span = ({ first, last }: MaterialAlert): number => Date.parse(last) - Date.parse(first)
export const byTime = (a: MaterialAlert, b: MaterialAlert): number =>
  a.first < b.first ? -1 : a.first > b.first ? 1 : Number(a.id) - Number(b.id)

export function* gatherSteps(
  material: Material,
  kinds: readonly RouteStepDefinition[],
): Generator<undefined, { readonly steps: readonly RouteStep[]; readonly kindOf: ReadonlyMap<string, RouteStepDefinition> }> {
  const hosts = new RouteHosts(material)
  const kindOf = new Map<string, RouteStepDefinition>()
  const placed: Placed[] = []
  const scenarios: Placed[] = []
  for (const alert of [...material.alerts].sort(byTime)) {
    yield
    const ends = [hosts.at(alert.source), hosts.at(alert.destination)] as const
    const asset = hosts.named(alert.asset)
    const outside = ends[0] !== null && ends[0] !== asset ? ends[0].outside : (ends[1]?.outside ?? false)
    const kind = kinds.find((one) => one.fits(alert, { outside }))
    const self = asset ?? ends[1] ?? ends[0]
    if (kind === undefined || self === null) continue
    // A scenario of several steps at once has no place among them.
    if (alert.kind === 'scn') {
      const techniques = alert.attack.filter((id) => /^T\d/.test(id))
      const attack = techniques.length > 0 ? techniques : alert.attack
      if (kinds.some(({ way, fits }) => way !== kind.way && fits({ attack }, { outside }))) continue
    }
    kindOf.set(alert.id, kind)
    const other = ends.find((end) => end !== null && end !== self) ?? null
    const worked = workedBy(kind, alert) !== null || (!kind.onlyLooks && kind.recordShows?.(alert) === true)
    // Outward from the inner end, whichever of them the alert calls its asset.
    const inner = kind.way === 'outward' && self.outside && other !== null && !other.outside ? other : self
    const outer = inner === self ? other : self
    ;(alert.kind === 'scn' ? scenarios : placed).push({
      kind, alert, worked, self: inner,
      from: kind.way === 'local' ? inner : kind.way === 'inward' ? outer : inner,
      to: kind.way === 'outward' ? outer : inner,
    }) // prettier-ignore
  }
  // Its events mostly have alerts of their own, which say more.
  const tells = (one: Placed, of: Placed): boolean =>
    one.kind === of.kind &&
    one.self === of.self &&
    (of.from === null || one.from === of.from) &&
    (of.to === null || one.to === of.to)
  for (const scenario of scenarios)
    if (!placed.some((one) => one.alert.kind !== 'scn' && tells(one, scenario))) placed.push(scenario)
  placed.sort((a, b) => byTime(a.alert, b.alert))
  const groups = new Map<string, Placed[]>()
  const keyOf = (kind: string, from: string, to: string, worked: boolean): string => `${kind} ${from} ${to} ${worked}`
  const whole = placed.filter(({ from, to }) => from !== null && to !== null)
  for (const one of whole) push(groups, keyOf(one.kind.id, one.from?.id ?? '', one.to?.id ?? '', one.worked), one)
  // What does not know the other end belongs to what does, of the same kind on the same host.
  for (const one of placed) {
    if (one.from !== null && one.to !== null) continue
    yield
    const home = [...groups.values()]
      .filter(([head]) => head?.kind === one.kind && head.self === one.self && (head.worked || !one.worked))
      .sort(([a], [b]) => Number(b?.worked) - Number(a?.worked) || (a && b ? byTime(a.alert, b.alert) : 0))[0]
    if (home) home.push(one)
    else push(groups, keyOf(one.kind.id, one.self.id, one.self.id, one.worked), one)
  }
  for (const [key, group] of [...groups]) {
    const [head] = group
    if (head === undefined || head.worked || head.kind.apart) continue
    const proved = groups.get(key.replace(/false$/, 'true'))
    if (proved === undefined) continue
    const unknown = group.filter(({ alert }) => !['failed', 'blocked'].includes(alert.verification?.result ?? ''))
    proved.push(...unknown)
    const rest = group.filter((one) => !unknown.includes(one))
    if (rest.length === 0) groups.delete(key)
    else groups.set(key, rest)
  }
  const steps: RouteStep[] = []
  for (const group of groups.values()) {
    yield
    const head = group[0]!
    const { kind, from, to, self, worked } = head
    const alerts = group.map(({ alert }) => alert).sort(byTime)
    const strength = (alert: MaterialAlert): number => {
      const finding = workedBy(kind, alert)
      return finding === null ? (kind.recordShows?.(alert) ? 0.5 : 0) : rank(finding) + finding.confidence
    }
    const deciding = [...alerts].sort((a, b) => strength(b) - strength(a) || span(a) - span(b) || byTime(a, b))[0] ?? head.alert
    const finding = worked ? workedBy(kind, deciding) : null
    const counting = worked ? alerts.filter((alert) => strength(alert) > 0) : alerts
    const step = {
      kind, worked, deciding, finding, alerts,
      from: from ?? self,
      to: to ?? self,
      tests: new Set(alerts.flatMap((alert) => (workedBy(kind, alert) ? testsOf(alert) : []))),
      user: alerts.find(({ login }) => login?.accepted)?.login?.user ?? null,
      first: (counting[0] ?? deciding).first,
      last: lastOf(counting) ?? deciding.last,
    } // prettier-ignore
    steps.push({ ...step, cites: citesOf(step) })
  }
  return {
    kindOf,
    steps: steps.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : a.kind.order - b.kind.order || (a.deciding.id < b.deciding.id ? -1 : 1))),
  } // prettier-ignore
}

const testsOf = ({ verification }: MaterialAlert): string[] =>
  (verification?.findings ?? []).filter(({ result }) => isWorked(result)).map(({ test }) => test)

function push<T>(groups: Map<string, T[]>, key: string, one: T): void {
  const group = groups.get(key)
  if (group) group.push(one)
  else groups.set(key, [one])
}

const lastOf = (alerts: readonly MaterialAlert[]): string | null =>
  alerts.reduce<string | null>((latest, { last }) => (latest === null || last > latest ? last : latest), null)

const MOST_CITES = 32
/** What a step rests on: the deciding alert and what its finding cites first. */
function citesOf({ worked, deciding, finding, alerts, first, last }: Omit<RouteStep, 'cites'>): Cite[] {
  const cites: Cite[] = [
    { kind: 'alert', alert: deciding.id },
    // Whose times are told.
    ...alerts
      .filter((alert) => alert.first === first || alert.last === last)
      .slice(0, 4)
      .map(({ id }): Cite => ({ kind: 'alert', alert: id })),
    ...(finding?.cites ?? []),
    ...(worked ? [] : alerts.flatMap(({ verification }) => failing(verification)?.cites.slice(0, MOST_OF_ATTEMPT) ?? [])),
    ...alerts.flatMap(({ login }): Cite[] => (login ? [{ kind: 'event', event: login.event }] : [])),
    ...alerts.map(({ id }): Cite => ({ kind: 'alert', alert: id })),
  ]
  const seen = new Map<string, Cite>()
  for (const cite of cites) {
    if (seen.size >= MOST_CITES) break
    const key = JSON.stringify(cite)
    if (!seen.has(key)) seen.set(key, cite)
  }
  return [...seen.values()]
}

/** Of what was only tried: each alert's title with what verification says of it, the first few. */
export function attemptsOf({ alerts }: RouteStep): Bilingual {
  const told = new Map<string, Bilingual | null>()
  for (const { title, verification } of alerts) {
    if (told.has(title)) continue
    told.set(title, failing(verification)?.reason ?? null)
  }
  const shown = [...told].slice(0, MOST_ATTEMPTS)
  const more = told.size - shown.length
  const list = (language: 'en' | 'ko'): string =>
    shown.map(([title, why]) => (why === null ? title : `${title} (${why[language].replace(/[.]$/, '')})`)).join('; ')
  return {
    en: `${list('en')}${more > 0 ? `; and ${more} more` : ''}`,
    ko: `${list('ko')}${more > 0 ? ` 외 ${more}건` : ''}`,
  }
}
const MOST_ATTEMPTS = 3
const MOST_OF_ATTEMPT = 4
/** What says that it did not work, or that nothing tells. */
const failing = (verification: MaterialAlert['verification']): Finding | undefined =>
  verification?.findings.find(({ result }) => !isWorked(result))
