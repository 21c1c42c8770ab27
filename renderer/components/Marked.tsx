import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { joinSpans, visibleParts, type TextSpan } from '../format/text.ts'
import { useFormat } from '../i18n/use-format.ts'
import { Button } from './Button.tsx'
import './marked.css'

function shown(text: string, key: string): ReactNode[] {
  return visibleParts(text).map((part, index) =>
    part.escaped ? (
      <span key={`${key}.${index}`} className="wf-esc">
        {part.text}
      </span>
    ) : (
      part.text
    ),
  )
}

/** Foreign text with marked spans (UTF-16 offsets). It is only ever text: hidden characters are shown escaped. */
export function Marked({ text, spans = [] }: { readonly text: string; readonly spans?: readonly TextSpan[] }): ReactNode {
  return useMemo(() => {
    const pieces: ReactNode[] = []
    let at = 0
    for (const { start, end } of joinSpans(spans, text.length)) {
      if (start > at) pieces.push(...shown(text.slice(at, start), `t${at}`))
      pieces.push(<mark key={`m${start}`}>{shown(text.slice(start, end), `m${start}`)}</mark>)
      at = end
    }
    if (at < text.length) pieces.push(...shown(text.slice(at), `t${at}`))
    return <bdi dir="ltr">{pieces}</bdi>
  }, [text, spans])
}

/** More than this is shown only when asked for, in UTF-16 units. */
const FIRST_SHOWN = 16_384

/** A raw record, as it came: every character visible, matched parts marked, long ones cut until asked. */
export function RawRecord({
  text,
  spans = [],
  label,
}: {
  readonly text: string
  readonly spans?: readonly TextSpan[]
  readonly label: string
}): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const [whole, setWhole] = useState(false)
  const cut = !whole && text.length > FIRST_SHOWN
  return (
    <>
      <pre className="wf-raw" tabIndex={0} role="region" aria-label={label}>
        <Marked text={cut ? text.slice(0, FIRST_SHOWN) : text} spans={spans} />
      </pre>
      {cut ? (
        <Button small kind="quiet" onClick={() => setWhole(true)}>
          {t('raw.rest', { count: format.number(text.length - FIRST_SHOWN) })}
        </Button>
      ) : null}
    </>
  )
}
