import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../../i18n/use-format.ts'
import type { StreamBytes } from './stream-bytes.ts'
import { encodingOf, HEX_BYTES, type Line, type Shape } from './stream-lines.ts'
import { hitsIn, type Hits } from './stream-search.ts'
import { dumpCharacter, hexByte, shownParts } from './stream-text.ts'
import '../../../../components/marked.css'

interface Span {
  readonly from: number
  readonly to: number
  /** Index of the hit; -1 outside of any. */
  readonly hit: number
}

/** A line's bytes cut at the ends of hits. */
function spansOf(start: number, end: number, hits: Hits): Span[] {
  const { first, behind } = hitsIn(hits, start, end)
  const spans: Span[] = []
  let at = start
  for (let index = first; index < behind; index += 1) {
    const begins = Math.max(start, hits.starts[index] ?? start)
    const ends = Math.min(end, (hits.starts[index] ?? start) + hits.length)
    if (begins > at) spans.push({ from: at, to: begins, hit: -1 })
    if (ends > begins) spans.push({ from: begins, to: ends, hit: index })
    at = Math.max(at, ends)
  }
  if (at < end) spans.push({ from: at, to: end, hit: -1 })
  return spans
}

/** One line of the stream: a gap, text, or a hex dump. */
export function StreamLine({
  stream,
  line,
  shape,
  hits,
  currentHit,
}: {
  readonly stream: StreamBytes
  readonly line: Line
  readonly shape: Shape
  readonly hits: Hits
  readonly currentHit: number
}): ReactNode {
  const { t } = useTranslation('packet-tools')
  const format = useFormat()
  const run = stream.runs[line.run]
  if (!run) return null
  const begins = line.start === run.start
  const side = run.direction === 0 ? t('follow.client') : t('follow.server')
  const sign = (
    <span className="pt-side" title={begins ? side : undefined}>
      {begins ? <span aria-hidden="true">{run.direction === 0 ? '→' : '←'}</span> : null}
      <span className="sr">{side}</span>
    </span>
  )
  if (run.missing > 0)
    return (
      <>
        {sign}
        <span className="pt-gap">{t('follow.gap', { count: run.missing, figure: format.number(run.missing) })}</span>
      </>
    )
  const mark = (span: Span, key: string, children: ReactNode): ReactNode =>
    span.hit < 0 ? (
      <span key={key}>{children}</span>
    ) : (
      <mark key={key} className={span.hit === currentHit ? 'on' : undefined}>
        {children}
      </mark>
    )
  const { data } = stream
  if (shape === 'hex' || shape === 'raw') {
    const spans = spansOf(line.start, line.end, hits)
    const place = (run.offset + line.start - run.start).toString(16).padStart(8, '0')
    const bytes = (span: Span): string => {
      let text = ''
      for (let at = span.from; at < span.to; at += 1) {
        text += hexByte(data[at] ?? 0)
        const column = at - line.start
        if (shape === 'hex' && column < HEX_BYTES - 1) text += column === 7 ? '  ' : ' '
      }
      return text
    }
    const dump = (span: Span): string => {
      let text = ''
      for (let at = span.from; at < span.to; at += 1) text += dumpCharacter(data[at] ?? 0)
      return text
    }
    if (shape === 'raw')
      return (
        <>
          {sign}
          {spans.map((span) => mark(span, `r${span.from}`, bytes(span)))}
        </>
      )
    return (
      <>
        {sign}
        <span className="pt-place">{place}</span>
        <span className="pt-hex">{spans.map((span) => mark(span, `h${span.from}`, bytes(span)))}</span>
        <bdi dir="ltr">{spans.map((span) => mark(span, `d${span.from}`, dump(span)))}</bdi>
      </>
    )
  }
  // The line ends where the line feed is; a carriage return before it is part of the ending.
  let end = line.end
  if (data[end - 1] === 0x0a) {
    end -= 1
    if (end > line.start && data[end - 1] === 0x0d) end -= 1
  }
  return (
    <>
      {sign}
      <bdi dir="ltr">
        {spansOf(line.start, end, hits).map((span) =>
          mark(
            span,
            `t${span.from}`,
            shownParts(data, span.from, span.to, encodingOf(shape)).map((part, index) =>
              part.escaped ? (
                <span key={index} className="wf-esc">
                  {part.text}
                </span>
              ) : (
                part.text
              ),
            ),
          ),
        )}
      </bdi>
    </>
  )
}
