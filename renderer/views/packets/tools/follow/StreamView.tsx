import { useEffect, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { VirtualRows } from '../shared/VirtualRows.tsx'
import type { Direction } from './stream-bytes.ts'
import { StreamLine } from './StreamLine.tsx'
import { StreamLines, type Shape } from './stream-lines.ts'
import type { Hits } from './stream-search.ts'
import type { StreamRead } from './use-stream.ts'

/** Pixels: a line, a character of the mono type at 12 px, and what stands left and right of the text. */
const LINE = 18
const CHARACTER = 7.2
const SIDES = 44
const MOST_COLUMNS = 240
/** More is read when so many lines are left below. */
const AHEAD = 400

/** The lines of a stream. `cursor` is the byte it is on; `reveal` brings one into view. */
export function StreamView({
  read,
  shape,
  only,
  hits,
  currentHit,
  cursor,
  reveal,
  onCursor,
  onChoose,
}: {
  readonly read: StreamRead
  readonly shape: Shape
  readonly only: Direction | null
  readonly hits: Hits
  readonly currentHit: number
  readonly cursor: { readonly byte: number; readonly run: number } | null
  readonly reveal: { readonly byte: number } | null
  onCursor(cursor: { readonly byte: number; readonly run: number }): void
  onChoose(byte: number, run: number): void
}): ReactNode {
  const { t } = useTranslation('packet-tools')
  const { stream, revision, more, load } = read
  const [columns, setColumns] = useState(100)
  const lines = useMemo(() => new StreamLines(stream, { shape, only, columns }), [stream, shape, only, columns])
  // `extend` costs only what is new; it runs in the render so that what is drawn is never behind.
  const count = useMemo(() => {
    lines.extend()
    return revision >= 0 ? lines.count : 0
  }, [lines, revision])
  const [line, setLine] = useState(-1)
  /** The line of the cursor: kept by its byte while lines change. */
  const current = useMemo(() => {
    if (!cursor) return -1
    const kept = line < count ? lines.line(line) : null
    if (kept && kept.run === cursor.run && cursor.byte >= kept.start && cursor.byte <= kept.end) return line
    return lines.lineAt(cursor.byte)
  }, [cursor, line, lines, count])
  const shown = useMemo(() => {
    const row = reveal && count > 0 ? lines.lineAt(reveal.byte) : -1
    return row < 0 ? null : { row }
  }, [reveal, lines, count])
  const [seen, setSeen] = useState(0)
  useEffect(() => {
    if (more && seen + AHEAD >= count) load()
  }, [more, seen, count, load])
  return (
    <VirtualRows
      label={t('follow.lines')}
      count={count}
      rowHeight={LINE}
      className="pt-stream mono"
      current={current}
      reveal={shown}
      onWidth={(width) => setColumns(Math.max(16, Math.min(MOST_COLUMNS, Math.floor((width - SIDES) / CHARACTER))))}
      onSeen={(_from, to) => setSeen(to)}
      rowClass={(index) => {
        const at = lines.line(index)
        const run = at ? stream.runs[at.run] : undefined
        return `${run?.direction === 0 ? 'c' : 's'} ${at && run && at.start === run.start ? 'first' : ''}`
      }}
      renderRow={(index) => {
        const at = lines.line(index)
        return at ? <StreamLine stream={stream} line={at} shape={shape} hits={hits} currentHit={currentHit} /> : null
      }}
      onCurrent={(index) => {
        const at = lines.line(index)
        setLine(index)
        if (at) onCursor({ byte: at.start, run: at.run })
      }}
      onChoose={(index) => {
        const at = lines.line(index)
        if (at) onChoose(at.start, at.run)
      }}
    />
  )
}
