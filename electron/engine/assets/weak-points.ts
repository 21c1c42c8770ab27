/**
 * What is known of the weaknesses of each asset: what the catalogue says of its products, and what scanners found. Assets with the same
 * software share one answer of the catalogue. Asked in the background, one asset after the other, and again when either changes.
 */
import type { WeaknessCounts } from '../../../shared/asset-contract.ts'
import type { Asset, AssetFinding, Exposure, Weakness } from '../../../shared/model/asset.ts'
import { severityRank, type Severity } from '../../../shared/model/severity.ts'
import type { AssetWorker } from './catalogue/asset-worker.ts'
import type { CveDetail, Match, WantedProduct } from './catalogue/catalogue.ts'
import { formatCpe } from './cpe/cpe-name.ts'
import { cpeOfSoftware } from './cpe/product-text.ts'
import { severityOfScore } from './reading/values.ts'

/** Sets of software whose answers are kept. */
const MOST_SETS = 5000
const NONE: WeaknessCounts = { critical: 0, high: 0, medium: 0, low: 0, info: 0, exploited: 0 }

interface Products {
  readonly key: string
  readonly wanted: readonly WantedProduct[]
  /** Places in the asset's services; null is the operating system. */
  readonly services: readonly (number | null)[]
}

export interface ExposureAnswer {
  readonly state: Exposure
  /** What says so. */
  readonly rows: readonly Weakness[]
}

export class WeakPoints {
  readonly #worker: AssetWorker
  readonly #changed: () => void
  readonly #sets = new Map<string, readonly Match[]>()
  readonly #details = new Map<string, CveDetail>()
  readonly #findings = new Map<string, Map<string, AssetFinding>>()
  readonly #counted = new Map<string, WeaknessCounts>()
  /** Assets whose answer is wanted, and not there. */
  readonly #waiting = new Map<string, Asset>()
  #working: Promise<void> | null = null
  #closed = false
  /** Counts the catalogue's changes. */
  #catalogue = 0

  constructor(worker: AssetWorker, changed: () => void) {
    this.#worker = worker
    this.#changed = changed
  }

  get waiting(): number {
    return this.#waiting.size
  }

  addFindings(findings: readonly AssetFinding[]): void {
    for (const finding of findings) {
      const of = this.#findings.get(finding.asset) ?? new Map<string, AssetFinding>()
      of.set(findingKey(finding), finding)
      this.#findings.set(finding.asset, of)
      this.#counted.delete(finding.asset)
    }
  }
  finding(asset: string, key: Parameters<typeof findingKey>[0]): AssetFinding | undefined {
    return this.#findings.get(asset)?.get(findingKey(key))
  }
  drop(asset: string): void {
    this.#findings.delete(asset)
    this.#counted.delete(asset)
    this.#waiting.delete(asset)
  }

  /** Its services, its operating system or its findings are others. */
  look(asset: Asset): void {
    this.#counted.delete(asset.id)
    const { key, wanted } = productsOf(asset)
    const findings = this.#findings.get(asset.id)
    const unknown = findings && [...findings.values()].some(({ cve }) => !this.#details.has(cve))
    if ((wanted.length > 0 && !this.#sets.has(key)) || unknown === true) this.#waiting.set(asset.id, asset)
    else this.#waiting.delete(asset.id)
    this.#begin()
  }

  /** The catalogue is another. */
  lookAgain(assets: Iterable<Asset>): void {
    this.#catalogue++
    this.#sets.clear()
    this.#details.clear()
    for (const asset of assets) this.look(asset)
  }

  /** When nothing is waited for. */
  async settled(): Promise<void> {
    while (this.#working) await this.#working
  }
  close(): Promise<void> {
    this.#closed = true
    return this.settled()
  }

  #begin(): void {
    if (this.#working || this.#closed || this.#waiting.size === 0) return
    this.#working = this.#work().finally(() => {
      this.#working = null
      this.#changed()
      this.#begin()
    })
  }

  async #work(): Promise<void> {
    // What was changed in the same turn is looked at together.
    await new Promise<void>((resolve) => setImmediate(resolve))
    for (const [id, asset] of this.#waiting) {
      if (this.#closed) return
      // What comes back of a catalogue that is another meanwhile counts for nothing: it stays waiting.
      const catalogue = this.#catalogue
      const { key, wanted } = productsOf(asset)
      if (wanted.length > 0 && !this.#sets.has(key)) {
        const answer = await this.#worker.match(wanted)
        if (answer.ok && catalogue === this.#catalogue) {
          if (this.#sets.size >= MOST_SETS) this.#sets.delete(this.#sets.keys().next().value!)
          this.#sets.set(key, answer.value.matches)
          for (const detail of answer.value.details) this.#details.set(detail.cve, detail)
        }
      }
      const cves = [...(this.#findings.get(id)?.values() ?? [])].map(({ cve }) => cve).filter((cve) => !this.#details.has(cve))
      if (cves.length > 0) {
        const answer = await this.#worker.describe([...new Set(cves)])
        if (answer.ok && catalogue === this.#catalogue) for (const detail of answer.value) this.#details.set(detail.cve, detail)
      }
      this.#counted.delete(id)
      if (this.#waiting.get(id) === asset && catalogue === this.#catalogue) this.#waiting.delete(id)
    }
  }

  /** All of an asset, of every state: the known exploited first, then by score. */
  of(asset: Asset): Weakness[] {
    return this.#list(asset, null).sort(byUrgency)
  }

  exposed(asset: Asset, cve: string): ExposureAnswer {
    const rows = this.#list(asset, cve.toUpperCase())
    const standing = rows.filter(({ state }) => state === 'affected')
    if (standing.length > 0) return { state: 'exposed', rows: standing }
    // Something that may be affected is not excused by another service that is not.
    if (rows.length === 0 || rows.some(({ state }) => state === 'under_investigation')) return { state: 'unknown', rows }
    return { state: rows.some(({ state }) => state === 'fixed') ? 'fixed' : 'not_affected', rows }
  }

  counts(asset: Asset): WeaknessCounts {
    let counts = this.#counted.get(asset.id)
    if (counts === undefined) {
      const sum = { ...NONE }
      const seen = new Set<string>()
      for (const { cve, severity, exploited, state } of this.#list(asset, null)) {
        if ((state !== 'affected' && state !== 'under_investigation') || seen.has(cve)) continue
        seen.add(cve)
        sum[severity]++
        if (exploited) sum.exploited++
      }
      this.#counted.set(asset.id, (counts = sum))
    }
    return counts
  }

  #list(asset: Asset, cve: string | null): Weakness[] {
    const { key, services } = productsOf(asset)
    const rows: Weakness[] = []
    for (const match of this.#sets.get(key) ?? []) {
      if (cve !== null && match.cve !== cve) continue
      const detail = this.#details.get(match.cve)
      rows.push({
        ...shown(match.cve, detail, null, null, ''),
        state: match.state,
        how: match.how,
        detail: match.detail,
        source: match.source,
        remedy: match.remedy,
        service: services[match.product] ?? null,
      })
    }
    for (const finding of this.#findings.get(asset.id)?.values() ?? []) {
      if (cve !== null && finding.cve !== cve) continue
      const service = asset.services.findIndex(
        ({ port, transport }) => finding.port !== null && port === finding.port && transport === finding.transport,
      )
      rows.push({
        ...shown(finding.cve, this.#details.get(finding.cve), finding.score, finding.severity, finding.title),
        state: 'affected',
        how: 'scanner',
        detail: finding.title,
        source: finding.source,
        remedy: finding.solution,
        service: service < 0 ? null : service,
      })
    }
    return rows
  }
}

function shown(cve: string, detail: CveDetail | undefined, score: number | null, severity: Severity | null, title: string) {
  const best = detail?.score ?? score
  return {
    cve,
    score: best,
    vector: detail?.vector ?? '',
    severity: detail && detail.score !== null ? detail.severity : (severity ?? (best === null ? 'info' : severityOfScore(best))),
    title: detail?.title || title,
    exploited: detail?.exploited ?? null,
    epss: detail?.epss ?? null,
  }
}

const byUrgency = (a: Weakness, b: Weakness): number =>
  Number(b.exploited !== null) - Number(a.exploited !== null) ||
  (b.score ?? -1) - (a.score ?? -1) ||
  severityRank(b.severity) - severityRank(a.severity) ||
  (a.cve < b.cve ? 1 : a.cve > b.cve ? -1 : 0)

const findingKey = ({ cve, port, transport }: Pick<AssetFinding, 'cve' | 'port' | 'transport'>): string =>
  `${cve} ${port ?? '-'} ${transport}`

const known = new WeakMap<Asset, Products>()
/** What can be looked for of an asset. */
export function productsOf(asset: Asset): Products {
  let products = known.get(asset)
  if (products) return products
  const wanted: WantedProduct[] = []
  const services: (number | null)[] = []
  const add = (software: Parameters<typeof cpeOfSoftware>[0], service: number | null): void => {
    const found = cpeOfSoftware(software)
    if (!found) return
    wanted.push({ cpe: formatCpe(found.cpe), how: found.how })
    services.push(service)
  }
  for (const [at, service] of asset.services.entries()) add(service, at)
  add({ product: asset.os || asset.seen.os, version: '', cpe: null }, null)
  products = { key: JSON.stringify(wanted.map(({ cpe, how }) => [cpe, how])), wanted, services }
  known.set(asset, products)
  return products
}
