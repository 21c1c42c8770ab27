/** Customers and assets as the main thread calls them: each method of `DeskAssets` by its name. */
import type { Result } from '../../../shared/model/result.ts'
import type { DeskAssets } from './desk-assets.ts'

const ASSET_CALLS = [
  'customers',
  'assets',
  'findings',
  'saveCustomers',
  'removeCustomer',
  'save',
  'remove',
  'observedTo',
  'setObservedTo',
] as const satisfies readonly (keyof DeskAssets)[]
export type AssetCall = (typeof ASSET_CALLS)[number]

/** A call crosses a thread, so its arguments and its answer are plain data. */
export type AssetStore = {
  readonly [K in AssetCall]: (...args: Parameters<DeskAssets[K]>) => Promise<Result<ReturnType<DeskAssets[K]>>>
}

/** Runs one call on the writer's side. */
export const answerAssets = (desk: DeskAssets, call: AssetCall, args: readonly unknown[]): unknown =>
  (desk[call] as (...args: unknown[]) => unknown).apply(desk, [...args])

export const assetStore = (ask: (call: AssetCall, args: readonly unknown[]) => Promise<Result<unknown>>): AssetStore =>
  Object.fromEntries(ASSET_CALLS.map((call) => [call, (...args: readonly unknown[]) => ask(call, args)])) as unknown as AssetStore
