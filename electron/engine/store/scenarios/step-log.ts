/** Matches of step rules of one batch as they lie in its partition. */
import { Buffer } from 'node:buffer'
import { z } from 'zod'
import type { StepEvents } from '../batch.ts'
import { shrink, unpack } from '../compress.ts'

const Party = z.object({ ip: z.string().nullable(), port: z.number().nullable(), name: z.string().nullable() })
const Steps = z.array(
  z.object({
    rule: z.string(),
    fields: z.array(z.string()),
    events: z.array(
      z.object({
        row: z.number(),
        time: z.number(),
        values: z.array(z.union([z.string(), z.array(z.string()), z.null()])),
        parties: z.object({ source: Party, destination: Party, asset: z.string(), user: z.string().nullable() }),
      }),
    ),
  }),
)

/** `size`: length of the JSON where `data` is compressed, else null. */
export function packSteps(steps: readonly StepEvents[]): { readonly size: number | null; readonly data: Uint8Array } {
  const bytes = Buffer.from(JSON.stringify(steps))
  const small = shrink(bytes)
  return small === null ? { size: null, data: bytes } : { size: bytes.length, data: small }
}

/** Throws what says that the file is damaged where it is not what {@link packSteps} made. */
export function unpackSteps(data: Uint8Array, size: number | null): readonly StepEvents[] {
  try {
    const bytes = size === null ? data : unpack(data, size)
    return Steps.parse(JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')))
  } catch (error) {
    throw Object.assign(new Error('steps of scenarios cannot be read', { cause: error }), { name: 'DamageError' })
  }
}
