import {
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
} from 'react'
import { useTranslation } from 'react-i18next'
import type { WatchfloorError } from '../../../../shared/model/result.ts'
import { useClient } from '../../../client/hooks.ts'
import { Icon } from '../../../components/Icon.tsx'
import { visibleText } from '../../../format/text.ts'
import { useRecentQueries } from '../../../widgets/query-input/recent.ts'
import { showInvisible } from '../../../../shared/query/escape.ts'
import { choicesOf, recentOf, replaceAt, type FilterOption } from './choices.ts'
import { FilterChoices } from './FilterChoices.tsx'
import { piecesOf } from './filter-pieces.ts'
import { SavedFilters } from './SavedFilters.tsx'
import '../../../widgets/query-input/query-input.css'

type How = 'index' | 'decode' | 'dissect'
type SyntaxError = Extract<WatchfloorError, { code: 'query_syntax' }>
const syntaxOf = (error: WatchfloorError | null): SyntaxError | null => (error?.code === 'query_syntax' ? error : null)

/** What the engine offered, and the text and caret it was asked for: each option is that text with a word put in. */
interface Offered {
  readonly text: string
  readonly caret: number
  readonly from: number
  readonly options: readonly FilterOption[]
}

/** Milliseconds that typing must pause before the engine is asked. */
const CHECK = 150
const COMPLETE = 40

/** A display filter: checked while it is typed, completed, its error at its character. Enter runs it. */
export function FilterBar({
  value,
  refused,
  input,
  note,
  onApply,
  onLeave,
}: {
  /** The filter of the address. */
  readonly value: string
  /** What the engine said of `value`. */
  readonly refused: WatchfloorError | null
  readonly input: RefObject<HTMLInputElement | null>
  /** Right half of the line below. */
  readonly note: ReactNode
  onApply(filter: string): void
  onLeave(): void
}): ReactNode {
  const { t } = useTranslation('packets')
  const { t: ofFilter } = useTranslation('packet-filter')
  const client = useClient()
  const mirror = useRef<HTMLDivElement>(null)
  const listId = useId()
  const lineId = useId()
  const [text, setText] = useState(value)
  const [caret, setCaret] = useState(value.length)
  const [open, setOpen] = useState<'no' | 'complete' | 'recent'>('no')
  const [at, setAt] = useState<number | null>(null)
  const [checked, setChecked] = useState<{ text: string; error: WatchfloorError | null; how: How | null }>({ text: value, error: null, how: null }) // prettier-ignore
  const [offered, setOffered] = useState<Offered>({ text: '', caret: 0, from: 0, options: [] })
  const { recent, add } = useRecentQueries('packets.recent')
  const [valueBefore, setValueBefore] = useState(value)
  if (valueBefore !== value) {
    setValueBefore(value)
    setText(value)
    setOpen('no')
  }
  /** The caret goes here once the text has been drawn. */
  const wanted = useRef<number | null>(null)
  useLayoutEffect(() => {
    const field = input.current
    if (field && wanted.current !== null) field.setSelectionRange(wanted.current, wanted.current)
    wanted.current = null
    if (mirror.current && field) mirror.current.scrollLeft = field.scrollLeft
  })

  useEffect(() => {
    const controller = new AbortController()
    const timer = setTimeout(
      () => {
        void client.query('packets.check', { filter: text }, { signal: controller.signal }).then((found) => {
          if (controller.signal.aborted) return
          if (found.ok) setChecked({ text, error: null, how: found.value.how })
          else if (syntaxOf(found.error)) setChecked({ text, error: found.error, how: null })
        })
      },
      text === value ? 0 : CHECK,
    )
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [client, text, value])
  useEffect(() => {
    if (open !== 'complete') return
    const controller = new AbortController()
    const timer = setTimeout(() => {
      const asked = { filter: text, cursor: caret, limit: 40 }
      void client.query('packets.complete', asked, { signal: controller.signal }).then((found) => {
        if (controller.signal.aborted) return
        if (found.ok) setOffered({ text, caret, from: found.value.from, options: choicesOf(text, found.value) })
        else setOffered({ text, caret, from: caret, options: [] })
        setAt(null)
      })
    }, COMPLETE)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [client, text, caret, open])

  const error = syntaxOf(checked.text === text ? checked.error : null) ?? (text === value ? syntaxOf(refused) : null)
  const options = useMemo(
    () => (open === 'recent' ? recentOf(text, recent) : open === 'complete' ? offered.options : []),
    [open, text, recent, offered],
  )
  const expanded = options.length > 0
  /** The list on screen is still that of what was typed before: it stays until the next one is there, but is not taken from. */
  const awaited = open === 'complete' && (offered.text !== text || offered.caret !== caret)
  const put = (next: string, to: number): void => {
    setText(next)
    setCaret(to)
    wanted.current = to
    setAt(null)
  }
  const take = (option: FilterOption): void => {
    put(option.text, option.caret)
    setOpen(open === 'recent' ? 'no' : 'complete')
    input.current?.focus()
  }
  const apply = (filter: string): void => {
    setOpen('no')
    const trimmed = filter.trim()
    if (syntaxOf(checked.text === filter ? checked.error : null)) return
    add(trimmed)
    onApply(trimmed)
  }
  const fix = (word: string): void => {
    if (!error) return
    const next = replaceAt(text, error.offset, error.length, word)
    put(next, error.offset + word.length)
    input.current?.focus()
  }
  const pressed = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    const option = awaited ? undefined : options[at ?? 0]
    const suggestion = error?.suggestions[0]
    if (step !== 0) {
      if (expanded) setAt(at === null ? (step > 0 ? 0 : options.length - 1) : (at + step + options.length) % options.length)
      else setOpen(text.trim() === '' || step < 0 ? 'recent' : 'complete')
    } else if (event.key === 'Tab' && !event.shiftKey && expanded && option) take(option)
    else if (event.key === 'Tab' && !event.shiftKey && awaited) setAt(null)
    else if (event.key === 'Tab' && !event.shiftKey && suggestion !== undefined) fix(suggestion)
    else if (event.key === 'Enter' && expanded && at !== null && option) {
      if (open === 'recent') {
        put(option.text, option.caret)
        apply(option.text)
      } else take(option)
    } else if (event.key === 'Enter') apply(text)
    else if (event.key === 'Escape') {
      if (expanded || awaited) setOpen('no')
      else if (text !== value) put(value, value.length)
      else onLeave()
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  const pieces = useMemo(() => piecesOf(text, error), [text, error])
  const message = error
    ? ofFilter(`filterErrors.${error.key}`, { ...shownValues(error.values), defaultValue: error.message })
    : ''
  return (
    <div className="wf-query pk-filter">
      <div className={`wf-query-frame ${error ? 'wf-query-wrong' : ''}`}>
        <Icon name="filter" />
        <div className="wf-query-field">
          <div ref={mirror} className="wf-query-mirror" aria-hidden="true">
            {pieces.map((piece, index) => (
              <span
                key={index}
                className={`pf-${piece.kind} ${piece.wrong ? 'q-error' : ''} ${piece.text === '' ? 'q-point' : ''}`}
              >
                {showInvisible(piece.text)}
              </span>
            ))}
          </div>
          <input
            ref={input}
            className="wf-query-input"
            type="text"
            role="combobox"
            aria-label={t('filter.label')}
            aria-autocomplete="list"
            aria-expanded={expanded}
            aria-controls={listId}
            aria-activedescendant={expanded && at !== null ? `${listId}-${at}` : undefined}
            aria-invalid={error !== null}
            aria-describedby={lineId}
            maxLength={8192}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="off"
            autoCorrect="off"
            placeholder={t('filter.placeholder')}
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value)
              setCaret(event.currentTarget.selectionStart ?? 0)
              setAt(null)
              setOpen(event.currentTarget.value.trim() === '' ? 'recent' : 'complete')
            }}
            onKeyDown={pressed}
            onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
            onScroll={(event) => {
              if (mirror.current) mirror.current.scrollLeft = event.currentTarget.scrollLeft
            }}
            onBlur={() => setOpen('no')}
          />
          {expanded ? (
            <FilterChoices
              id={listId}
              options={options}
              current={at}
              recent={open === 'recent'}
              before={text.slice(0, open === 'recent' ? 0 : offered.from)}
              anchor={input}
              onTake={(option) => (awaited ? undefined : take(option))}
            />
          ) : null}
        </div>
        {checked.text === text && checked.how !== null && text.trim() !== '' ? (
          <span className="pk-how" title={t(`filter.howTitle.${checked.how}`)}>
            {t(`filter.how.${checked.how}`)}
          </span>
        ) : null}
        <SavedFilters current={text.trim()} valid={error === null && text.trim() !== ''} onApply={apply} />
      </div>
      <div className="wf-query-line" id={lineId}>
        <div className="wf-query-message" aria-live="polite">
          {error ? (
            <span className="wf-query-problem">
              {message} {t('filter.atCharacter', { at: error.offset + 1 })}
              {error.suggestions.length > 0 ? (
                <>
                  {' '}
                  {t('filter.didYouMean')}
                  {error.suggestions.slice(0, 5).map((word) => (
                    <button key={word} type="button" className="wf-query-fix" onClick={() => fix(word)}>
                      {visibleText(word)}
                    </button>
                  ))}
                </>
              ) : null}
            </span>
          ) : text.trim() !== value.trim() ? (
            <span>{t('filter.enterRuns')}</span>
          ) : null}
        </div>
        <div className="wf-query-note">
          {error && text !== value ? (
            <span>
              {t('filter.lastValid')} <code>{value === '' ? t('filter.none') : visibleText(value)}</code>
            </span>
          ) : null}
          {note}
        </div>
      </div>
    </div>
  )
}

/** Words of the filter in a sentence: what cannot be seen is escaped. */
const shownValues = (values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, visibleText(value)]))
