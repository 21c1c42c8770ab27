/** The packets that somebody marked, one after the other: the engine tells the next behind one. */
import type { WatchfloorClient } from '../../../../client/types.ts'
import type { WatchfloorError } from '../../../../../shared/model/result.ts'
import { fail, ok, type Result } from '../../../../../shared/model/result.ts'

/** Most that are gathered for a carving. */
export const MARKED_LIMIT = 10_000

export async function markedPackets(
  client: WatchfloorClient,
  capture: string,
  signal: AbortSignal,
): Promise<Result<{ readonly packets: readonly number[]; readonly more: boolean }, WatchfloorError>> {
  const packets: number[] = []
  for (let after = 0; packets.length < MARKED_LIMIT;) {
    const found = await client.query('packets.nextMark', { capture, after }, { signal })
    if (!found.ok) return fail(found.error)
    const { packet } = found.value
    // An answer that does not go on would be asked for without end.
    if (packet === null || packet <= after) return ok({ packets, more: false })
    packets.push(packet)
    after = packet
  }
  return ok({ packets, more: true })
}
