/**
 * What an activity is. One `*.activity.ts` file default-exports `defineActivity({...})`; `registry.ts` finds it by glob. It
 * imports this file and what the demonstration is made of, never another activity.
 */
import type { Micros } from '../../../../shared/model/time.ts'
import type { Scene } from '../scene.ts'

export interface Activity {
  readonly id: string
  readonly title: string
  /** What it is like in life, and which records it leaves. */
  readonly doc: string
  /** How often it happens in a minute of the busiest hour. */
  readonly perMinute: number
  /** True for what machines do by themselves, day and night alike. */
  readonly steady?: boolean
  /** Lets it happen once. Nothing it emits may be earlier than `at`. */
  play(scene: Scene, at: Micros): void
}

export const defineActivity = (activity: Activity): Activity => activity
