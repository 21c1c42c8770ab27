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
import { checkFields } from '../../../shared/query/check.ts'
import { complete, type KnownField, type KnownValue } from '../../../shared/query/complete.ts'
import { showInvisible } from '../../../shared/query/escape.ts'
import { parseQuery } from '../../../shared/query/parse.ts'
import { Icon } from '../../components/Icon.tsx'
import { ChoiceList } from './ChoiceList.tsx'
import { choicesOf, recentChoices, type Choice } from './choices.ts'
import { highlight, type WrongPlace } from './highlight.ts'
import { useRecentQueries } from './recent.ts'
import './query-input.css'

export interface QueryInputProps {
  /** The query whose rows are on screen. A change from outside replaces what is being typed. */
  readonly value: string
  /** Fields that may be named here: completion, and warnings for others. */
  readonly fields: readonly KnownField[]
  /** Name for screen readers. */
  readonly label: string
  readonly placeholder?: string
  /** Settings key of the recent queries. */
  readonly recentKey: string
  /** Known values of a field, most frequent first. */
  readonly valuesOf?: (field: string, signal: AbortSignal) => Promise<readonly KnownValue[]>
  /** An error the engine found in `value`, where it stands. */
  readonly refused?: { readonly offset: number; readonly length: number; readonly message: string } | null
  readonly inputRef?: RefObject<HTMLInputElement | null>
  /** Controls at the right end, inside the frame. */
  readonly children?: ReactNode
  /** Right half of the line below: how many rows, how long it took. */
  readonly note?: ReactNode
  /** Enter, or a suggestion that puts an error right: a query that parses. */
  onApply(text: string): void
  /** Esc with nothing open: the text is `value` again. */
  onLeave?(): void
}

/** One line of the query language: highlighted, completed, its errors at their characters. Rows keep the last valid query. */
export function QueryInput({
  value,
  fields,
  label,
  placeholder,
  recentKey,
  valuesOf,
  refused = null,
  inputRef,
  children,
  note,
  onApply,
  onLeave,
}: QueryInputProps): ReactNode {
  const { t } = useTranslation('query')
  const own = useRef<HTMLInputElement>(null)
  const input = inputRef ?? own
  const mirror = useRef<HTMLDivElement>(null)
  const listId = useId()
  const lineId = useId()
  const [text, setText] = useState(value)
  const [caret, setCaret] = useState(value.length)
  const [open, setOpen] = useState<'no' | 'complete' | 'recent'>('no')
  const [chosen, setChosen] = useState<number | null>(null)
  const [values, setValues] = useState<{ readonly field: string; readonly values: readonly KnownValue[] } | null>(null)
  const wantedCaret = useRef<number | null>(null)
  const { recent, add } = useRecentQueries(recentKey)

  // What was typed gives way to a query that comes from elsewhere: a pivot, a saved view, the address.
  const [seen, setSeen] = useState(value)
  if (seen !== value) {
    setSeen(value)
    setText(value)
    setOpen('no')
  }

  const parsed = useMemo(() => parseQuery(text), [text])
  const names = useMemo(() => new Set(fields.flatMap(({ name, ecs }) => (ecs ? [name, ecs] : [name]))), [fields])
  const warning = useMemo(() => (parsed.ok ? (checkFields(parsed.value, names)[0] ?? null) : null), [parsed, names])
  const engineError = refused !== null && text === value ? refused : null
  const places = useMemo<WrongPlace[]>(() => {
    if (!parsed.ok) return [{ offset: parsed.error.offset, length: parsed.error.length, wrong: 'error' }]
    if (engineError) return [{ offset: engineError.offset, length: engineError.length, wrong: 'error' }]
    return warning ? [{ offset: warning.offset, length: warning.length, wrong: 'unknown' }] : []
  }, [parsed, warning, engineError])
  const pieces = useMemo(() => highlight(text, places), [text, places])

  const completion = useMemo(() => {
    if (open !== 'complete') return null
    const plain = complete(text, caret, fields)
    return plain.valuesOf !== null && plain.valuesOf === values?.field ? complete(text, caret, fields, values.values) : plain
  }, [open, text, caret, fields, values])
  const wantsValuesOf = completion?.valuesOf ?? null
  useEffect(() => {
    if (wantsValuesOf === null || !valuesOf) return
    const controller = new AbortController()
    void valuesOf(wantsValuesOf, controller.signal).then((found) => {
      if (!controller.signal.aborted) setValues({ field: wantsValuesOf, values: found })
    })
    return () => controller.abort()
  }, [wantsValuesOf, valuesOf])
  const choices = useMemo<readonly Choice[]>(() => {
    if (open === 'recent') return recentChoices(text, recent)
    if (!completion) return []
    // With nothing typed, what was asked lately is the likeliest.
    return [...(text.trim() === '' ? recentChoices('', recent).slice(0, 5) : []), ...choicesOf(text, completion)]
  }, [open, text, recent, completion])
  const shownChoice = choices.length === 0 ? null : Math.min(chosen ?? 0, choices.length - 1)

  /** The coloured layer lies exactly under the letters of the field. */
  const follow = (): void => {
    if (mirror.current && input.current) mirror.current.scrollLeft = input.current.scrollLeft
  }
  useLayoutEffect(() => {
    if (wantedCaret.current !== null && input.current) {
      input.current.setSelectionRange(wantedCaret.current, wantedCaret.current)
      wantedCaret.current = null
    }
    follow()
  })

  const change = (next: string, at: number, list: 'complete' | 'no'): void => {
    setText(next)
    setCaret(at)
    setChosen(null)
    setOpen(list)
  }
  const typed = (element: HTMLInputElement, composing: boolean): void => {
    const clean = composing ? element.value : showInvisible(element.value)
    const at = (element.selectionStart ?? clean.length) + clean.length - element.value.length
    if (clean !== element.value) wantedCaret.current = at
    change(clean, at, 'complete')
  }
  const put = (next: string, at: number, list: 'complete' | 'no'): void => {
    wantedCaret.current = at
    change(next, at, list)
    input.current?.focus()
  }
  const take = (choice: Choice): void => {
    // After a field its values are next.
    put(choice.text, choice.caret, choice.kind === 'field' ? 'complete' : 'no')
  }
  const apply = (next: string): void => {
    const result = parseQuery(next)
    setOpen('no')
    if (!result.ok) return
    add(next)
    onApply(next.trim())
  }
  const fix = (replacement: string, offset: number, length: number): void => {
    const next = text.slice(0, offset) + replacement + text.slice(offset + length)
    put(next, offset + replacement.length, 'no')
    apply(next)
  }

  const pressed = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.nativeEvent.isComposing) return
    const step =
      event.key === 'ArrowDown'
        ? 1
        : event.key === 'ArrowUp'
          ? -1
          : event.key === 'PageDown'
            ? 8
            : event.key === 'PageUp'
              ? -8
              : 0
    if (event.key === ' ' && event.ctrlKey) setOpen('complete')
    else if (step !== 0 && open === 'no') setOpen(step > 0 && text.trim() !== '' ? 'complete' : 'recent')
    else if (step !== 0 && choices.length > 0) {
      const at = chosen === null ? (step > 0 ? -1 : 0) : chosen
      setChosen(
        Math.abs(step) === 1
          ? (at + step + choices.length) % choices.length
          : Math.max(0, Math.min(choices.length - 1, at + step)),
      )
    } else if (event.key === 'Tab' && !event.shiftKey && open !== 'no' && shownChoice !== null)
      take(choices[shownChoice] as Choice)
    else if (event.key === 'Enter' && open !== 'no' && chosen !== null && shownChoice !== null) {
      const choice = choices[shownChoice] as Choice
      take(choice)
      if (choice.kind === 'recent') apply(choice.text)
    } else if (event.key === 'Enter') apply(text)
    else if (event.key === 'Escape' && open !== 'no' && choices.length > 0) setOpen('no')
    else if (event.key === 'Escape') {
      setText(value)
      setOpen('no')
      onLeave?.()
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  const moved = (): void => {
    setCaret(input.current?.selectionStart ?? 0)
    follow()
  }

  const unapplied = parsed.ok && text.trim() !== value.trim()
  const wrong = !parsed.ok || engineError !== null
  const expanded = open !== 'no' && choices.length > 0
  return (
    <div className="wf-query">
      <div className={`wf-query-frame ${wrong ? 'wf-query-wrong' : ''}`}>
        <Icon name="search" />
        <div className="wf-query-field">
          <div ref={mirror} className="wf-query-mirror" aria-hidden="true">
            {pieces.map((piece, index) => (
              <span
                key={index}
                className={`q-${piece.kind} ${piece.wrong ? `q-${piece.wrong}` : ''} ${piece.text === '' ? 'q-point' : ''}`}
              >
                {piece.text}
              </span>
            ))}
          </div>
          <input
            ref={input}
            className="wf-query-input"
            type="text"
            role="combobox"
            aria-label={label}
            aria-autocomplete="list"
            aria-expanded={expanded}
            aria-controls={listId}
            aria-activedescendant={expanded && shownChoice !== null ? `${listId}-${shownChoice}` : undefined}
            aria-invalid={wrong}
            aria-describedby={lineId}
            maxLength={8192}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="off"
            autoCorrect="off"
            placeholder={placeholder}
            value={text}
            onChange={(event) => typed(event.currentTarget, (event.nativeEvent as InputEvent).isComposing)}
            onCompositionEnd={(event) => typed(event.currentTarget, false)}
            onKeyDown={pressed}
            onSelect={moved}
            onScroll={follow}
            onBlur={() => setOpen('no')}
          />
          {expanded ? (
            <ChoiceList
              id={listId}
              choices={choices}
              current={shownChoice}
              heading={open === 'recent' ? t('recent') : null}
              anchor={input}
              at={open === 'recent' ? 0 : (completion?.from ?? 0)}
              text={text}
              onTake={take}
            />
          ) : null}
        </div>
        {children}
      </div>
      <div className="wf-query-line" id={lineId}>
        <div className="wf-query-message" aria-live="polite">
          {!parsed.ok ? (
            <Problem
              offset={parsed.error.offset}
              text={t(`errors.${parsed.error.key}`, { ...parsed.error.values, defaultValue: parsed.error.message })}
              suggestions={parsed.error.suggestions}
              onFix={(replacement) => fix(replacement, parsed.error.offset, parsed.error.length)}
            />
          ) : engineError ? (
            <Problem offset={engineError.offset} text={engineError.message} suggestions={[]} onFix={() => undefined} />
          ) : warning ? (
            <Problem
              warning
              offset={warning.offset}
              text={t('unknownField', { field: warning.field })}
              suggestions={warning.suggestions}
              onFix={(replacement) => fix(replacement, warning.offset, warning.length)}
            />
          ) : unapplied ? (
            <span>{t('enterRuns')}</span>
          ) : null}
        </div>
        <div className="wf-query-note">
          {wrong && text !== value ? (
            <span>
              {t('lastValid')} <code>{value.trim() === '' ? '*' : value}</code>
            </span>
          ) : null}
          {note}
        </div>
      </div>
    </div>
  )
}

function Problem({
  offset,
  text,
  suggestions,
  warning = false,
  onFix,
}: {
  readonly offset: number
  readonly text: string
  readonly suggestions: readonly string[]
  readonly warning?: boolean
  onFix(replacement: string): void
}): ReactNode {
  const { t } = useTranslation('query')
  return (
    <span className={warning ? 'wf-query-unknown' : 'wf-query-problem'}>
      {text} {t('atCharacter', { at: offset + 1 })}
      {suggestions.length > 0 ? (
        <>
          {' '}
          {t('didYouMean')}
          {suggestions.map((suggestion) => (
            <button key={suggestion} type="button" className="wf-query-fix" onClick={() => onFix(suggestion)}>
              {suggestion === ' ' ? t('aSpace') : suggestion}
            </button>
          ))}
        </>
      ) : null}
    </span>
  )
}
