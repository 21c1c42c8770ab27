import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { DecidingBytes as Bytes } from '../../shared/model/impact.ts'
import './deciding-bytes.css'

const ROW = 16

/** Bytes that decided, marked, with those around them: offset, hexadecimal, text. What is not printable is a dot. */
export function DecidingBytes({ bytes }: { readonly bytes: Bytes }): ReactNode {
  const { t } = useTranslation()
  const data = Uint8Array.from(atob(bytes.base64), (character) => character.charCodeAt(0))
  // Rows begin at whole sixteens, as in the bench.
  const shift = bytes.offset % ROW
  const rows: { readonly at: number; readonly cells: readonly { readonly i: number; readonly byte: number }[] }[] = []
  for (let begin = -shift; begin < data.length; begin += ROW)
    rows.push({
      at: bytes.offset + begin,
      cells: Array.from({ length: ROW }, (_, n) => ({ i: begin + n, byte: data[begin + n] ?? -1 })).filter(
        ({ i }) => i < data.length,
      ),
    })
  const marked = (i: number): boolean => i >= bytes.start && i < bytes.end
  return (
    <div className="wf-deciding mono" role="img" aria-label={t('decidingBytes', { count: bytes.end - bytes.start })}>
      {rows.map(({ at, cells }) => (
        <div key={at}>
          <em>{at.toString(16).padStart(4, '0')}</em>
          <span className="wf-deciding-hex">
            {cells.map(({ i, byte }) => (
              <i key={i} className={marked(i) ? 'on' : undefined}>
                {byte < 0 || i < 0 ? '  ' : byte.toString(16).padStart(2, '0')}
              </i>
            ))}
          </span>
          <span className="wf-deciding-text">
            {cells.map(({ i, byte }) => (
              <i key={i} className={marked(i) ? 'on' : undefined}>
                {i < 0 || byte < 0 ? ' ' : byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·'}
              </i>
            ))}
          </span>
        </div>
      ))}
    </div>
  )
}
