/** Evidence of incidents (contract area `incidents`); the items themselves are in `incidents.parts`. Part of the contract; see `contract.ts`. */
import { z } from 'zod'
import { AlertId } from './model/alert.ts'
import { Capture, CaptureId } from './model/capture.ts'
import { EventId } from './model/event.ts'
import { Evidence, IncidentNumber } from './model/incident.ts'
import { LedgerEntry } from './model/ledger.ts'
import { command, job, query } from './rpc/kinds.ts'

const Of = z.object({ number: IncidentNumber })
const EvidenceId = Evidence.shape.id
const OfItem = Of.extend({ id: EvidenceId })
const Ids = z.object({ ids: z.array(EvidenceId) })
const Nothing = z.object({})
const Token = z.uuid()
/** What a person says of what is added. */
const Said = { note: z.string().max(4000).default(''), internal: z.boolean().default(false) }

/** Bytes of one uploaded or pasted file, and of one window of an upload or of what is read. */
export const MOST_UPLOAD = 256 * 1024 * 1024
export const MOST_WINDOW = 512 * 1024
const Base64 = z
  .string()
  .max(Math.ceil(MOST_WINDOW / 3) * 4)
  .regex(/^[A-Za-z0-9+/]*={0,2}$/)

/** What came of looking for an alert's packets. `waiting`: not looked yet. `none`: no capture of the desk has them. */
export const Carve = z.object({ alert: AlertId, state: z.enum(['waiting', 'done', 'none', 'failed']), reason: z.string() })
export type Carve = z.infer<typeof Carve>

/** Pictures that are shown as such, told by their first bytes. An SVG is none. */
export const PictureType = z.enum(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])
export type PictureType = z.infer<typeof PictureType>

export const incidentEvidenceContract = {
  /** Alerts of the incident and what came of their packets, and how many wait. */
  'incidents.carves': query('desk.read', Of, z.object({ carves: z.array(Carve), waiting: z.number().int() })),
  /** Who added, viewed, noted, checked and exported an item, and when: its entries in the incident's ledger, in order. */
  'incidents.custody': query('desk.read', OfItem, z.object({ entries: z.array(LedgerEntry), truncated: z.boolean() })),

  /** Carves the flows of an alert, or one flow of an open capture. Flows that are evidence already are not carved again. */
  'incidents.addPackets': command(
    'incidents.edit',
    Of.extend({
      from: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('alert'), alert: AlertId }),
        z.object({ kind: z.literal('flow'), capture: CaptureId, flow: z.number().int().min(0) }),
      ]),
    }),
    Ids.extend({ /** Why there are none, or not all. */ reason: z.string() }),
  ),
  /** Raw records of events, byte for byte, an item for each. */
  'incidents.addRecords': command('incidents.edit', Of.extend({ events: z.array(EventId).min(1).max(100), ...Said }), Ids),
  /** An object that was transferred in an open capture, by its id in the list of objects. */
  'incidents.addObject': command('incidents.edit', Of.extend({ capture: CaptureId, object: z.string().max(64), ...Said }), Ids),
  /** A file or a picture comes in pieces: begun, sent in order, sealed. One that is not gone on with is forgotten after ten minutes. */
  'incidents.beginUpload': command(
    'incidents.edit',
    Of.extend({
      kind: z.enum(['file', 'screenshot']),
      /** Shown only. */
      name: z.string().min(1).max(300),
      bytes: z.number().int().min(0).max(MOST_UPLOAD),
    }),
    z.object({ upload: Token }),
  ),
  /** `from`: the place of these bytes; they must follow those that are there. */
  'incidents.upload': command(
    'incidents.edit',
    z.object({ upload: Token, from: z.number().int().min(0), base64: Base64 }),
    z.object({ received: z.number().int() }),
  ),
  /** `conflict` where bytes are missing; `unsupported_format` where a screenshot is no picture. */
  'incidents.sealUpload': command('incidents.edit', z.object({ upload: Token, ...Said }), z.object({ id: EvidenceId })),
  'incidents.dropUpload': command('incidents.edit', z.object({ upload: Token }), Nothing),

  /** Opens an item for reading, which the ledger tells of; `opening` is for the caller alone, and forgotten after an hour without use. */
  'incidents.openEvidence': command(
    'desk.read',
    OfItem,
    z.object({ opening: Token, bytes: z.number().int(), picture: PictureType.nullable() }),
  ),
  /** Bytes `from` on, at most 512 KB. `not_found` where the copy is missing or the opening was forgotten. */
  'incidents.readEvidence': query(
    'desk.read',
    z.object({ opening: Token, from: z.number().int().min(0), count: z.number().int().min(1).max(MOST_WINDOW) }),
    z.object({ base64: z.string(), bytes: z.number().int() }),
  ),
  /** Opens the sealed copy of packets in the packet bench; the ledger tells of it. */
  'incidents.openPackets': command('packets.read', OfItem, Capture),
  /**
   * Writes a copy, never executable, and never over something. `path` null: a new file in the data folder's `exports`, below a neutral
   * name. `conflict` where the copy was altered.
   */
  'incidents.exportEvidence': command(
    'events.export',
    OfItem.extend({ path: z.string().min(1).max(4096).nullable().default(null) }),
    z.object({ path: z.string(), bytes: z.number().int(), sha256: z.string() }),
  ),
  /** Hashes every copy again; items are marked where theirs is missing or was altered. */
  'incidents.checkEvidence': job(
    'incidents.edit',
    Of,
    z.object({ done: z.number().int(), of: z.number().int() }),
    z.object({ sealed: z.number().int(), missing: z.array(EvidenceId), altered: z.array(EvidenceId) }),
  ),
  'incidents.noteEvidence': command(
    'incidents.edit',
    OfItem.extend({ note: z.string().max(4000), internal: z.boolean() }),
    Nothing,
  ),
} as const
