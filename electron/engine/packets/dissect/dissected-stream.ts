/** A followed stream that the dissectors must read: HTTP with its compression undone, TLS with its encryption. */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import type { StreamPiece } from '../../../../shared/model/capture.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { reasonOf } from '../../ingest/read-problem.ts'
import type { PacketBench } from '../bench/bench.ts'
import type { Followed } from './requests.ts'

interface StreamInput {
  readonly capture: string
  readonly flow: number
  readonly as: 'http' | 'tls'
}

async function followed(
  bench: PacketBench,
  { capture, flow, as }: StreamInput,
  signal: AbortSignal,
): Promise<Result<Followed & { readonly client0: boolean }>> {
  const thread = bench.thread(capture)
  if (!thread.ok) return thread
  const row = await thread.value.call('flow', { packet: null, flow }, signal)
  if (!row.ok) return row
  const slice = await thread.value.call('flowPackets', { flow }, signal)
  if (!slice.ok) return slice
  const { packets, secrets } = slice.value
  const first = packets[0]
  if (first === undefined) return fail({ code: 'not_found', message: `There is no flow ${flow}.` })
  const answer = await bench.filterDissector.follow({ packets, secrets }, as, first.number, { signal })
  if (!answer.ok) {
    const { reason, message } = answer.error
    if (reason === 'cancelled') return fail({ code: 'cancelled', message: 'Cancelled.' })
    return fail({ code: 'unsupported_format', message: `The full dissection of the stream failed: ${message}` })
  }
  const { client } = row.value
  return ok({ ...answer.value, client0: answer.value.client.ip === client.ip && answer.value.client.port === client.port })
}

const text = ({ ip, port }: { readonly ip: string; readonly port: number }): string =>
  ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`

export async function dissectedStream(
  bench: PacketBench,
  input: StreamInput & { readonly from: number; readonly bytes: number },
  signal: AbortSignal,
): Promise<
  Result<{ client: string; server: string; pieces: StreamPiece[]; clientBytes: number; serverBytes: number; next: number | null }>
> {
  const found = await followed(bench, input, signal)
  if (!found.ok) return found
  const { pieces, client, server, client0 } = found.value
  const totals: [number, number] = [0, 0]
  const out: StreamPiece[] = []
  const end = input.from + input.bytes
  let position = 0
  for (const { direction, packet, bytes } of pieces) {
    const own = client0 ? direction : direction === 0 ? 1 : 0
    totals[own] += bytes.length
    const begin = Math.max(0, input.from - position)
    const stop = Math.min(bytes.length, end - position)
    position += bytes.length
    if (begin < stop)
      out.push({ direction: own, packet, bytes: Buffer.from(bytes.subarray(begin, stop)).toString('base64'), missing: 0 })
  }
  return ok({
    client: text(client0 ? client : server),
    server: text(client0 ? server : client),
    pieces: out,
    clientBytes: totals[0],
    serverBytes: totals[1],
    next: position > end ? end : null,
  })
}

export async function saveDissected(
  bench: PacketBench,
  input: StreamInput & { readonly direction: 0 | 1 | null; readonly path: string },
  signal: AbortSignal,
): Promise<Result<{ path: string; bytes: number; sha256: string }>> {
  const found = await followed(bench, input, signal)
  if (!found.ok) return found
  const { pieces, client0 } = found.value
  const wanted = pieces.filter(
    ({ direction }) => input.direction === null || (client0 ? direction : direction === 0 ? 1 : 0) === input.direction,
  )
  const bytes = Buffer.concat(wanted.map((piece) => piece.bytes))
  try {
    writeFileSync(input.path, bytes, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    return fail({ code: 'invalid_input', message: reasonOf(error), path: 'path' })
  }
  return ok({ path: input.path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') })
}
