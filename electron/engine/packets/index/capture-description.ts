/** What an index says of itself and of its capture: `meta.json` beside its columns, written when it is whole. */
import { z } from 'zod'
import { StoredPlaces } from './note-places.ts'

/** Grows when the layout of the index or the meaning of a column changes: older ones are made again. */
export const INDEX_VERSION = 5

const Counted = z.number().int().min(0)
export const StoredFile = z.object({
  path: z.string(),
  size: z.number(),
  format: z.enum(['pcap', 'pcapng']),
  compression: z.enum(['gzip', 'zstd', 'xz']).nullable(),
  packets: Counted,
  error: z.object({ offset: z.number(), reason: z.string() }).nullable(),
  sha256: z.string().nullable(),
})
export type StoredFile = z.infer<typeof StoredFile>
export const StoredInterface = z.object({
  linkType: z.number().int(),
  snapLength: z.number(),
  name: z.string().nullable(),
  description: z.string().nullable(),
  filter: z.string().nullable(),
  system: z.string().nullable(),
  hardware: z.string().nullable(),
  file: Counted,
})
export type StoredInterface = z.infer<typeof StoredInterface>

export const Description = z.object({
  version: z.literal(INDEX_VERSION),
  files: z.array(StoredFile),
  packets: Counted,
  capturedBytes: z.number(),
  wireBytes: z.number(),
  firstSeconds: z.number().nullable(),
  firstNanos: Counted,
  lastSeconds: z.number().nullable(),
  lastNanos: Counted,
  earliest: z.number().nullable(),
  latest: z.number().nullable(),
  timeDigits: z.number().int(),
  linkCounts: z.array(z.tuple([z.string(), z.number().int()])),
  interfaces: z.array(StoredInterface),
  comments: z.array(z.string()),
  /** By packet number. */
  packetComments: z.array(z.tuple([z.number().int(), z.string()])),
  names: z.array(z.tuple([z.string(), z.string()])),
  /** TLS key-log lines that the files hold. */
  secrets: z.array(z.string()),
  flows: Counted,
  tcpStreams: Counted,
  udpStreams: Counted,
  stacks: z.object({ parents: z.array(z.number().int()), protocols: z.array(z.string()) }),
  notes: StoredPlaces,
  /** Fields that were looked for: a field that came later is read from the packets. */
  fields: z.array(z.string()),
})
export type Description = z.infer<typeof Description>
