import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { bytesOf } from './pictures.ts'

const PAGE = 4096
const ROW = 16

/** The bytes of an open item, a page at a time: in hexadecimal with their text, or as text. */
export function HexPage({
  opening,
  bytes,
  as,
}: {
  readonly opening: string
  readonly bytes: number
  readonly as: 'hex' | 'text'
}): ReactNode {
  const { t } = useTranslation('incidents')
  const format = useFormat()
  const client = useClient()
  const [from, setFrom] = useState(0)
  const [read, setRead] = useState<{ from: number; data: Uint8Array } | null>(null)
  const [gone, setGone] = useState(false)
  useEffect(() => {
    let here = true
    void client.query('incidents.readEvidence', { opening, from, count: PAGE }).then((result) => {
      if (!here) return
      if (result.ok) setRead({ from, data: bytesOf(result.value.base64) })
      setGone(!result.ok)
    })
    return () => {
      here = false
    }
  }, [client, opening, from])
  if (gone) return <p className="in-fault">{t('evidence.notRead')}</p>
  const end = Math.min(bytes, from + PAGE)
  const text = read === null ? '' : as === 'hex' ? hexOf(read.data, read.from) : textOf(read.data)
  return (
    <>
      <pre className="in-hexpage mono" tabIndex={0} aria-label={t(`evidence.${as}`)}>
        {text}
      </pre>
      <div className="in-hexfoot">
        <Button small disabled={from === 0} onClick={() => setFrom(0)}>
          {t('evidence.first')}
        </Button>
        <Button small disabled={from === 0} onClick={() => setFrom(Math.max(0, from - PAGE))}>
          {t('evidence.previous')}
        </Button>
        <Button small disabled={end >= bytes} onClick={() => setFrom(from + PAGE)}>
          {t('evidence.next')}
        </Button>
        <Button small disabled={end >= bytes} onClick={() => setFrom(Math.floor((bytes - 1) / PAGE) * PAGE)}>
          {t('evidence.last')}
        </Button>
        <span className="in-quiet" role="status">
          {t('evidence.window', { from: format.number(from), to: format.number(end), of: format.number(bytes) })}
        </span>
      </div>
    </>
  )
}

const shown = (byte: number): string => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·')
function hexOf(data: Uint8Array, from: number): string {
  const rows: string[] = []
  for (let at = 0; at < data.length; at += ROW) {
    const row = [...data.subarray(at, at + ROW)]
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    rows.push(`${(from + at).toString(16).padStart(8, '0')}  ${hex.padEnd(ROW * 3 - 1)}  ${row.map(shown).join('')}`)
  }
  return rows.join('\n')
}
/** Invisible characters are named; what is no UTF-8 is U+FFFD. */
const textOf = (data: Uint8Array): string => new TextDecoder().decode(data).split('\n').map(visibleText).join('\n')
