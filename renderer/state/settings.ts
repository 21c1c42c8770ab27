/**
 * What a person sets for their screen. Kept by the engine under the key `screen`, and mirrored in the browser's storage so
 * that the first paint has the right theme and language.
 */
import { z } from 'zod'
import { create } from 'zustand'
import type { ClientOf } from '../../shared/rpc/kinds.ts'
import type { WatchfloorContract } from '../../shared/contract.ts'

export const THEMES = ['dark', 'light', 'contrast', 'system'] as const

const Settings = z.object({
  theme: z.enum(THEMES).catch('dark'),
  language: z.enum(['en', 'ko']).nullable().catch(null),
  /** Single-letter shortcuts. */
  singleKeys: z.boolean().catch(true),
  /** Key hints in the status bar. */
  hints: z.boolean().catch(true),
  /** IANA zone of the clock beside UTC; null is the machine's. */
  zone: z.string().max(64).nullable().catch(null),
  /** Whether notes on what happens are shown by the system, beside this window. */
  desktopNotes: z.boolean().catch(false),
})
export type Settings = z.infer<typeof Settings>

const KEY = 'screen'
const MIRROR = 'watchfloor.screen'
const settingsOf = (value: unknown): Settings =>
  Settings.parse(typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {})

function mirrored(): Settings {
  try {
    return settingsOf(JSON.parse(localStorage.getItem(MIRROR) ?? '{}'))
  } catch {
    return settingsOf({})
  }
}

export const useSettings = create<Settings>(() => mirrored())

function mirror(settings: Settings): void {
  try {
    localStorage.setItem(MIRROR, JSON.stringify(settings))
  } catch {
    // No storage here: the engine still keeps them.
  }
}

/** Reads what the engine keeps; call when the engine is there. */
export async function loadSettings(client: ClientOf<WatchfloorContract>): Promise<void> {
  const found = await client.query('settings.get', { key: KEY })
  if (!found.ok || found.value.value === null) return
  const settings = settingsOf(found.value.value)
  mirror(settings)
  useSettings.setState(settings)
}

/** Changes settings at once on screen, then in the engine. Gives false where the engine did not take them. */
export async function changeSettings(client: ClientOf<WatchfloorContract>, change: Partial<Settings>): Promise<boolean> {
  useSettings.setState(change)
  const settings = settingsOf(useSettings.getState())
  mirror(settings)
  const saved = await client.command('settings.set', { key: KEY, value: settings })
  return saved.ok
}

/** The machine's own zone. */
export const machineZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
