/** Customers, assets, weaknesses (contract areas `customers` and `assets`). */
import type { assetContract } from '../../../shared/asset-contract.ts'
import type { WatchfloorContract } from '../../../shared/contract.ts'
import { ok } from '../../../shared/model/result.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import type { AssetViews } from '../assets/asset-views.ts'
import type { Assets } from '../assets/assets.ts'
import { importAssets } from '../assets/import-assets.ts'
import { inventories } from '../assets/inventories/registry.ts'
import { vulnerabilityFormats } from '../assets/vulnerabilities/registry.ts'
import { Changes } from './changes.ts'
import { latest } from './latest.ts'

/** Four deltas a second. */
const GAP_MS = 250

export function assetHandlers(
  assets: Assets,
  views: AssetViews,
): Pick<HandlersOf<WatchfloorContract>, keyof typeof assetContract> {
  return {
    async 'customers.list'() {
      const counts = new Map<string, number>()
      for (const { customer } of assets.directory.all())
        if (customer !== null) counts.set(customer, (counts.get(customer) ?? 0) + 1)
      return ok({ customers: assets.customers.map((customer) => ({ ...customer, assets: counts.get(customer.id) ?? 0 })) })
    },
    'customers.save': (input) => assets.saveCustomer(input),
    async 'customers.remove'({ id }) {
      const done = await assets.removeCustomer(id)
      return done.ok ? ok({}) : done
    },
    'assets.list': (input) => views.list(input),
    'assets.get': ({ id }) => views.get(id),
    'assets.incidents': (input, { signal }) => views.incidents(input, signal),
    'assets.save': (input) => assets.save(input),
    async 'assets.remove'({ ids }) {
      const done = await assets.remove(ids)
      return done.ok ? ok({}) : done
    },
    async 'assets.weaknesses'(input) {
      return views.weaknesses(input)
    },
    'assets.talkers': (input, { signal }) => views.talkers(input, signal),
    'assets.baseline': (input, { signal }) => views.baseline(input, signal),
    'assets.import': (input, emit, { signal }) => importAssets(assets, input, latest(emit), signal),
    async 'assets.formats'() {
      const said = (kind: 'inventory' | 'vulnerabilities') => (format: Record<'id' | 'title' | 'spec' | 'doc', string>) => ({
        id: format.id,
        kind,
        title: format.title,
        spec: format.spec,
        doc: format.doc,
      })
      return ok({ formats: [...inventories.map(said('inventory')), ...vulnerabilityFormats.map(said('vulnerabilities'))] })
    },
    async 'assets.counts'() {
      const catalogue = await assets.worker.counts()
      if (!catalogue.ok) return catalogue
      const weaknesses = { critical: 0, high: 0, medium: 0, low: 0, info: 0, exploited: 0 }
      for (const asset of assets.directory.all()) {
        const counts = assets.weaknessCounts(asset)
        for (const key of Object.keys(weaknesses) as (keyof typeof weaknesses)[]) weaknesses[key] += counts[key]
      }
      const { size, observed } = assets.directory
      return ok({
        customers: assets.customers.length,
        registered: size - observed,
        observed,
        weaknesses,
        catalogue: catalogue.value,
        waiting: assets.weak.waiting,
      })
    },
    async 'assets.watch'(_input, emit, { signal }) {
      const changes = new Changes(GAP_MS)
      const remove = assets.onChange(() => changes.mark())
      changes.mark()
      try {
        while (await changes.next(signal)) await emit({ revision: assets.revision, waiting: assets.weak.waiting })
      } finally {
        remove()
      }
      return ok(undefined)
    },
  }
}
