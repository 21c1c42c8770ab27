/** Customers, assets and weaknesses in the contract. */
import { z } from 'zod'
import {
  Asset,
  AssetId,
  AssetService,
  Criticality,
  Customer,
  CustomerId,
  FixedState,
  RowProblem,
  Weakness,
} from './model/asset.ts'
import { Incident } from './model/incident.ts'
import { IsoTime } from './model/time.ts'
import { command, job, query, stream } from './rpc/kinds.ts'

const Nothing = z.object({})

/** Weaknesses that stand (affected, or under investigation), by severity; `exploited` of all of them. */
export const WeaknessCounts = z.object({
  critical: z.number().int(),
  high: z.number().int(),
  medium: z.number().int(),
  low: z.number().int(),
  info: z.number().int(),
  exploited: z.number().int(),
})
export type WeaknessCounts = z.infer<typeof WeaknessCounts>

/** A row of the list. */
export const AssetRow = z.object({
  asset: Asset.omit({ services: true, note: true }),
  customerName: z.string().nullable(),
  services: z.number().int(),
  weaknesses: WeaknessCounts,
  /** Open alerts in which it, one of its addresses, or one of its networks is an end; null while that is not known. */
  openAlerts: z.number().int().nullable(),
})
export type AssetRow = z.infer<typeof AssetRow>

export const ASSET_ORDERS = ['name', 'criticality', 'weaknesses', 'alerts', 'seen', 'customer'] as const
export const AssetSearch = z.object({
  /** Words that must all occur in names, addresses, owner, zone, operating system, customer, products. */
  text: z.string().max(512).default(''),
  customer: CustomerId.nullable().default(null),
  /** `registered` and `observed` narrow. */
  which: z.enum(['all', 'registered', 'observed']).default('all'),
  order: z.enum(ASSET_ORDERS).default('name'),
  limit: z.number().int().min(1).max(500).default(200),
  after: z.string().max(64).nullable().default(null),
})
export type AssetSearch = z.infer<typeof AssetSearch>

/** What a person enters. `id` null is a new one. Saving an observed asset registers it. */
export const AssetDraft = Asset.pick({
  customer: true,
  name: true,
  otherNames: true,
  addresses: true,
  networks: true,
  criticality: true,
  owner: true,
  zone: true,
  os: true,
  note: true,
}).extend({
  id: AssetId.nullable(),
  criticality: Criticality.default('medium'),
  /** Registered ones; those that were observed stay as they are. */
  services: z
    .array(AssetService.pick({ port: true, transport: true, name: true, product: true, version: true, cpe: true }))
    .max(512),
})
export type AssetDraft = z.infer<typeof AssetDraft>

/** What came of one file of an import. */
export const AssetImportFile = z.object({
  path: z.string(),
  /** Id of what it was recognised as; null where it was not. */
  format: z.string().nullable(),
  rows: z.number().int(),
  added: z.number().int(),
  changed: z.number().int(),
  /** Rows that could not be taken; the first hundred of them are named. */
  wrong: z.number().int(),
  problems: z.array(RowProblem).max(100),
  /** Why nothing of it was read. */
  refused: z.enum(['not_found', 'unreadable', 'not_recognised', 'cancelled']).nullable(),
})
export type AssetImportFile = z.infer<typeof AssetImportFile>

export const CatalogueCounts = z.object({
  vulnerabilities: z.number().int(),
  statements: z.number().int(),
  exploited: z.number().int(),
  scores: z.number().int(),
})
export type CatalogueCounts = z.infer<typeof CatalogueCounts>

export const assetContract = {
  'customers.list': query('desk.read', Nothing, z.object({ customers: z.array(Customer.extend({ assets: z.number().int() })) })),
  /** `id` null makes a new one. `conflict` where another has the name. */
  'customers.save': command('assets.manage', Customer.extend({ id: CustomerId.nullable() }), Customer),
  /** `conflict` while it has assets. */
  'customers.remove': command('assets.manage', z.object({ id: CustomerId }), Nothing),

  'assets.list': query(
    'desk.read',
    AssetSearch,
    z.object({ rows: z.array(AssetRow), total: z.number().int(), after: z.string().nullable() }),
  ),
  'assets.get': query(
    'desk.read',
    z.object({ id: AssetId }),
    z.object({
      asset: Asset,
      customer: Customer.nullable(),
      weaknesses: WeaknessCounts,
      openAlerts: z.number().int().nullable(),
      /** Query over alerts that gives its alerts, and one over events that gives its events; null where it has neither name nor address. */
      alertsWhere: z.string(),
      eventsWhere: z.string(),
    }),
  ),
  /** Incidents in which it is: with how many of its alerts (none where it is an entity only). The newest hundred first. */
  'assets.incidents': query(
    'desk.read',
    z.object({ id: AssetId, /** Only those that are not closed. */ open: z.boolean().default(true) }),
    z.object({ incidents: z.array(z.object({ incident: Incident, alerts: z.number().int() })), total: z.number().int() }),
  ),
  /** `invalid_input` names the field; `conflict` where another asset has an address or the name already. */
  'assets.save': command('assets.manage', AssetDraft, Asset),
  'assets.remove': command('assets.manage', z.object({ ids: z.array(AssetId).min(1).max(1000) }), Nothing),
  /** The known exploited first, then by score. `states` empty is every one. */
  'assets.weaknesses': query(
    'desk.read',
    z.object({
      id: AssetId,
      states: z.array(FixedState).max(4).default(['affected', 'under_investigation']),
      limit: z.number().int().min(1).max(1000).default(200),
      after: z.string().max(32).nullable().default(null),
    }),
    z.object({ weaknesses: z.array(Weakness), total: z.number().int(), after: z.string().nullable() }),
  ),
  /** Those it exchanged most with: how many events, in the hours before now. */
  'assets.talkers': query(
    'events.read',
    z.object({ id: AssetId, hours: z.number().int().min(1).max(720).default(24) }),
    z.object({
      /** `toward`: it called them. `from`: they called it. */
      toward: z.array(z.object({ value: z.string(), count: z.number(), asset: AssetId.nullable(), name: z.string().nullable() })),
      from: z.array(z.object({ value: z.string(), count: z.number(), asset: AssetId.nullable(), name: z.string().nullable() })),
    }),
  ),
  /** Its events by hour: of the last day, and how many there were at the same hours of the seven days before. */
  'assets.baseline': query(
    'events.read',
    z.object({ id: AssetId }),
    z.object({
      /** Beginning of the first hour. */
      from: IsoTime,
      hours: z
        .array(
          z.object({
            count: z.number(),
            /** Median, smallest and largest of the same hour on earlier days that have events at all; null where there are none. */
            usual: z.number().nullable(),
            least: z.number().nullable(),
            most: z.number().nullable(),
          }),
        )
        .length(24),
      days: z.number().int(),
    }),
  ),
  /** Inventories and vulnerability data, each recognised by its content. A customer is given to assets that name none. */
  'assets.import': job(
    'assets.manage',
    z.object({ paths: z.array(z.string().min(1).max(4096)).min(1).max(200), customer: CustomerId.nullable().default(null) }),
    z.object({ file: z.string(), bytes: z.number(), of: z.number(), rows: z.number().int(), wrong: z.number().int() }),
    z.object({ files: z.array(AssetImportFile) }),
  ),
  /** What can be imported. */
  'assets.formats': query(
    'desk.read',
    Nothing,
    z.object({
      formats: z.array(
        z.object({
          id: z.string(),
          kind: z.enum(['inventory', 'vulnerabilities']),
          title: z.string(),
          spec: z.string(),
          doc: z.string(),
        }),
      ),
    }),
  ),
  'assets.counts': query(
    'desk.read',
    Nothing,
    z.object({
      customers: z.number().int(),
      registered: z.number().int(),
      observed: z.number().int(),
      weaknesses: WeaknessCounts,
      catalogue: CatalogueCounts,
      /** Assets whose weaknesses are still being looked for. */
      waiting: z.number().int(),
    }),
  ),
  /** A counter that grows with every change of assets, customers, weaknesses. */
  'assets.watch': stream('desk.read', Nothing, z.object({ revision: z.number().int(), waiting: z.number().int() })),
} as const
