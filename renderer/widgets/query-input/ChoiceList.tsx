import { useEffect, useLayoutEffect, useRef, useState, type ReactNode, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { Kbd } from '../../components/Kbd.tsx'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import type { Choice } from './choices.ts'

/** The list under the query, at the word it completes. The focus stays in the field. */
export function ChoiceList({
  id,
  choices,
  current,
  heading,
  anchor,
  at,
  text,
  onTake,
}: {
  readonly id: string
  readonly choices: readonly Choice[]
  readonly current: number | null
  readonly heading: string | null
  readonly anchor: RefObject<HTMLInputElement | null>
  /** Offset in `text` where the completed word begins. */
  readonly at: number
  readonly text: string
  onTake(choice: Choice): void
}): ReactNode {
  const { t } = useTranslation('query')
  const list = useRef<HTMLDivElement>(null)
  const ruler = useRef<HTMLSpanElement>(null)
  const [left, setLeft] = useState(0)
  const before = text.slice(0, at)
  useLayoutEffect(() => {
    const field = anchor.current
    const own = list.current?.parentElement
    if (!field || !own || !ruler.current) return
    const wanted = ruler.current.offsetWidth - field.scrollLeft
    const room = window.innerWidth - field.getBoundingClientRect().left - own.offsetWidth - 16
    setLeft(Math.max(-24, Math.min(wanted, room)))
  }, [anchor, before])
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [current, choices])
  return (
    <>
      <span ref={ruler} className="wf-query-ruler" aria-hidden="true">
        {before}
      </span>
      <div className="wf-query-list" style={{ left }}>
        {heading === null ? null : <div className="wf-query-heading">{heading}</div>}
        <div ref={list} id={id} role="listbox" aria-label={heading ?? t('suggestions')}>
          {choices.map((choice, index) => (
            <ChoiceRow key={choice.id} id={`${id}-${index}`} choice={choice} selected={index === current} onTake={onTake} />
          ))}
        </div>
        <div className="wf-query-keys" aria-hidden="true">
          <span>
            <Kbd keys="Tab" /> {t('keys.take')}
          </span>
          <span>
            <Kbd keys="ArrowUp" /> <Kbd keys="ArrowDown" /> {t('keys.choose')}
          </span>
          <span>
            <Kbd keys="Enter" /> {t('keys.run')}
          </span>
        </div>
      </div>
    </>
  )
}

function ChoiceRow({
  id,
  choice,
  selected,
  onTake,
}: {
  readonly id: string
  readonly choice: Choice
  readonly selected: boolean
  onTake(choice: Choice): void
}): ReactNode {
  const { t } = useTranslation('query')
  const format = useFormat()
  const { field, kind, label, matched, count } = choice
  return (
    <div
      id={id}
      role="option"
      aria-selected={selected}
      className={`wf-query-choice q-choice-${kind}`}
      // Not `click`: the field must keep the focus.
      onPointerDown={(event) => {
        event.preventDefault()
        onTake(choice)
      }}
    >
      <code>
        {matched ? (
          <>
            {visibleText(label.slice(0, matched.start))}
            <b>{visibleText(label.slice(matched.start, matched.end))}</b>
            {visibleText(label.slice(matched.end))}
          </>
        ) : (
          visibleText(label)
        )}
      </code>
      <span className="ellipsis">
        {kind === 'field' && field
          ? t(`docs.${field.name.replaceAll('.', '_')}`, { defaultValue: field.doc })
          : kind === 'keyword'
            ? t(`keywords.${label}`)
            : kind === 'time'
              ? t(`times.${label}`, { defaultValue: '' })
              : null}
      </span>
      {kind === 'recent' ? <em>{t('recentOne')}</em> : null}
      {field ? <em>{t(`types.${field.type}`, { defaultValue: field.type })}</em> : null}
      {count === null && !field ? null : <em className="num">{count === null ? '' : format.number(count)}</em>}
      {field ? <em>{field.indexed ? t('indexed') : t('scanned')}</em> : null}
    </div>
  )
}
