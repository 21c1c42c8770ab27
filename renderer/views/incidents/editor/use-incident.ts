/** The open incident as the engine has it, kept up to date in place, and everything that changes it. */
import { useCallback, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Incident, Phase } from '../../../../shared/model/incident.ts'
import type { WatchfloorError } from '../../../../shared/model/result.ts'
import { useClient, useQuery, useSubscription } from '../../../client/hooks.ts'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { engineNow } from '../../../state/clock.ts'
import { useEngine } from '../../../state/engine.ts'
import { useNotice } from '../../../state/notice.ts'
import { useCited } from '../cites/use-cited.ts'
import { uploadEvidence } from '../evidence/upload.ts'
import { peopleOf } from '../people.ts'
import type { Draft, Edit, Edited, Editor, Parts } from './editor-context.ts'
import { useDrafts } from './use-drafts.ts'

export interface Conflict {
  readonly field: string
  readonly mine: unknown
  readonly theirs: unknown
}
type PartName = 'head' | 'alerts' | 'timeline' | 'graph' | 'route' | 'evidence' | 'notes' | 'tasks' | 'playbooks' | 'links'
const IN_PARTS: ReadonlySet<PartName> = new Set(['graph', 'route', 'evidence', 'notes', 'tasks', 'playbooks'])
const EMPTY: Parts = { entities: [], edges: [], sentences: [], evidence: [], notes: [], tasks: [], playbooks: [] }

export interface OpenIncident {
  readonly editor: Editor | null
  readonly error: WatchfloorError | null
  readonly loading: boolean
  readonly stale: boolean
  /** Who else has it open. */
  readonly here: readonly string[]
  /** When the last change of this screen was saved (milliseconds, the engine's clock). */
  readonly saved: number | null
  readonly conflicts: readonly Conflict[]
  /** Grows when the timeline has changed. */
  readonly timelineTurn: number
  /** Grows when alerts have come or gone. */
  readonly alertsTurn: number
  /** Takes a side in a conflict. */
  settle(conflict: Conflict, mine: boolean): void
  /** Runs a command that gives the incident; says why where it fails. */
  reach(phase: Phase, at: string | null): Promise<boolean>
  reopen(reason: string): Promise<boolean>
  addAlerts(alerts: readonly string[]): Promise<boolean>
  takeOut(alerts: readonly string[], reason: string): Promise<boolean>
  link(link: Incident['links'][number], linked: boolean): Promise<boolean>
  /** `from` goes into `into`; one of them is this incident. */
  merge(into: string, from: string, reason: string): Promise<boolean>
  undo(): void
  refresh(): void
}

const valueOf = (of: Incident | Edit, field: string): unknown => {
  const [name = '', inner] = field.split('.')
  const value = (of as Readonly<Record<string, unknown>>)[name]
  return inner === undefined ? value : (value as Readonly<Record<string, unknown>> | undefined)?.[inner]
}
const withValue = (field: string, value: unknown): Edit => {
  const [name = '', inner] = field.split('.')
  return { [name]: inner === undefined ? value : { [inner]: value } } as Edit
}

export function useIncident(number: string): OpenIncident {
  const { t } = useTranslation('incidents')
  const client = useClient()
  const format = useFormat()
  const say = useNotice((state) => state.say)
  const me = useEngine(({ status }) => status?.operator ?? '')
  const head = useQuery('incidents.get', { number })
  const found = useQuery('incidents.parts', { number })
  const drafts = useDrafts(number)
  const [here, setHere] = useState<readonly string[]>([])
  const [saved, setSaved] = useState<number | null>(null)
  const [conflicts, setConflicts] = useState<readonly Conflict[]>([])
  const [turns, setTurns] = useState({ timeline: 0, alerts: 0 })
  const known = useRef(0)
  const refreshHead = head.refresh
  const refreshParts = found.refresh
  const refresh = useCallback(() => {
    refreshHead()
    refreshParts()
    setTurns(({ timeline, alerts }) => ({ timeline: timeline + 1, alerts: alerts + 1 }))
  }, [refreshHead, refreshParts])
  const changed = useCallback(
    (parts: readonly PartName[]) => {
      refreshHead()
      if (parts.some((part) => IN_PARTS.has(part))) refreshParts()
      const alerts = parts.includes('alerts')
      if (alerts || parts.includes('timeline'))
        setTurns((before) => ({ timeline: before.timeline + 1, alerts: before.alerts + (alerts ? 1 : 0) }))
    },
    [refreshHead, refreshParts],
  )
  useSubscription(
    'incidents.watch',
    { number },
    {
      next: (told) => {
        setHere(told.here)
        const first = known.current === 0
        known.current = told.revision
        if (!first || told.parts.length > 0) changed(told.parts)
      },
      reset: () => void (known.current = 0),
    },
  )

  const failed = useCallback(
    (error: WatchfloorError) => {
      const reason =
        error.code === 'conflict'
          ? visibleText(error.message)
          : t(`common:error.${error.code}`, { permission: error.code === 'forbidden' ? error.permission : '' })
      say(t('notSaved', { reason }), 'fault')
    },
    [say, t],
  )
  const done = useCallback(() => setSaved(engineNow()), [])

  const save = useCallback(
    async (draft: Draft) => {
      const result = await client.command('incidents.save', { number, draft })
      if (!result.ok) return (failed(result.error), null)
      done()
      refreshHead()
      refreshParts()
      if (draft.kind === 'entry') setTurns((before) => ({ ...before, timeline: before.timeline + 1 }))
      if (result.value.merged) say(t('merged'))
      return { id: result.value.id, merged: result.value.merged }
    },
    [client, number, failed, done, refreshHead, refreshParts, say, t],
  )
  const edit = useCallback(
    async (edit: Edit, from: Edit, insist = false): Promise<Edited> => {
      const result = await client.command('incidents.edit', { number, edit, from, insist })
      if (!result.ok) return (failed(result.error), 'failed')
      done()
      refreshHead()
      const { incident, conflicts: fields } = result.value
      const now = fields.map((field) => ({ field, mine: valueOf(edit, field), theirs: valueOf(incident, field) }))
      setConflicts((before) => [
        ...before.filter(({ field }) => !fields.includes(field) && valueOf(edit, field) === undefined),
        ...now,
      ])
      return fields.length === 0 ? 'saved' : 'conflict'
    },
    [client, number, failed, done, refreshHead],
  )
  /** Of commands that give back the incident. */
  const after = useCallback(
    (result: { readonly ok: true } | { readonly ok: false; readonly error: WatchfloorError }) => {
      if (!result.ok) {
        failed(result.error)
        return false
      }
      done()
      refresh()
      return true
    },
    [failed, done, refresh],
  )
  const remove = useCallback<Editor['remove']>(
    async (kind, id) => {
      const fine = after(await client.command('incidents.remove', { number, kind, id }))
      if (fine) say(t('removed'))
      return fine
    },
    [client, number, after, say, t],
  )
  const pin = useCallback<Editor['pin']>(
    async (events, group) => {
      if (events.length === 0) return false
      const fine = after(await client.command('incidents.addEvents', { number, events: [...events], group }))
      if (fine) say(t('pinned', { count: events.length }))
      return fine
    },
    [client, number, after, say, t],
  )
  const keepPicture = useCallback(
    async (picture: File) => {
      const kept = await uploadEvidence(client, number, 'screenshot', picture)
      if (!kept.ok) return (failed(kept.error), null)
      done()
      refreshParts()
      return kept.value.id
    },
    [client, number, failed, done, refreshParts],
  )
  const keepRecords = useCallback(
    async (events: readonly string[]) => {
      for (let at = 0; at < events.length; at += 100) {
        const kept = await client.command('incidents.addRecords', { number, events: events.slice(at, at + 100) })
        if (!kept.ok) return (failed(kept.error), false)
      }
      return true
    },
    [client, number, failed],
  )
  const undo = useCallback(() => {
    void client.command('incidents.undo', { number }).then((result) => {
      if (after(result) && result.ok)
        say(
          result.value.undone === null
            ? t('nothingUndone')
            : t('undone', { what: t(`action.${result.value.undone}`, { defaultValue: visibleText(result.value.undone) }) }),
        )
    })
  }, [client, number, after, say, t])

  const incident = head.value?.number === number ? head.value : null
  const parts = found.value ?? EMPTY
  const cites = useMemo(
    () => [...parts.sentences, ...parts.edges, ...parts.evidence].flatMap((part) => part.cites),
    [parts.sentences, parts.edges, parts.evidence],
  )
  const cited = useCited(cites)
  const people = useMemo(
    () =>
      peopleOf(
        me,
        incident?.owner ?? null,
        incident?.watchers ?? [],
        here,
        parts.notes.flatMap((note) => [note.createdBy, ...note.mentions]),
      ),
    [me, incident, here, parts.notes],
  )
  const editor = useMemo<Editor | null>(
    () =>
      incident
        ? {
            number,
            incident,
            parts,
            me,
            people,
            cited,
            drafts,
            save,
            remove,
            edit: (one, from) => edit(one, from),
            pin,
            keepPicture,
            keepRecords,
          }
        : null,
    [number, incident, parts, me, people, cited, drafts, save, remove, edit, pin, keepPicture, keepRecords],
  )
  return {
    editor,
    error: head.error ?? found.error,
    loading: head.loading || found.loading,
    stale: head.stale,
    here,
    saved,
    conflicts,
    timelineTurn: turns.timeline,
    alertsTurn: turns.alerts,
    settle: (conflict, mine) => {
      setConflicts((before) => before.filter(({ field }) => field !== conflict.field))
      if (mine) void edit(withValue(conflict.field, conflict.mine), withValue(conflict.field, conflict.theirs), true)
    },
    reach: async (phase, at) => after(await client.command('incidents.reach', { number, phase, at })),
    reopen: async (reason) => after(await client.command('incidents.reopen', { number, reason })),
    addAlerts: async (alerts) => after(await client.command('incidents.addAlerts', { number, alerts: [...alerts] })),
    takeOut: async (alerts, reason) => {
      const fine = after(await client.command('incidents.removeAlerts', { number, alerts: [...alerts], reason }))
      if (fine) say(t('takeOut.done', { count: alerts.length, figure: format.number(alerts.length) }))
      return fine
    },
    link: async ({ to, kind }, linked) => {
      const fine = after(await client.command('incidents.link', { number, to, kind, linked }))
      if (fine) say(t(linked ? 'link.done' : 'link.undone', { number: to }))
      return fine
    },
    merge: async (into, from, reason) => {
      const fine = after(await client.command('incidents.merge', { number: into, from, reason }))
      if (fine) say(t('merge.done', { from, into }))
      return fine
    },
    undo,
    refresh,
  }
}
