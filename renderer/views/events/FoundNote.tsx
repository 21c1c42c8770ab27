import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Loading } from '../../components/States.tsx'
import { useFormat } from '../../i18n/use-format.ts'
import type { EventCount } from './use-event-count.ts'

export interface FoundNoteProps {
  readonly counting: EventCount
  /** Events of the search, as far as that is known; null while it is not. */
  readonly total: number | null
  readonly waits: boolean
  /** Milliseconds that reading the rows took. */
  readonly took: number | null
}

/** How much a search found, and how long it took. */
export function FoundNote({ counting, total, waits, took }: FoundNoteProps): ReactNode {
  const { t } = useTranslation('events')
  const format = useFormat()
  const { running, progress, began, count, stop } = counting
  return (
    <>
      {running ? (
        <span className="ev-count">
          <Loading done={progress?.scanned ?? 0} {...(progress ? { of: progress.of } : {})} since={began} onStop={stop} />
        </span>
      ) : count !== null ? (
        <span>{t('note.counted', { count: format.number(count) })}</span>
      ) : null}
      <span aria-live="polite">
        {total === null ? (waits ? t('note.counting') : '') : t('note.total', { count: format.number(total) })}
        {took === null ? null : <em>{` ${t('note.took', { ms: format.number(took, took < 10 ? 1 : 0) })}`}</em>}
      </span>
    </>
  )
}
