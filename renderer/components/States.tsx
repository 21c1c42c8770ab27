import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { WatchfloorError } from '../../shared/model/result.ts'
import { useFormat } from '../i18n/use-format.ts'
import { visibleText } from '../format/text.ts'
import { useNow } from '../state/clock.ts'
import { Button } from './Button.tsx'
import './pane.css'

/** Nothing to show: one line why, one action (or the few ways to begin). */
export function EmptyState({ children, actions }: { readonly children: ReactNode; readonly actions?: ReactNode }): ReactNode {
  return (
    <div className="wf-empty">
      <p>{children}</p>
      {actions ? <div className="wf-empty-actions">{actions}</div> : null}
    </div>
  )
}

/** Below this, waiting is not shown at all (milliseconds). */
export const QUIET_MS = 200

/** True once `waiting` has lasted {@link QUIET_MS}. */
export function useSlow(waiting: boolean): boolean {
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    if (!waiting) return
    const timer = setTimeout(() => setSlow(true), QUIET_MS)
    return () => {
      clearTimeout(timer)
      setSlow(false)
    }
  }, [waiting])
  return waiting && slow
}

export interface LoadingProps {
  readonly waiting?: boolean
  /** What has been done and what there is in all, in the same unit; without `of` the bar only says that it works. */
  readonly done?: number
  readonly of?: number
  /** Instead of `done` and `of`, where there is only a share of the work, 0 to 1. */
  readonly share?: number
  /** Whether the figures are bytes. */
  readonly bytes?: boolean
  /** When it began (milliseconds since 1970): gives rate and time left. */
  readonly since?: number
  readonly onStop?: () => void
}

/** A 4 px bar with count, rate, time left and Stop; nothing below 200 ms. */
export function Loading({ waiting = true, done, of, share: part, bytes = false, since, onStop }: LoadingProps): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const slow = useSlow(waiting)
  const now = useNow()
  if (!slow) return null
  const figure = (value: number): string => (bytes ? format.bytes(value) : format.number(value))
  const share = part ?? (done !== undefined && of !== undefined && of > 0 ? Math.min(1, done / of) : undefined)
  const seconds = since === undefined ? 0 : (now - since) / 1000
  const rate = done !== undefined && seconds > 0.5 ? done / seconds : 0
  return (
    <div className="wf-loading">
      <div
        className="wf-loading-bar"
        role="progressbar"
        aria-label={t('loading.label')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === undefined ? undefined : Math.round(share * 100)}
      >
        {share === undefined ? <i className="wf-unknown" /> : <i style={{ width: `${share * 100}%` }} />}
      </div>
      {done === undefined && !onStop ? null : (
        <div className="wf-loading-line">
          {done === undefined ? null : (
            <span>{of === undefined ? figure(done) : t('loading.of', { done: figure(done), of: figure(of) })}</span>
          )}
          {rate > 0 ? <span>{t('loading.rate', { rate: figure(rate) })}</span> : null}
          {rate > 0 && of !== undefined && done !== undefined && of > done ? (
            <span>{t('loading.left', { age: format.age((of - done) / rate) })}</span>
          ) : null}
          {onStop ? (
            <Button small kind="quiet" icon="stop" onClick={onStop}>
              {t('loading.stop')}
            </Button>
          ) : null}
        </div>
      )}
    </div>
  )
}

/**
 * What failed, what still works, what to do, and the code. `what` is the sentence of the place ("The alerts could not be
 * read."); the reason comes from the error.
 */
export function ErrorState({
  error,
  what,
  works,
  onRetry,
  actions,
}: {
  readonly error: WatchfloorError
  readonly what: string
  readonly works?: string
  readonly onRetry?: () => void
  readonly actions?: ReactNode
}): ReactNode {
  const { t } = useTranslation()
  const permission = error.code === 'forbidden' ? error.permission : ''
  return (
    <div className="wf-error" role="alert">
      <b>{what}</b>
      <span>
        {t(`error.${error.code}`, { permission })}
        {works ? ` ${works}` : ''}
      </span>
      <span>
        <code>
          {error.code}
          {error.code === 'internal' ? ` ${error.correlationId}` : ''}: {visibleText(error.message)}
        </code>
      </span>
      {onRetry || actions ? (
        <div className="wf-error-actions">
          {onRetry ? (
            <Button small onClick={onRetry}>
              {t('error.retry')}
            </Button>
          ) : null}
          {actions}
        </div>
      ) : null}
    </div>
  )
}
