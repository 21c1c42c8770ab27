/** How many open alerts each asset is an end of: counted over all of them at once, when somebody asks and some have changed. */
import type { Alert } from '../../../shared/model/alert.ts'
import type { Store } from '../store/types.ts'
import type { Directory } from './directory.ts'

const PAGE = 1000
/** Where there are more open alerts, what is counted are the most urgent. */
const MOST_PAGES = 20
/** Milliseconds for which a count is good enough. */
const FRESH = 2000

export class OpenAlerts {
  readonly #store: Store
  readonly #directory: Directory
  #counts: Promise<ReadonlyMap<string, number> | null> | null = null
  #at = 0
  #dirty = true
  readonly #remove: () => void

  constructor(store: Store, directory: Directory) {
    this.#store = store
    this.#directory = directory
    this.#remove = store.onAlertsChanged(() => (this.#dirty = true))
  }

  /** By asset; null where they could not be read. `assetsChanged`: an address may be another's now. */
  counts(assetsChanged: boolean): Promise<ReadonlyMap<string, number> | null> {
    const now = Date.now()
    if (this.#counts === null || assetsChanged || (this.#dirty && now - this.#at > FRESH)) {
      this.#at = now
      this.#dirty = false
      this.#counts = this.#count()
    }
    return this.#counts
  }

  async #count(): Promise<ReadonlyMap<string, number> | null> {
    const counts = new Map<string, number>()
    let after: string | null = null
    for (let page = 0; page < MOST_PAGES; page++) {
      const found: Awaited<ReturnType<Store['alerts']['search']>> = await this.#store.alerts.search(
        { where: '', states: ['open'], window: { from: null, to: null }, order: 'urgency', limit: PAGE, after },
        '',
        new AbortController().signal,
      )
      if (!found.ok) return null
      for (const alert of found.value.alerts)
        for (const id of endsOf(alert, this.#directory)) counts.set(id, (counts.get(id) ?? 0) + 1)
      after = found.value.after
      if (after === null) break
    }
    return counts
  }

  close(): void {
    this.#remove()
  }
}

/** Every asset that one of the alert's addresses or names belongs to. */
function endsOf(
  { source, destination, asset }: Pick<Alert, 'source' | 'destination' | 'asset'>,
  directory: Directory,
): Set<string> {
  const ids = new Set<string>()
  for (const address of [source.ip, destination.ip])
    if (address !== null) for (const { id } of directory.withAddress(address)) ids.add(id)
  for (const name of [source.name, destination.name, asset]) if (name) for (const { id } of directory.withName(name)) ids.add(id)
  return ids
}
