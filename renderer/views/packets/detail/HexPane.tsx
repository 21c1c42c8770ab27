import { memo, useEffect, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/Button.tsx'
import { Pane, PaneHead } from '../../../components/Pane.tsx'
import { Tabs } from '../../../components/Tabs.tsx'
import { visibleText } from '../../../format/text.ts'
import { useWindowed } from '../use-windowed.ts'
import { hexOf, holds, lineCount, moveByte, offsetText, PER_LINE, printed, type Range } from './hex.ts'
import type { ByteSource } from './use-detail.ts'

const LINE = 18

/** Bytes of the packet, or of what was put together or decrypted out of it. */
export function HexPane({
  sources,
  source,
  field,
  matched,
  cursor,
  fieldName,
  onSource,
  onByte,
  onCopy,
}: {
  readonly sources: readonly ByteSource[]
  readonly source: number
  /** Bytes of the selected field, in this source. */
  readonly field: Range | null
  /** Bytes that an alert or a search matched. */
  readonly matched: readonly Range[]
  readonly cursor: number | null
  /** Name of the field of the byte, for screen readers. */
  readonly fieldName: string
  onSource(source: number): void
  onByte(at: number): void
  onCopy(bytes: Uint8Array): void
}): ReactNode {
  const { t } = useTranslation('packets')
  const bytes = sources[source]?.bytes ?? new Uint8Array(0)
  const lines = lineCount(bytes)
  const { scroller, first, end, page, onScroll, reveal } = useWindowed(lines, LINE)
  const from = field?.from ?? null
  const length = field?.length ?? 0
  useEffect(() => {
    if (from === null) return
    // The end first, so that of a long field the beginning is seen.
    reveal(Math.floor((from + Math.max(0, length - 1)) / PER_LINE))
    reveal(Math.floor(from / PER_LINE))
  }, [from, length, source, reveal])
  const mark = matched[0]?.from
  useEffect(() => {
    if (mark !== undefined && source === 0) reveal(Math.floor(mark / PER_LINE), true)
  }, [mark, source, reveal])
  const [focused, setFocused] = useState(false)
  const pressed = (event: KeyboardEvent): void => {
    if (event.altKey || bytes.length === 0) return
    const to = moveByte(cursor ?? field?.from ?? 0, event.key, bytes.length, page, event.ctrlKey || event.metaKey)
    if (to === null) return
    event.preventDefault()
    event.stopPropagation()
    reveal(Math.floor(to / PER_LINE))
    onByte(to)
  }
  const clicked = (event: MouseEvent): void => {
    const at = (event.target as Element).closest<HTMLElement>('[data-at]')?.dataset['at']
    if (at !== undefined) onByte(Number(at))
  }
  const shown = focused ? cursor : null
  const tabs = sources.map(({ name }, index) => ({
    id: String(index),
    label: name === '' ? t('bytes.packet') : visibleText(name),
  }))
  const chosen = field ?? { from: 0, length: bytes.length }
  return (
    <Pane label={t('bytes.label')} className="pk-hex" onEnter={() => scroller.current?.focus()}>
      <PaneHead title={t('bytes.title')} level={2}>
        {sources.length > 1 ? (
          <Tabs
            label={t('bytes.sources')}
            tabs={tabs}
            selected={String(source)}
            controls="pk-bytes"
            onSelect={(id) => onSource(Number(id))}
          />
        ) : null}
        <span className="pk-hex-key" aria-hidden="true">
          <i className="pk-key-field" /> {t('bytes.field')}
          {matched.length > 0 ? (
            <>
              {' '}
              <i className="pk-key-mark" /> {t('bytes.matched')}
            </>
          ) : null}
        </span>
        <Button
          small
          kind="quiet"
          iconOnly
          icon="copy"
          aria-label={t('bytes.copy')}
          disabled={bytes.length === 0}
          onClick={() => onCopy(bytes.subarray(chosen.from, chosen.from + chosen.length))}
        />
      </PaneHead>
      <div
        ref={scroller}
        id="pk-bytes"
        className="pk-bytes"
        role="group"
        tabIndex={0}
        data-keys="own"
        aria-label={t('bytes.label')}
        onScroll={onScroll}
        onKeyDown={pressed}
        onClick={clicked}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
      >
        <div className="pk-tall" style={{ height: lines * LINE }}>
          {Array.from({ length: Math.max(0, end - first) }, (_, index) => (
            <HexLine
              key={first + index}
              line={first + index}
              bytes={bytes}
              field={field}
              matched={source === 0 ? matched : NONE}
              cursor={shown !== null && Math.floor(shown / PER_LINE) === first + index ? shown : null}
            />
          ))}
        </div>
      </div>
      <span className="sr" aria-live="polite">
        {shown === null
          ? ''
          : t('bytes.said', { at: `0x${shown.toString(16)}`, value: hexOf(bytes[shown] ?? 0), field: visibleText(fieldName) })}
      </span>
    </Pane>
  )
}
const NONE: readonly Range[] = []

const HexLine = memo(function HexLine({
  line,
  bytes,
  field,
  matched,
  cursor,
}: {
  readonly line: number
  readonly bytes: Uint8Array
  readonly field: Range | null
  readonly matched: readonly Range[]
  readonly cursor: number | null
}): ReactNode {
  const from = line * PER_LINE
  const part = [...bytes.subarray(from, from + PER_LINE)]
  const look = (at: number): string =>
    [
      holds(field, at) ? 'pk-b-field' : '',
      matched.some((range) => holds(range, at)) ? 'pk-b-mark' : '',
      at === cursor ? 'pk-b-cursor' : '',
    ]
      .filter(Boolean)
      .join(' ')
  return (
    <div className="pk-hexline" style={{ top: line * LINE }}>
      <span className="pk-offset">{offsetText(from, bytes.length)}</span>
      <span className="pk-hexes">
        {part.map((byte, index) => (
          <span key={index} data-at={from + index} className={look(from + index)}>
            {hexOf(byte)}
          </span>
        ))}
      </span>
      <span className="pk-ascii" aria-hidden="true">
        {part.map((byte, index) => (
          <span key={index} data-at={from + index} className={look(from + index)}>
            {printed(byte)}
          </span>
        ))}
      </span>
    </div>
  )
})
