/** The open incident, for what is inside the editor. */
import { createContext, useContext } from 'react'
import type { z } from 'zod'
import type { IncidentEdit, PartDraft } from '../../../../shared/incident-contract.ts'
import type { Incident, PartKind } from '../../../../shared/model/incident.ts'
import type { OutputOf } from '../../../client/types.ts'
import type { Cited } from '../cites/use-cited.ts'
import type { Drafts } from './use-drafts.ts'

export type Parts = OutputOf<'incidents.parts'>
export type Edit = z.input<typeof IncidentEdit>
export type Draft = z.input<typeof PartDraft>

/** In a conflict the other value is kept, and both are shown. `failed` has been said. */
export type Edited = 'saved' | 'conflict' | 'failed'

export interface Editor {
  readonly number: string
  readonly incident: Incident
  readonly parts: Parts
  /** Whose screen it is. */
  readonly me: string
  /** Who can be named. */
  readonly people: readonly string[]
  readonly cited: ReadonlyMap<string, Cited>
  readonly drafts: Drafts
  /** Saves a part; null where it could not be saved, which has been said. */
  save(draft: Draft): Promise<{ readonly id: string; readonly merged: boolean } | null>
  remove(kind: PartKind, id: string): Promise<boolean>
  /** Changes fields of the head. `from`: what the editor started from. */
  edit(edit: Edit, from: Edit): Promise<Edited>
  /** Pins events to the timeline. */
  pin(events: readonly string[], group: string): Promise<boolean>
  /** Keeps the raw records of events as evidence. */
  keepRecords(events: readonly string[]): Promise<boolean>
  /** Keeps a picture as evidence and gives its id; undefined where evidence cannot be added from here. */
  readonly keepPicture?: ((picture: File) => Promise<string | null>) | undefined
}

const EditorContext = createContext<Editor | null>(null)
export const EditorProvider = EditorContext.Provider

export function useEditor(): Editor {
  const editor = useContext(EditorContext)
  if (!editor) throw new Error('There is no incident above this component')
  return editor
}
