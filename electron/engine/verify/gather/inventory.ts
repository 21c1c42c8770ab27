/** What the inventory says of an alert's target, as tests read it. */
import type { AssetAnswer, Assets } from '../../assets/assets.ts'
import type { CaseAsset, CaseEnd, CaseWeakness } from '../case.ts'

/** Weaknesses that the alert does not name and are of use beside those it does. */
const MOST_WEAKNESSES = 50

export class Inventory {
  readonly #assets: Assets

  constructor(assets: Assets) {
    this.#assets = assets
  }

  /** By address where there is one, else by name. Null where the inventory says nothing. `time` in microseconds. */
  asset({ ip, name }: CaseEnd, cves: readonly string[], time: number): CaseAsset | null {
    const found =
      (ip === null ? null : this.#assets.byAddress(ip, time)) ?? (name === null ? null : this.#assets.byName(name, time))
    return found === null ? null : this.#caseAsset(found, cves)
  }

  isOurs(ip: string): boolean {
    return this.#assets.isOurs(ip)
  }

  #caseAsset({ asset, services, weaknesses }: AssetAnswer, cves: readonly string[]): CaseAsset {
    const named = cves.map((cve): CaseWeakness => ({ cve, state: this.#assets.exposed(asset.id, cve).state, row: cve }))
    const others = weaknesses
      .filter(({ cve }) => !cves.includes(cve))
      .slice(0, MOST_WEAKNESSES)
      .map(({ cve, state }): CaseWeakness => ({
        cve,
        state: state === 'affected' ? 'exposed' : state === 'under_investigation' ? 'unknown' : state,
        row: cve,
      }))
    return {
      id: asset.id,
      name: asset.name,
      os: asset.os || asset.seen.os,
      criticality: asset.criticality,
      registered: !asset.observed,
      services: services.map(({ port, transport, name, product, version, observed }, i) => ({
        port,
        transport,
        name,
        product,
        version,
        observed,
        row: `services[${i}]`,
      })),
      weaknesses: [...named, ...others],
    }
  }
}
