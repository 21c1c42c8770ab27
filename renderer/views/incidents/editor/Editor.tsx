import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { RouteSentence, TimelineEntry } from '../../../../shared/model/incident.ts'
import { useCommands } from '../../../app/commands.ts'
import { navigate, useRoute } from '../../../app/route.ts'
import { StatusItems } from '../../../app/StatusBar.tsx'
import { useQuery } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Kbd } from '../../../components/Kbd.tsx'
import { Menu } from '../../../components/Menu.tsx'
import { ErrorState, Loading } from '../../../components/States.tsx'
import { Tabs } from '../../../components/Tabs.tsx'
import { visibleText } from '../../../format/text.ts'
import { formatTime } from '../../../format/time.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useKeys } from '../../../keys/use-keys.tsx'
import { takesText } from '../../../keys/keys.ts'
import { useNotice } from '../../../state/notice.ts'
import { eventIdsOf } from '../cites/cite-text.ts'
import { AlertsTab } from '../alerts/AlertsTab.tsx'
import { TakeOutDialog } from '../alerts/TakeOutDialog.tsx'
import { useIncidentAlerts } from '../alerts/use-incident-alerts.ts'
import { EntitiesTab } from '../entities/EntitiesTab.tsx'
import { INCIDENT_KEYS } from '../incident-keys.ts'
import { lookAt, TABS, useLooked, type TabId } from '../incident-state.ts'
import { LinksDialog } from '../links/LinksDialog.tsx'
import { MergeDialog } from '../links/MergeDialog.tsx'
import { isProved, type Editing } from '../narrative/Narrative.tsx'
import { useProposal } from '../narrative/use-proposal.ts'
import { NotesPane } from '../notes/NotesPane.tsx'
import { EvidencePane } from '../panes/EvidencePane.tsx'
import { LedgerTab } from '../panes/LedgerTab.tsx'
import { OfferedDialog } from '../panes/OfferedDialog.tsx'
import { focusedRow, moveInPane, ownsArrows } from '../panes/pane-rows.ts'
import { PlaybookPane } from '../panes/PlaybookPane.tsx'
import { EntryDialog } from '../time/EntryDialog.tsx'
import { ExportCase } from '../papers/ExportCase.tsx'
import { ReportDialog } from '../papers/ReportDialog.tsx'
import { PinDialog } from '../time/PinDialog.tsx'
import { TimelineTab } from '../time/TimelineTab.tsx'
import { useTimeline, type Timeline } from '../time/use-timeline.ts'
import { incidentWay, listWay } from '../ways.ts'
import { Conflicts } from './Conflicts.tsx'
import { Desk } from './Desk.tsx'
import { DetailsDialog } from './DetailsDialog.tsx'
import { EditorProvider, useEditor } from './editor-context.ts'
import { Head } from './Head.tsx'
import { Phases, REACHED } from './Phases.tsx'
import { ReopenDialog } from './ReopenDialog.tsx'
import { useIncident, type OpenIncident } from './use-incident.ts'

const BODY = 'incident-body'
/** How often it is looked whether there are new alerts of the story, in milliseconds. */
const OFFERED_EVERY = 30_000

/** One incident. */
export function Editor({ number }: { readonly number: string }): ReactNode {
  const { t } = useTranslation('incidents')
  const open = useIncident(number)
  lookAtOnce(number)
  // Asked for together with the head: it is the most there is to read.
  const timeline = useTimeline(number, open.timelineTurn)
  if (!open.editor)
    return (
      <div className="in">
        {open.error ? (
          <ErrorState
            error={open.error}
            what={t('editor.failed', { number })}
            onRetry={open.refresh}
            actions={
              <Button small onClick={() => navigate(listWay())}>
                {t('editor.list')}
              </Button>
            }
          />
        ) : (
          <Loading />
        )}
      </div>
    )
  return (
    <EditorProvider value={open.editor}>
      <Opened open={open} timeline={timeline} />
    </EditorProvider>
  )
}
/** Before the first render of what is inside, which reads it. */
const lookAtOnce = (number: string): void => {
  if (useLooked.getState().number !== number) lookAt(number)
}

type Shown =
  | 'status'
  | 'details'
  | 'report'
  | 'export'
  | 'offered'
  | 'reopen'
  | 'pin'
  | 'links'
  | 'merge'
  /** The ids it was opened for. */
  | { readonly takeOut: ReadonlySet<string> }
  | { readonly entry: TimelineEntry | null }
  | null

function Opened({ open, timeline }: { readonly open: OpenIncident; readonly timeline: Timeline }): ReactNode {
  const { t } = useTranslation('incidents')
  const format = useFormat()
  const say = useNotice((state) => state.say)
  const { number, incident, parts, save, remove, me, keepPicture } = useEditor()
  const { params } = useRoute()
  const tab = TABS.find((one) => one === params['tab']) ?? 'desk'
  const offered = useQuery('incidents.offered', incident.status === 'merged' ? null : { number })
  const refreshOffered = offered.refresh
  const [shown, setShown] = useState<Shown>(null)
  const [pasted, setPasted] = useState('')
  const [naming, setNaming] = useState(false)
  const [editing, setEditing] = useState<Editing>(null)
  const [noteWanted, setNoteWanted] = useState(0)
  const statusButton = useRef<HTMLButtonElement>(null)
  const go = (to: TabId): void => navigate(incidentWay(number, to), true)
  const groups = useMemo(() => [...new Set((timeline.counted?.groups ?? []).map(({ group }) => group))], [timeline.counted])

  const proposal = useProposal()
  const joined = useIncidentAlerts(number, open.alertsTurn, tab === 'alerts')
  const changeable = incident.mergedInto === null
  const alertsTurn = useRef(open.alertsTurn)
  useEffect(() => {
    if (alertsTurn.current !== open.alertsTurn) refreshOffered()
    alertsTurn.current = open.alertsTurn
  }, [open.alertsTurn, refreshOffered])
  useEffect(() => {
    const timer = setInterval(refreshOffered, OFFERED_EVERY)
    return () => clearInterval(timer)
  }, [refreshOffered])
  // Ids of events that are pasted where nothing is written are pinned, after a look at them.
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      if (takesText(document.activeElement)) return
      // A picture where nothing is written is evidence.
      const picture = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith('image/'))
      if (picture && keepPicture) {
        event.preventDefault()
        void keepPicture(picture).then((id) => {
          if (id !== null) say(t('evidence.addedNow', { count: 1, ids: id }))
        })
        return
      }
      const text = event.clipboardData?.getData('text/plain') ?? ''
      if (eventIdsOf(text).length === 0) return
      event.preventDefault()
      setPasted(text.slice(0, 40_000))
      setShown('pin')
    }
    window.addEventListener('paste', paste)
    return () => window.removeEventListener('paste', paste)
  }, [keepPicture, say, t])

  const confirm = useCallback(
    (sentence: RouteSentence) => {
      if (sentence.state === 'confirmed') return
      if (!isProved(sentence)) return say(t('sentence.cannotConfirm'), 'fault')
      const { id, written, ...part } = sentence
      void save({ kind: 'sentence', id, base: written.revision, part: { ...part, state: 'confirmed' } }).then((result) => {
        if (result) say(t('sentence.confirmed'))
      })
    },
    [save, say, t],
  )
  const removeSentence = useCallback((sentence: RouteSentence) => void remove('sentence', sentence.id), [remove])
  const withSentence = (run: (sentence: RouteSentence) => void): boolean => {
    const id = focusedRow('sentence')
    const sentence = parts.sentences.find((one) => one.id === id)
    if (!sentence) return false
    run(sentence)
    return true
  }
  const takeOut = (): void => setShown({ takeOut: new Set(joined.meant.map(({ id }) => id)) })
  const removeFocused = (): boolean => {
    if (joined.meant.length > 0 && changeable) {
      takeOut()
      return true
    }
    for (const kind of ['sentence', 'note', 'task', 'edge', 'entity'] as const) {
      const id = focusedRow(kind)
      if (id === null) continue
      void remove(kind, id)
      return true
    }
    return false
  }
  const sideways = (by: number) => () => (ownsArrows() ? false : timeline.step(by))
  const add = (): void => setShown({ entry: null })
  const pin = (): void => {
    setPasted('')
    setShown('pin')
  }
  const addEvidence = useCallback((): void => {
    if (tab !== 'desk' && tab !== 'evidence') navigate(incidentWay(number, 'evidence'), true)
    // The pane that has it may only be coming.
    requestAnimationFrame(() => document.querySelector<HTMLInputElement>('[data-evidence-input]')?.click())
  }, [tab, number])
  const alerts = offered.value?.alerts ?? []
  const reading = tab === 'desk' || tab === 'timeline'
  const sentences = tab === 'desk'
  useKeys('incidents', INCIDENT_KEYS, {
    down: () => moveInPane(1),
    up: () => moveInPane(-1),
    offered: alerts.length > 0 ? () => setShown('offered') : undefined,
    entry: add,
    pin,
    note: () => {
      if (tab !== 'desk' && tab !== 'notes') go('notes')
      setNoteWanted((before) => before + 1)
    },
    evidence: addEvidence,
    status: () => setShown('status'),
    title: () => setNaming(true),
    details: () => setShown('details'),
    report: () => setShown('report'),
    links: changeable ? () => setShown('links') : undefined,
    merge: changeable ? () => setShown('merge') : undefined,
    mark:
      tab === 'alerts' && changeable
        ? () => {
            const under = joined.alerts?.[joined.at]
            if (under) joined.mark(under.id)
          }
        : undefined,
    exportCase: () => setShown('export'),
    sentence: sentences ? () => setEditing('new') : undefined,
    confirm: sentences ? () => withSentence(confirm) : undefined,
    confirmAll: sentences && proposal.open.length > 0 ? proposal.confirmAll : undefined,
    propose: sentences ? proposal.propose : undefined,
    language: sentences
      ? () => useLooked.setState(({ language }) => ({ language: (language ?? format.language) === 'en' ? 'ko' : 'en' }))
      : undefined,
    remove: removeFocused,
    previousEntry: reading ? sideways(-1) : undefined,
    nextEntry: reading ? sideways(1) : undefined,
    zoomIn: reading ? () => timeline.zoom(1) : undefined,
    zoomOut: reading ? () => timeline.zoom(-1) : undefined,
    zoomAll: reading ? () => timeline.setWindow(null) : undefined,
    ...Object.fromEntries(TABS.map((one) => [`tab.${one}`, () => go(one)])),
    undo: open.undo,
    back: () => (tab === 'desk' ? navigate(listWay()) : go('desk')),
  })
  useCommands(
    'incidents',
    useMemo(
      () => [
        { id: 'incidents.pin', label: t('pin.title'), place: number, keys: 'p', run: () => setShown('pin') },
        { id: 'incidents.entry', label: t('entry.new'), place: number, keys: 't', run: () => setShown({ entry: null }) },
        { id: 'incidents.evidence', label: t('evidence.addFiles'), place: number, keys: 'v', run: addEvidence },
        { id: 'incidents.links', label: t('link.all'), place: number, keys: 'L', run: () => setShown('links') },
        { id: 'incidents.merge', label: t('merge.open'), place: number, keys: 'M', run: () => setShown('merge') },
        { id: 'incidents.details', label: t('details.title'), place: number, keys: 'e', run: () => setShown('details') },
        { id: 'incidents.report', label: t('papers:report.open'), place: number, keys: 'R', run: () => setShown('report') },
        { id: 'incidents.export', label: t('papers:case.export'), place: number, keys: 'X', run: () => setShown('export') },
      ],
      [t, number, addEvidence],
    ),
  )

  const { counts } = incident
  const figures: Partial<Record<TabId, string>> = {
    timeline: format.number(timeline.total || counts.entries),
    alerts: format.number(counts.alerts),
    entities: format.number(parts.entities.length || counts.entities),
    evidence: format.number(parts.evidence.length || counts.evidence),
    ...(counts.tasks > 0 ? { playbook: `${format.number(counts.tasksDone)}/${format.number(counts.tasks)}` } : {}),
    notes: format.number(parts.notes.length || counts.notes),
    ledger: format.number(counts.ledger),
  }
  const leaving =
    shown !== null && typeof shown === 'object' && 'takeOut' in shown
      ? (joined.alerts ?? []).filter(({ id }) => shown.takeOut.has(id))
      : null
  const others = open.here.filter((name) => name !== me)
  return (
    <div className="in">
      {incident.mergedInto === null ? null : (
        <p className="in-merged" role="status">
          {t('editor.merged')}{' '}
          <a className="link mono" href={incidentWay(incident.mergedInto)}>
            {incident.mergedInto}
          </a>
          {'. '}
          {t('editor.mergedStays')}
        </p>
      )}
      <Head
        naming={naming}
        statusButton={statusButton}
        onNaming={setNaming}
        onStatus={() => setShown('status')}
        onDetails={() => setShown('details')}
        onReport={() => setShown('report')}
        onLinks={() => setShown('links')}
        onExport={() => setShown('export')}
      />
      <Conflicts conflicts={open.conflicts} onSettle={open.settle} />
      <Phases onReach={open.reach} />
      <div className="in-tabs">
        <Tabs
          label={incident.number}
          controls={BODY}
          selected={tab}
          tabs={TABS.map((one) => ({ id: one, label: t(`tabs.${one}`), count: figures[one] }))}
          onSelect={(id) => go(TABS.find((one) => one === id) ?? 'desk')}
        />
        <div className="grow" />
        {alerts.length > 0 ? (
          <button type="button" className="in-offered" onClick={() => setShown('offered')}>
            <b>{t('offered.count', { count: alerts.length, figure: format.number(alerts.length) })}</b> {t('offered.ofStory')}{' '}
            <Kbd keys="n" /> {t('offered.review')}
          </button>
        ) : null}
      </div>
      {open.error ? (
        <ErrorState error={open.error} what={t('editor.failed', { number })} works={t('editor.kept')} onRetry={open.refresh} />
      ) : null}
      <div id={BODY} role="tabpanel" aria-label={t(`tabs.${tab}`)} className={`in-body in-body-${tab}`}>
        {tab === 'desk' ? (
          <Desk
            timeline={timeline}
            editing={editing}
            noteWanted={noteWanted}
            onAdd={add}
            onEditSentence={setEditing}
            onConfirm={confirm}
            onRemoveSentence={removeSentence}
          />
        ) : tab === 'timeline' ? (
          <TimelineTab timeline={timeline} onAdd={add} onPin={pin} onEdit={(entry) => setShown({ entry })} />
        ) : tab === 'alerts' ? (
          <AlertsTab alerts={joined} onTakeOut={takeOut} />
        ) : tab === 'entities' ? (
          <EntitiesTab />
        ) : tab === 'evidence' ? (
          <EvidencePane wide />
        ) : tab === 'playbook' ? (
          <PlaybookPane wide />
        ) : tab === 'notes' ? (
          <NotesPane wanted={noteWanted} wide />
        ) : (
          <LedgerTab />
        )}
      </div>
      <StatusItems>
        {open.saved === null ? null : <span>{t('editor.saved', { time: formatTime(open.saved) })}</span>}
        {others.length > 0 ? (
          <span>{t('editor.here', { count: others.length, names: format.list(others.map(visibleText)) })}</span>
        ) : null}
      </StatusItems>
      {shown === 'status' ? (
        <Menu
          anchor={statusButton}
          label={t('statusButton')}
          align="end"
          onClose={() => setShown(null)}
          items={
            incident.status === 'closed'
              ? [{ id: 'reopen', label: t('reopen.open'), run: () => setShown('reopen') }]
              : [...REACHED].map((phase, index) => ({
                  id: phase,
                  label: t(`reach.${phase}`),
                  keys: String(index + 1),
                  disabled: incident.times[phase] !== null && incident.times[phase] !== undefined,
                  run: () => void open.reach(phase, null),
                }))
          }
        />
      ) : null}
      {shown === 'details' ? <DetailsDialog onClose={() => setShown(null)} /> : null}
      {shown === 'report' ? <ReportDialog onClose={() => setShown(null)} /> : null}
      {shown === 'export' ? <ExportCase onClose={() => setShown(null)} /> : null}
      {shown === 'reopen' ? <ReopenDialog onReopen={open.reopen} onClose={() => setShown(null)} /> : null}
      {shown === 'offered' ? <OfferedDialog offered={alerts} onAdd={open.addAlerts} onClose={() => setShown(null)} /> : null}
      {shown === 'links' ? (
        <LinksDialog onLink={open.link} onMerge={() => setShown('merge')} onClose={() => setShown(null)} />
      ) : null}
      {shown === 'merge' ? (
        <MergeDialog
          onMerge={async (into, from, reason) => {
            const fine = await open.merge(into, from, reason)
            if (fine && into !== number) navigate(incidentWay(into))
            return fine
          }}
          onClose={() => setShown(null)}
        />
      ) : null}
      {leaving !== null ? (
        <TakeOutDialog
          alerts={leaving}
          onTakeOut={async (alerts, reason) => {
            const fine = await open.takeOut(alerts, reason)
            if (fine) joined.unmark()
            return fine
          }}
          onClose={() => setShown(null)}
        />
      ) : null}
      {shown === 'pin' ? <PinDialog text={pasted} groups={groups} onClose={() => setShown(null)} /> : null}
      {shown !== null && typeof shown === 'object' && 'entry' in shown ? (
        <EntryDialog
          entry={shown.entry}
          groups={groups}
          onClose={() => setShown(null)}
          onSaved={(id) => useLooked.setState({ entry: id })}
        />
      ) : null}
    </div>
  )
}
