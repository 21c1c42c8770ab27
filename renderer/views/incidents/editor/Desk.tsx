import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { RouteSentence } from '../../../../shared/model/incident.ts'
import { navigate } from '../../../app/route.ts'
import { Pane } from '../../../components/Pane.tsx'
import { ErrorState } from '../../../components/States.tsx'
import { Narrative, type Editing } from '../narrative/Narrative.tsx'
import { NotesPane } from '../notes/NotesPane.tsx'
import { EvidencePane } from '../panes/EvidencePane.tsx'
import { PlaybookPane } from '../panes/PlaybookPane.tsx'
import { RouteHead } from '../route/RouteHead.tsx'
import { RoutePicture } from '../route/RoutePicture.tsx'
import { TimeAxis } from '../time/TimeAxis.tsx'
import { TimelineHead } from '../time/TimelineHead.tsx'
import { useEventDrop } from '../time/use-event-drop.ts'
import type { Timeline } from '../time/use-timeline.ts'
import { incidentWay } from '../ways.ts'
import { useEditor } from './editor-context.ts'
import { useLooked } from '../incident-state.ts'

/** Everything at once: when, by which way, why, with which proof, and what is done. */
export function Desk({
  timeline,
  editing,
  noteWanted,
  onAdd,
  onEditSentence,
  onConfirm,
  onRemoveSentence,
}: {
  readonly timeline: Timeline
  readonly editing: Editing
  readonly noteWanted: number
  onAdd(): void
  onEditSentence(editing: Editing): void
  onConfirm(sentence: RouteSentence): void
  onRemoveSentence(sentence: RouteSentence): void
}): ReactNode {
  const { t } = useTranslation('incidents')
  const { number } = useEditor()
  const drop = useEventDrop()
  return (
    <>
      <Pane label={t('pane.timeline')} className="in-pane in-timeline">
        <div className={drop.over ? 'in-dropping' : undefined} {...drop.handlers}>
          <TimelineHead timeline={timeline} onAdd={onAdd} />
          {timeline.error ? (
            <ErrorState error={timeline.error} what={t('entry.failed')} onRetry={timeline.refresh} />
          ) : (
            <TimeAxis timeline={timeline} />
          )}
        </div>
      </Pane>
      <div className="in-low">
        <div>
          <Pane label={t('pane.route')} className="in-pane in-routepane">
            <RouteHead />
            <RoutePicture
              onOpen={(entity) => {
                useLooked.setState({ entity })
                navigate(incidentWay(number, 'entities'))
              }}
            />
          </Pane>
          <EvidencePane />
        </div>
        <Narrative editing={editing} onEdit={onEditSentence} onConfirm={onConfirm} onRemove={onRemoveSentence} />
        <div>
          <PlaybookPane />
          <NotesPane wanted={noteWanted} />
        </div>
      </div>
    </>
  )
}
