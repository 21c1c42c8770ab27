import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/Button.tsx'
import { Kbd } from '../../../components/Kbd.tsx'
import { PaneHead } from '../../../components/Pane.tsx'
import { formatDateTime, formatTime } from '../../../format/time.ts'
import type { Timeline } from './use-timeline.ts'

/** What the axis shows, and the keys that change it. */
export function TimelineHead({ timeline, onAdd }: { readonly timeline: Timeline; onAdd(): void }): ReactNode {
  const { t } = useTranslation('incidents')
  const { window } = timeline
  const sameDay = window && new Date(window.from).toISOString().slice(0, 10) === new Date(window.to).toISOString().slice(0, 10)
  return (
    <PaneHead title={t('pane.timeline')}>
      {window ? (
        <span className="mono">
          {sameDay ? formatTime(window.from).slice(0, 5) : formatDateTime(window.from).slice(0, 16)} –{' '}
          {sameDay ? formatTime(window.to).slice(0, 5) : formatDateTime(window.to).slice(0, 16)} UTC
        </span>
      ) : null}
      <Button small kind="quiet" keys="+" aria-label={t('keys.zoomIn')} onClick={() => timeline.zoom(1)} />
      <Button small kind="quiet" keys="-" aria-label={t('keys.zoomOut')} onClick={() => timeline.zoom(-1)} />
      <Button small kind="quiet" keys="0" onClick={() => timeline.setWindow(null)}>
        {t('axis.all')}
      </Button>
      <span className="in-hintarrows">
        <Kbd keys="ArrowLeft" /> <Kbd keys="ArrowRight" /> {t('axis.entry')}
      </span>
      <Button small keys="t" onClick={onAdd}>
        {t('axis.add')}
      </Button>
    </PaneHead>
  )
}
