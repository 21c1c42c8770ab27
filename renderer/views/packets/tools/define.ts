import { lazy, type ComponentType, type LazyExoticComponent } from 'react'
import type { Capture } from '../../../../shared/model/capture.ts'
import type { Selected } from '../use-selection.ts'
import { TOOL_IDS, type ToolId } from './tool-ids.ts'

/** What a tool is given: the capture on screen and where the reader is in it. */
export interface ToolProps {
  readonly capture: Capture
  /** The rows of the page's filter, kept by the engine; null is all packets. */
  readonly view: number | null
  /** The filter that the rows are of. */
  readonly filter: string
  /** The selected packet, and its flow. */
  readonly packet: number | null
  /** How many rows are selected, and the numbers of their packets: no more than can be marked at once. */
  readonly selected: Pick<Selected, 'count' | 'packets'>
  readonly flow: number | null
  /** Goes to a packet; `bytes` are marked in it. */
  onPacket(packet: number, bytes?: { readonly from: number; readonly length: number }): void
  /** Filters the rows; '' shows all. */
  onFilter(filter: string): void
  /** Opens another tool beside the rows; `flow` is the one it begins with. */
  onTool(id: ToolId, flow?: number): void
  /** Shows another capture. */
  onCapture(id: string): void
  onClose(): void
}
/** The library is also shown where no capture is open. */
export type LibraryToolProps = Omit<ToolProps, 'capture' | 'selected'> & { readonly capture: Capture | null }

type Tool = LazyExoticComponent<ComponentType<ToolProps>>
const loaders = import.meta.glob<{ readonly default: ComponentType<ToolProps> }>('./*/*Tool.tsx')

/** The tools that are there, `tools/<id>/<Id>Tool.tsx`, each loaded when it is first shown. */
export const TOOLS: Readonly<Partial<Record<ToolId, Tool>>> = Object.fromEntries(
  TOOL_IDS.flatMap((id): [ToolId, Tool][] => {
    const load = loaders[`./${id}/${id[0]?.toUpperCase() ?? ''}${id.slice(1)}Tool.tsx`]
    return load ? [[id, lazy(load)]] : []
  }),
)

/** The one tool that needs no capture. */
export const LibraryTool = TOOLS.library as LazyExoticComponent<ComponentType<LibraryToolProps>> | undefined
