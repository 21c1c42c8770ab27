import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Completion, TextProblem } from '../../../../shared/workbench-contract.ts'
import { useClient } from '../../../client/hooks.ts'
import { visibleText } from '../../../format/text.ts'

/** Completions are asked for after this pause in typing. Milliseconds. */
const PAUSE = 150

/** A rule's text: line numbers, problems in the gutter, completion. */
export function Editor({
  text,
  problems,
  onChange,
}: {
  readonly text: string
  readonly problems: readonly TextProblem[]
  onChange(text: string): void
}): ReactNode {
  const { t } = useTranslation('rules')
  const client = useClient()
  const area = useRef<HTMLTextAreaElement>(null)
  const gutter = useRef<HTMLDivElement>(null)
  const listId = useId()
  const [list, setList] = useState<{ from: number; at: number; items: readonly Completion[]; index: number } | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const asked = useRef(0)
  /** Where the caret goes once a new text is drawn. */
  const caret = useRef<number | null>(null)
  useLayoutEffect(() => {
    if (caret.current === null || !area.current) return
    area.current.setSelectionRange(caret.current, caret.current)
    caret.current = null
  }, [text])
  useEffect(() => () => clearTimeout(timer.current), [])

  const ask = (value: string, offset: number, always: boolean): void => {
    clearTimeout(timer.current)
    const turn = ++asked.current
    timer.current = setTimeout(
      () => {
        void client.query('rules.complete', { text: value, offset }).then((result) => {
          // An answer to an earlier text must not be taken from.
          if (turn !== asked.current || !result.ok) return
          const { from, completions } = result.value
          const word = value.slice(from, offset)
          const done = completions.length === 1 && completions[0]?.text.trim() === word
          setList(
            completions.length === 0 || done || (!always && word === '')
              ? null
              : { from, at: offset, items: completions, index: 0 },
          )
        })
      },
      always ? 0 : PAUSE,
    )
  }
  const close = (): void => {
    clearTimeout(timer.current)
    asked.current++
    setList(null)
  }
  const put = (from: number, to: number, what: string): void => {
    caret.current = from + what.length
    onChange(text.slice(0, from) + what + text.slice(to))
  }
  const accept = (completion: Completion | undefined): void => {
    if (list !== null && completion !== undefined) put(list.from, list.at, completion.text)
    close()
  }
  const key = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    const { selectionStart, selectionEnd } = event.currentTarget
    if (list !== null) {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault()
        const step = event.key === 'ArrowDown' ? 1 : -1
        setList({ ...list, index: (list.index + step + list.items.length) % list.items.length })
        return
      }
      if (event.key === 'Enter' || event.key === 'Tab') {
        event.preventDefault()
        accept(list.items[list.index])
        return
      }
      if (event.key === 'Escape') {
        event.preventDefault()
        event.stopPropagation()
        close()
        return
      }
    }
    if (event.key === ' ' && event.ctrlKey) {
      event.preventDefault()
      ask(text, selectionStart, true)
    } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      // The next line begins where this one does, one step further in behind a key without a value.
      event.preventDefault()
      const line = text.slice(text.lastIndexOf('\n', selectionStart - 1) + 1, selectionStart)
      const indent = /^\s*/.exec(line)![0] + (/:\s*$/.test(line) ? '  ' : '')
      put(selectionStart, selectionEnd, `\n${indent}`)
      close()
    }
  }
  const lines = text.split('\n').length
  const byLine = new Map<number, TextProblem[]>()
  for (const problem of problems) byLine.set(problem.line, [...(byLine.get(problem.line) ?? []), problem])
  const before = list === null ? '' : text.slice(0, list.from)
  const row = before.split('\n').length
  const column = before.length - before.lastIndexOf('\n') - 1
  return (
    <div className="rw-editor">
      <div className="rw-scroll">
        <div ref={gutter} className="rw-gutter mono" aria-hidden="true">
          {Array.from({ length: lines }, (_, index) => {
            const own = byLine.get(index + 1)
            return (
              <i
                key={index}
                className={own === undefined ? '' : own.some(({ fatal }) => fatal) ? 'rw-wrong' : 'rw-noted'}
                title={own?.map(({ message }) => visibleText(message)).join('\n')}
              >
                {index + 1}
              </i>
            )
          })}
        </div>
        <div className="rw-sheet">
          <textarea
            ref={area}
            className="rw-area mono"
            value={text}
            rows={Math.max(lines, 12)}
            cols={Math.max(60, ...text.split('\n').map((line) => line.length + 4))}
            wrap="off"
            spellCheck={false}
            autoComplete="off"
            aria-label={t('bench.text')}
            aria-invalid={problems.some(({ fatal }) => fatal)}
            aria-controls={list === null ? undefined : listId}
            aria-activedescendant={list === null ? undefined : `${listId}-${list.index}`}
            onChange={(event) => {
              onChange(event.target.value)
              ask(event.target.value, event.target.selectionStart, false)
            }}
            onKeyDown={key}
            onBlur={close}
          />
          {list === null ? null : (
            <ul
              id={listId}
              className="rw-list"
              role="listbox"
              aria-label={t('bench.completions')}
              style={{ top: `calc(${row} * var(--rw-line) + 4px)`, left: `calc(${column} * 1ch + 8px)` }}
            >
              {list.items.slice(0, 40).map((item, index) => (
                <li
                  key={`${item.kind}${item.text}`}
                  id={`${listId}-${index}`}
                  role="option"
                  aria-selected={index === list.index}
                  ref={index === list.index ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
                  onMouseDown={(event) => {
                    event.preventDefault()
                    accept(item)
                  }}
                >
                  <span className="mono">{visibleText(item.text)}</span>
                  <em>{item.doc === '' ? t(`bench.kind.${item.kind}`) : visibleText(item.doc)}</em>
                </li>
              ))}
            </ul>
          )}
        </div>
      </div>
    </div>
  )
}
