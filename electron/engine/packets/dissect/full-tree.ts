/** A packet's whole tree: by Wireshark's dissectors, or where they cannot, by the headers that this program reads itself. */
import type { PacketDetail } from '../../../../shared/model/capture.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import type { PacketBench } from '../bench/bench.ts'
import { ownTree } from './own-tree.ts'

const NOTES = { killed_slow: 'killed_slow', killed_memory: 'killed_memory', unavailable: 'unavailable', failed: 'failed', refused: 'failed' } as const // prettier-ignore

export async function fullTree(
  bench: PacketBench,
  { capture, packet }: { readonly capture: string; readonly packet: number },
  signal: AbortSignal,
): Promise<Result<PacketDetail>> {
  const thread = bench.thread(capture)
  if (!thread.ok) return thread
  const around = await thread.value.call('neighbourhood', { packet }, signal)
  if (!around.ok) return around
  const { packets, context, secrets } = around.value
  const detail = await bench.dissector.tree({ packets, secrets }, packet, context, { signal })
  if (detail.ok) return detail
  const { reason } = detail.error
  if (reason === 'cancelled') return fail({ code: 'cancelled', message: 'Cancelled.' })
  const target = packets.find(({ number }) => number === packet)
  if (target === undefined) return fail({ code: 'not_found', message: `There is no packet ${packet}.` })
  return ok(ownTree(target, NOTES[reason]))
}
