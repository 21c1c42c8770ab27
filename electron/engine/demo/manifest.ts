/** What the demonstration says of itself: its stages and what ought to be seen of them. Tests and later work read it. */
import { z } from 'zod'
import { IsoTime } from '../../../shared/model/time.ts'

/** One thing that a good desk must notice. */
export const Expectation = z.object({
  /** A signature (`gid:sid`), or a host event that a rule should catch. */
  kind: z.enum(['sig', 'rule']),
  /** `1:9000109` for a signature; the id of a starter rule, or null where there is none. */
  detection: z.string().nullable(),
  title: z.string(),
  /** File that has the record, and its time. */
  file: z.string(),
  time: IsoTime,
  /** Records of it; repeats are one alert. */
  records: z.number().int(),
  /** Query that finds the record. */
  where: z.string(),
})
export const Stage = z.object({
  id: z.enum([
    'reconnaissance',
    'exploitation',
    'web-shell',
    'lateral-movement',
    'credential-theft',
    'command-and-control',
    'privilege',
    'collection',
    'exfiltration',
  ]),
  title: z.string(),
  attack: z.array(z.string()),
  from: IsoTime,
  to: IsoTime,
  source: z.string(),
  destination: z.string(),
  expect: z.array(Expectation),
})
export const Manifest = z.object({
  format: z.literal('watchfloor-demonstration-1'),
  seed: z.number().int(),
  start: IsoTime,
  minutes: z.number(),
  stages: z.array(Stage),
  /** The file that was stolen, and the flow that carried it. */
  exfiltrated: z.object({
    name: z.string(),
    size: z.number().int(),
    sha256: z.string(),
    md5: z.string(),
    source: z.object({ ip: z.string(), port: z.number().int() }),
    destination: z.object({ ip: z.string(), port: z.number().int() }),
    communityId: z.string(),
    time: IsoTime,
  }),
  /** What was written: records by file, flows, packets, bytes of all frames. */
  totals: z.object({
    records: z.record(z.string(), z.number().int()),
    flows: z.number().int(),
    packets: z.number().int(),
    bytes: z.number(),
  }),
})
export type Expectation = z.infer<typeof Expectation>
export type Stage = z.infer<typeof Stage>
export type Manifest = z.infer<typeof Manifest>
