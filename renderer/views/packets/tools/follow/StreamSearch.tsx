import type { KeyboardEvent, ReactNode, RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../../components/Button.tsx'
import { useFormat } from '../../../../i18n/use-format.ts'
import type { Hits } from './stream-search.ts'

/** The box for looking in the stream: Enter goes on, Shift+Enter back. */
export function StreamSearch({
  input,
  text,
  caseSensitive,
  hits,
  current,
  onText,
  onCase,
  onStep,
}: {
  readonly input: RefObject<HTMLInputElement | null>
  readonly text: string
  readonly caseSensitive: boolean
  readonly hits: Hits
  readonly current: number
  onText(text: string): void
  onCase(caseSensitive: boolean): void
  onStep(backwards: boolean): void
}): ReactNode {
  const { t } = useTranslation('packet-tools')
  const format = useFormat()
  const none = hits.starts.length === 0
  const pressed = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
    event.preventDefault()
    onStep(event.shiftKey)
  }
  return (
    <div className="pt-search" role="search">
      <input
        ref={input}
        className="wf-input wf-input-small mono"
        aria-label={t('follow.search')}
        placeholder={t('follow.search')}
        title={t('follow.searchNote')}
        value={text}
        maxLength={1024}
        spellCheck={false}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={pressed}
      />
      <Button
        small
        kind="quiet"
        className="mono"
        aria-pressed={caseSensitive}
        aria-label={t('caseSensitive')}
        title={t('caseSensitive')}
        onClick={() => onCase(!caseSensitive)}
      >
        {'Aa'}
      </Button>
      <Button small kind="quiet" iconOnly icon="up" disabled={none} aria-label={t('previous')} onClick={() => onStep(true)} />
      <Button small kind="quiet" iconOnly icon="down" disabled={none} aria-label={t('next')} onClick={() => onStep(false)} />
      <span className="pt-count" role="status">
        {text === ''
          ? ''
          : none
            ? t('follow.noHit')
            : t('follow.hits', {
                current: current < 0 ? '–' : format.number(current + 1),
                total: `${format.number(hits.starts.length)}${hits.more ? '+' : ''}`,
              })}
      </span>
    </div>
  )
}
