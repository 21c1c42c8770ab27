/** What the packet bench keeps. */
import { z } from 'zod'
import { colourRulesOf } from './list/colours.ts'
import { columnsOf } from './list/columns.ts'
import { TIME_FORMATS, type TimeFormat } from './list/times.ts'
import { settingStore } from '../../client/setting-store.ts'

export const useColumnSetting = settingStore('packets.columns', columnsOf)
export const useColourRules = settingStore('packets.colours', colourRulesOf)
export const useTimeFormat = settingStore<TimeFormat>('packets.time', (stored) => z.enum(TIME_FORMATS).catch('utc').parse(stored))

export interface SavedFilter {
  readonly name: string
  readonly filter: string
}
const Saved = z.array(z.object({ name: z.string().min(1).max(80), filter: z.string().min(1).max(8192) })).max(200)
export const useSavedFilters = settingStore<readonly SavedFilter[]>('packets.filters', (stored) => Saved.catch([]).parse(stored))

/** Shares of the page: the lower panes of the height in percent, a tool in their place, and the detail tree of their width. */
export interface Layout {
  readonly lower: number
  readonly tool: number
  readonly tree: number
  /** The panel at the right is shown. */
  readonly side: boolean
}
const percent = (least: number, most: number, usual: number) => z.number().min(least).max(most).catch(usual)
const LayoutSchema = z.object({
  lower: percent(15, 75, 36),
  tool: percent(15, 85, 64),
  tree: percent(20, 80, 54),
  side: z.boolean().catch(true),
})
export const useLayout = settingStore<Layout>('packets.layout', (stored) =>
  LayoutSchema.catch({ lower: 36, tool: 64, tree: 54, side: true }).parse(stored),
)
