/** The contract's areas of log sources (which events rules mean, and where their fields are) and of lists (what placeholders stand for). */
import { z } from 'zod'
import { IsoTime } from './model/time.ts'
import { command, query } from './rpc/kinds.ts'

export const LogSourceId = z.string().min(1).max(64)
/** YAML, as in `resources/logsources`. */
export const LogSourceText = z.string().max(256 * 1024)

/** 1-based; 0 where a file cannot be read at all. */
export const LogSourceProblem = z.object({ line: z.number().int(), column: z.number().int(), message: z.string() })
export type LogSourceProblem = z.infer<typeof LogSourceProblem>

/** What rules call one kind of events, how those are told, and where the rules' fields are in them. */
export const LogSourceRow = z.object({
  names: z.array(z.object({ product: z.string().nullable(), category: z.string().nullable(), service: z.string().nullable() })),
  formats: z.array(z.string()),
  types: z.array(z.string()),
  /** Fields that have one of the values. */
  values: z.array(z.object({ field: z.string(), values: z.array(z.string()) })),
  /** Fields that are set. */
  has: z.array(z.string()),
  /** `from`: fields of the event, the first that is set counts; `derive`: made from the URL instead. */
  fields: z.array(z.object({ name: z.string(), from: z.array(z.string()), derive: z.string().nullable() })),
  /** Loaded rules that mean it. */
  rules: z.number().int(),
})
export type LogSourceRow = z.infer<typeof LogSourceRow>

export const LogSourceFile = z.object({
  id: LogSourceId,
  title: z.string(),
  doc: z.string(),
  spec: z.string(),
  shipped: z.boolean(),
  /** The desk has its own text. */
  changed: z.boolean(),
  text: LogSourceText,
  sources: z.array(LogSourceRow),
  /** Loaded rules that mean any of them. */
  rules: z.number().int(),
  /** Why the desk's own text is not used. */
  problems: z.array(LogSourceProblem),
})
export type LogSourceFile = z.infer<typeof LogSourceFile>

export const ListName = z.string().min(1).max(64)
export const ListSummary = z.object({
  name: ListName,
  values: z.number().int(),
  /** The first of them. */
  sample: z.array(z.string()),
  changed: IsoTime,
  /** Loaded rules that ask for it. */
  rules: z.number().int(),
})
export type ListSummary = z.infer<typeof ListSummary>

export const logSourceContract = {
  'logsources.list': query('desk.read', z.object({}), z.object({ files: z.array(LogSourceFile) })),
  /** Keeps a text, in the place of the shipped one or beside it; `rule_syntax` where it is wrong. Rules are compiled anew. */
  'logsources.save': command('rules.manage', z.object({ id: LogSourceId, text: LogSourceText }), z.object({})),
  /** Takes the desk's own text away. */
  'logsources.reset': command('rules.manage', z.object({ id: LogSourceId }), z.object({})),
  /** What is wrong with a text, its examples among it. Nothing is stored. `id`: what it must be. */
  'logsources.check': query(
    'rules.manage',
    z.object({ id: LogSourceId.nullable().default(null), text: LogSourceText }),
    z.object({ problems: z.array(LogSourceProblem) }),
  ),
  'lists.list': query(
    'desk.read',
    z.object({}),
    z.object({
      lists: z.array(ListSummary),
      /** Lists that rules ask for and nobody made. */
      missing: z.array(z.object({ name: ListName, rules: z.number().int() })),
    }),
  ),
  'lists.get': query('desk.read', z.object({ name: ListName }), z.object({ values: z.array(z.string()) })),
  /** Makes or replaces a list. Values are trimmed, each is kept once, blank ones are left out. */
  'lists.save': command(
    'rules.manage',
    z.object({ name: ListName, values: z.array(z.string().max(2048)).max(200_000) }),
    z.object({ values: z.number().int() }),
  ),
  'lists.remove': command('rules.manage', z.object({ name: ListName }), z.object({})),
} as const
