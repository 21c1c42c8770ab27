import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Flow, StreamPiece } from '../../../../shared/model/capture.ts'
import { useQuery } from '../../../client/hooks.ts'
import { Kbd } from '../../../components/Kbd.tsx'
import { PaneHead } from '../../../components/Pane.tsx'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { bytesOf, printed } from '../detail/hex.ts'

/** Bytes that are looked at, and lines that are shown. */
const BYTES = 2048
const LINES = 14

/** Lines of a piece as text: what is no visible ASCII is a dot. */
function linesOf({ bytes }: StreamPiece): string[] {
  const lines: string[] = ['']
  for (const byte of bytesOf(bytes)) {
    if (byte === 0x0a) lines.push('')
    else if (byte !== 0x0d) lines[lines.length - 1] += printed(byte)
  }
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

interface Said {
  readonly piece: StreamPiece
  readonly lines: readonly string[]
  /** More lines follow. */
  readonly cut: boolean
}
/** The first lines of the pieces, no more than {@link LINES} in all. */
function beginningOf(pieces: readonly StreamPiece[]): readonly Said[] {
  const said: Said[] = []
  let left = LINES
  for (const piece of pieces) {
    if (left <= 0) break
    const all = piece.missing > 0 ? [] : linesOf(piece)
    const lines = all.slice(0, Math.max(2, Math.min(left, 6)))
    left -= Math.max(1, lines.length)
    said.push({ piece, lines, cut: lines.length < all.length })
  }
  return said
}

/** The beginning of what the two said, each in its colour. */
export function StreamPreview({
  capture,
  flow,
  onPacket,
}: {
  readonly capture: string
  readonly flow: Flow
  onPacket(packet: number): void
}): ReactNode {
  const { t } = useTranslation('packets')
  const format = useFormat()
  const as = flow.transport === 'tcp' || flow.transport === 'udp' ? flow.transport : null
  const found = useQuery('packets.follow', as === null ? null : { capture, flow: flow.flow, as, bytes: BYTES })
  const said = useMemo(() => beginningOf(found.value?.pieces ?? []), [found.value])
  if (as === null || (said.length === 0 && !found.loading)) return null
  return (
    <section>
      <PaneHead title={t('side.stream')} level={2}>
        <Kbd keys="Ctrl+Alt+Shift+T" />
      </PaneHead>
      <div className="pk-stream">
        {said.map(({ piece, lines, cut }, index) =>
          piece.missing > 0 ? (
            <p key={index} className="dim">
              {t('side.missing', { bytes: format.number(piece.missing) })}
            </p>
          ) : (
            <button
              key={index}
              type="button"
              className={piece.direction === 0 ? 'pk-said-client' : 'pk-said-server'}
              title={t('side.toPacket', { number: format.number(piece.packet) })}
              onClick={() => onPacket(piece.packet)}
            >
              {lines.map((line, place) => (
                <code key={place} className="ellipsis">
                  {visibleText(line.slice(0, 200))}
                  {cut && place === lines.length - 1 ? ' …' : ''}
                </code>
              ))}
            </button>
          ),
        )}
      </div>
    </section>
  )
}
