/** What verification asks of the desk: its captures, and its inventory. */
import type { Assets } from '../assets/assets.ts'
import { Inventory } from './gather/inventory.ts'
import type { ReadsStreams } from './gather/streams.ts'
import type { DeskKnows } from './thread/verify-thread.ts'

/** `assets` null: there is no inventory. */
export function deskKnows(streams: ReadsStreams, assets: Assets | null): DeskKnows {
  const inventory = assets === null ? null : new Inventory(assets)
  return {
    conversation: ({ asked, origin }, signal) => streams.conversation(asked, origin, signal),
    asset: ({ end, cves, time }) => inventory?.asset(end, cves, time) ?? null,
    isOurs: (ip) => inventory?.isOurs(ip) ?? false,
    get revision() {
      return assets?.revision ?? 0
    },
  }
}
