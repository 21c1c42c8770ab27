/**
 * Customers, the assets they own, and the weaknesses of those. What was registered (by hand or by an import) and what was only observed
 * in events stand beside each other: nothing observed ever takes the place of something registered.
 */
import { z } from 'zod'
import { Severity } from './severity.ts'
import { IsoTime } from './time.ts'

const line = (most: number) => z.string().max(most)

export const CustomerId = z.string().min(1).max(64)
export const AssetId = z.string().min(1).max(64)
export type AssetId = z.infer<typeof AssetId>

export const Contact = z.object({
  name: line(200),
  email: line(320),
  /** Language in which this person is told. */
  language: z.enum(['en', 'ko']),
})
export type Contact = z.infer<typeof Contact>

export const Customer = z.object({
  id: CustomerId,
  name: z.string().trim().min(1).max(200),
  contacts: z.array(Contact).max(50),
  note: z.string().max(4000),
})
export type Customer = z.infer<typeof Customer>

/** What it would cost to lose it, lowest first. */
export const CRITICALITIES = ['low', 'medium', 'high', 'critical'] as const
export const Criticality = z.enum(CRITICALITIES)
export type Criticality = z.infer<typeof Criticality>

export const TRANSPORTS = ['tcp', 'udp', 'sctp', 'other'] as const
export const ServiceTransport = z.enum(TRANSPORTS)
export type ServiceTransport = z.infer<typeof ServiceTransport>

export const MOST_SERVICES = 512
export const MOST_NAMES = 64
export const MOST_ADDRESSES = 256

export const AssetService = z.object({
  /** Null for software that listens nowhere, or whose port is not known. */
  port: z.number().int().min(0).max(65535).nullable(),
  transport: ServiceTransport,
  /** `http`, `ssh`; '' where it is not known. */
  name: line(64),
  product: line(256),
  version: line(128),
  /** CPE 2.3 formatted string (NISTIR 7695 section 6.2). */
  cpe: line(1024).nullable(),
  /** Learnt from events; nobody registered it. */
  observed: z.boolean(),
  /** What says so: a file's name, `http server header`. */
  source: line(256),
  firstSeen: IsoTime.nullable(),
  lastSeen: IsoTime.nullable(),
})
export type AssetService = z.infer<typeof AssetService>

const Addresses = z.array(line(64)).max(MOST_ADDRESSES)
const Names = z.array(z.string().min(1).max(253)).max(MOST_NAMES)

/** What was learnt of an asset from events. */
export const Seen = z.object({ names: Names, addresses: Addresses, os: line(256) })
export type Seen = z.infer<typeof Seen>

export const Asset = z.object({
  id: AssetId,
  customer: CustomerId.nullable(),
  name: z.string().trim().min(1).max(253),
  /** Host names. */
  otherNames: Names,
  /** IPv4 and IPv6, IPv6 as RFC 5952 writes it. */
  addresses: Addresses,
  /** CIDR. */
  networks: Addresses,
  criticality: Criticality,
  owner: line(200),
  /** Role or zone: `DMZ`, `domain controller`. */
  zone: line(200),
  /** Operating system, as somebody registered it. */
  os: line(256),
  note: z.string().max(4000),
  services: z.array(AssetService).max(MOST_SERVICES),
  /** Nobody registered it: it was seen in events. */
  observed: z.boolean(),
  seen: Seen,
  created: IsoTime,
  changed: IsoTime,
  /** Times of events in which it was observed. */
  firstSeen: IsoTime.nullable(),
  lastSeen: IsoTime.nullable(),
})
export type Asset = z.infer<typeof Asset>

export const Cve = z.string().regex(/^CVE-\d{4}-\d{4,19}$/)
export type Cve = z.infer<typeof Cve>

/** As in VEX (CSAF 2.0 section 3.2.3.9): what is known of a vulnerability in a product. */
export const FIXED_STATES = ['affected', 'not_affected', 'fixed', 'under_investigation'] as const
export const FixedState = z.enum(FIXED_STATES)
export type FixedState = z.infer<typeof FixedState>

/** `cpe` the service's CPE · `product` its product's name and version · `statement` what a vendor says (CSAF) · `scanner` a scanner found it. */
export const MATCHED_BY = ['cpe', 'product', 'statement', 'scanner'] as const
export const MatchedBy = z.enum(MATCHED_BY)
export type MatchedBy = z.infer<typeof MatchedBy>

/** In CISA's catalogue of what is exploited. Dates as the catalogue has them (`2026-01-31`). */
export const Exploited = z.object({ added: line(32), due: line(32), ransomware: z.boolean() })
export type Exploited = z.infer<typeof Exploited>

/** A CVE on an asset. */
export const Weakness = z.object({
  cve: Cve,
  /** CVSS base score, the newest version there is; null where nobody gave one. */
  score: z.number().min(0).max(10).nullable(),
  vector: line(256),
  severity: Severity,
  title: line(1000),
  /** Known exploited. */
  exploited: Exploited.nullable(),
  /** EPSS: probability of exploitation within 30 days, 0 to 1. */
  epss: z.number().min(0).max(1).nullable(),
  state: FixedState,
  how: MatchedBy,
  /** What decided: the criterion with its range of versions, the statement's product, the scanner's words. */
  detail: line(2000),
  /** Where that comes from: `NVD`, a CSAF document, a scanner's file. */
  source: line(256),
  remedy: line(4000),
  /** Place in the asset's `services`; null where it is the operating system, or none in particular. */
  service: z.number().int().nullable(),
})
export type Weakness = z.infer<typeof Weakness>

/** What a scanner found on an asset. */
export const AssetFinding = z.object({
  asset: AssetId,
  cve: Cve,
  port: z.number().int().min(0).max(65535).nullable(),
  transport: ServiceTransport,
  severity: Severity.nullable(),
  score: z.number().min(0).max(10).nullable(),
  title: line(1000),
  solution: line(4000),
  source: line(256),
  firstSeen: IsoTime,
  lastSeen: IsoTime,
})
export type AssetFinding = z.infer<typeof AssetFinding>

/** Whether an asset has a vulnerability. `unknown`: nothing that is known says so. */
export const Exposure = z.enum(['exposed', 'not_affected', 'fixed', 'unknown'])
export type Exposure = z.infer<typeof Exposure>

/** What can be wrong with a row of an imported file; words are in `renderer/i18n/<language>/assets.json` below `problem`. */
export const ROW_PROBLEMS = [
  'bad_json',
  'bad_xml',
  'bad_csv',
  'bad_value',
  'bad_address',
  'bad_network',
  'bad_port',
  'bad_cve',
  'bad_cpe',
  'no_name',
  'no_host',
  'too_long',
  'many_values',
  'too_deep',
  'refused_dtd',
  'ends_early',
  'unknown_product',
] as const
export const RowProblem = z.object({
  /** From 1. */
  line: z.number().int(),
  column: z.number().int(),
  code: z.enum(ROW_PROBLEMS),
  /** What stands there, shortened. */
  value: line(200),
})
export type RowProblem = z.infer<typeof RowProblem>
