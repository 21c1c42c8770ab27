import { useEffect, useLayoutEffect, useRef, useState, type ReactNode, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { Kbd } from '../../../components/Kbd.tsx'
import { visibleText } from '../../../format/text.ts'
import type { FilterOption } from './choices.ts'

/** The list under the filter, at the word it completes. The focus stays in the field. */
export function FilterChoices({
  id,
  options,
  current,
  recent,
  before,
  anchor,
  onTake,
}: {
  readonly id: string
  readonly options: readonly FilterOption[]
  readonly current: number | null
  readonly recent: boolean
  /** The text before the word. */
  readonly before: string
  readonly anchor: RefObject<HTMLInputElement | null>
  onTake(option: FilterOption): void
}): ReactNode {
  const { t } = useTranslation('packets')
  const { t: ofFilter } = useTranslation('packet-filter')
  const list = useRef<HTMLDivElement>(null)
  const ruler = useRef<HTMLSpanElement>(null)
  const [left, setLeft] = useState(0)
  useLayoutEffect(() => {
    const field = anchor.current
    const own = list.current?.parentElement
    if (!field || !own || !ruler.current) return
    const room = window.innerWidth - field.getBoundingClientRect().left - own.offsetWidth - 16
    setLeft(Math.max(-24, Math.min(ruler.current.offsetWidth - field.scrollLeft, room)))
  }, [anchor, before])
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [current, options])
  return (
    <>
      <span ref={ruler} className="wf-query-ruler" aria-hidden="true">
        {before}
      </span>
      <div className="wf-query-list" style={{ left }}>
        {recent ? <div className="wf-query-heading">{t('filter.recent')}</div> : null}
        <div ref={list} id={id} role="listbox" aria-label={recent ? t('filter.recent') : t('filter.choices')}>
          {options.map((option, index) => (
            <div
              key={option.label}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === current}
              className={`wf-query-choice ${recent ? 'q-choice-recent' : ''}`}
              // Not `click`: the field must keep the focus.
              onPointerDown={(event) => {
                event.preventDefault()
                onTake(option)
              }}
            >
              <code>
                {option.matched ? (
                  <>
                    {visibleText(option.label.slice(0, option.matched.start))}
                    <b>{visibleText(option.label.slice(option.matched.start, option.matched.end))}</b>
                    {visibleText(option.label.slice(option.matched.end))}
                  </>
                ) : (
                  visibleText(option.label)
                )}
              </code>
              {recent ? null : (
                <>
                  <span className="ellipsis">{visibleText(option.doc)}</span>
                  <em>{ofFilter(`filterTypes.${option.type}`, { defaultValue: visibleText(option.type) })}</em>
                  <em>{option.how ? t(`filter.how.${option.how}`) : ''}</em>
                </>
              )}
            </div>
          ))}
        </div>
        <div className="wf-query-keys" aria-hidden="true">
          <span>
            <Kbd keys="Tab" /> {t('filter.take')}
          </span>
          <span>
            <Kbd keys="ArrowUp" /> <Kbd keys="ArrowDown" /> {t('filter.choose')}
          </span>
          <span>
            <Kbd keys="Enter" /> {t('filter.run')}
          </span>
        </div>
      </div>
    </>
  )
}
