/** A scenario as the screen sees it: how it was fulfilled, and by what; and how far others came. */
import { z } from 'zod'
import { EventRow } from './event.ts'
import { IsoTime } from './time.ts'

/** A value of what the scenario groups by. */
export const GroupValue = z.object({ field: z.string(), value: z.string() })

export const ScenarioStep = z.object({
  /** Id of the rule, or of the scenario that is a step of this one. */
  rule: z.string(),
  title: z.string(),
  kind: z.enum(['rule', 'scenario']),
  /** False where the condition says that it must not happen. */
  wanted: z.boolean(),
  /** Events that fulfilled it, and the first and the last of them. */
  events: z.number().int(),
  first: IsoTime.nullable(),
  last: IsoTime.nullable(),
})
export type ScenarioStep = z.infer<typeof ScenarioStep>

/** A group that came some way and not all of it, in its best stretch of the timespan. */
export const NearMiss = z.object({
  group: z.array(GroupValue),
  first: IsoTime,
  last: IsoTime,
  /** What the condition judges, and from where on it would hold; null where that is no simple bound. */
  reached: z.number(),
  needed: z.number().nullable(),
  /** Ids of the steps that were missing. */
  missing: z.array(z.string()),
  /** The stretch may still go on: its time is not over. */
  open: z.boolean(),
})
export type NearMiss = z.infer<typeof NearMiss>

export const ScenarioShape = z.object({
  id: z.string(),
  title: z.string(),
  type: z.string(),
  /** Microseconds. */
  timespan: z.number(),
  window: z.enum(['sliding', 'fixed', 'forward']),
  groupBy: z.array(z.string()),
  /** Bounds of what is judged, where the condition has them. */
  bounds: z.record(z.string(), z.number()),
})
export type ScenarioShape = z.infer<typeof ScenarioShape>

export const ScenarioExplanation = z.object({
  /** Null where the scenario is switched off or gone: its steps are then known by their ids. */
  scenario: ScenarioShape.nullable(),
  group: z.array(GroupValue),
  first: IsoTime,
  last: IsoTime,
  /** When the condition held first. */
  fulfilled: IsoTime,
  /** When the last window that it held in ends: what comes later begins anew. */
  closes: IsoTime.nullable(),
  closed: z.boolean(),
  /** What the condition judges, over what is known of it. */
  reached: z.number().nullable(),
  steps: z.array(ScenarioStep),
  /** In order of time, each with the step it fulfilled; `more`: how many are not listed. */
  events: z.array(z.object({ step: z.string(), event: EventRow })),
  more: z.number().int(),
  near: z.array(NearMiss),
})
export type ScenarioExplanation = z.infer<typeof ScenarioExplanation>

/** What a scenario has seen so far. */
export const ScenarioState = z.object({
  groups: z.number().int(),
  entries: z.number().int(),
  matches: z.number().int(),
  /** Windows that are not over yet and wait to be judged. */
  waiting: z.number().int(),
  near: z.array(NearMiss),
})
export type ScenarioState = z.infer<typeof ScenarioState>
