import { useDeferredValue, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Flow } from '../../../../../shared/model/capture.ts'
import { useClient, useQuery } from '../../../../client/hooks.ts'
import { Button } from '../../../../components/Button.tsx'
import { Segmented } from '../../../../components/Segmented.tsx'
import { EmptyState, ErrorState, Loading } from '../../../../components/States.tsx'
import { visibleText } from '../../../../format/text.ts'
import { useFormat } from '../../../../i18n/use-format.ts'
import { flowFilter } from '../../filter/flow-filter.ts'
import { ToolFrame } from '../shared/ToolFrame.tsx'
import { useInsideKeys } from '../shared/use-inside-keys.ts'
import { SaveStream } from './SaveStream.tsx'
import type { Direction } from './stream-bytes.ts'
import type { Shape } from './stream-lines.ts'
import { nextHit, NO_HITS, searchStream, wantedBytes, type Hits } from './stream-search.ts'
import { StreamSearch } from './StreamSearch.tsx'
import { StreamView } from './StreamView.tsx'
import { useFollowed, type FollowAs } from './use-stream.ts'

const SHAPES: readonly Shape[] = ['ascii', 'utf8', 'hex', 'raw']
const ONLY = ['both', 'client', 'server'] as const

/** How a flow can be followed; none for what carries no stream. */
const waysOf = (flow: Flow | null): readonly FollowAs[] => {
  const transport = flow?.transport.toLowerCase()
  return transport === 'tcp' ? ['tcp', 'http', 'tls'] : transport === 'udp' ? ['udp'] : []
}

/** The bytes that a flow's ends sent each other, in order. */
export function FollowPanel({
  capture,
  flow,
  onFlow,
  onPacket,
  onFilter,
  onClose,
}: {
  readonly capture: string
  readonly flow: number
  /** To the stream before or behind it. */
  onFlow(flow: number): void
  onPacket(packet: number): void
  onFilter(filter: string): void
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('packet-tools')
  const format = useFormat()
  const client = useClient()
  const found = useQuery('packets.flow', { capture, flow })
  const own = found.value?.flow === flow ? found.value : null
  const ways = waysOf(own)
  const [wanted, setWanted] = useState<FollowAs>('tcp')
  const as = ways.includes(wanted) ? wanted : (ways[0] ?? 'tcp')
  const read = useFollowed(capture, ways.length > 0 ? flow : null, as)
  const [shape, setShape] = useState<Shape>('utf8')
  const [side, setSide] = useState<(typeof ONLY)[number]>('both')
  const only: Direction | null = side === 'both' ? null : side === 'client' ? 0 : 1
  const [cursor, setCursor] = useState<{ byte: number; run: number } | null>(null)
  const [text, setText] = useState('')
  const [caseSensitive, setCaseSensitive] = useState(false)
  /** Where the search goes on; a new object shows the hit again. */
  const [hitAt, setHitAt] = useState({ byte: 0 })
  const [saving, setSaving] = useState(false)
  const search = useRef<HTMLInputElement>(null)
  const body = useRef<HTMLDivElement>(null)

  const { stream, revision, more, load } = read
  const sought = useDeferredValue(text)
  const hits: Hits = useMemo(
    () => (sought === '' || revision < 0 ? NO_HITS : searchStream(stream, wantedBytes(sought), caseSensitive, only)),
    [stream, revision, sought, caseSensitive, only],
  )
  const currentHit = hits.starts.length === 0 ? -1 : nextHit(hits, hitAt.byte, false)
  // What is looked for may stand in what is not read yet.
  useEffect(() => {
    if (sought !== '' && more) load()
  }, [sought, more, load, revision])
  const firstHit = hits.starts[currentHit]
  const reveal = useMemo(() => (firstHit === undefined ? null : { byte: firstHit, from: hitAt }), [firstHit, hitAt])
  const [shown, setShown] = useState(stream)
  if (shown !== stream) {
    setShown(stream)
    setCursor(null)
    setHitAt({ byte: 0 })
  }

  const step = (backwards: boolean): void => {
    const at = hits.starts[currentHit]
    if (at === undefined) return
    const next = hits.starts[nextHit(hits, backwards ? at : at + 1, backwards)]
    if (next === undefined) return
    setHitAt({ byte: next })
    setCursor({ byte: next, run: stream.runAt(next) })
  }
  const goStream = async (by: 1 | -1): Promise<void> => {
    if (!own || own.stream === null || own.stream + by < 0) return
    const transport = own.transport.toLowerCase() === 'udp' ? 'udp' : 'tcp'
    // Streams are numbered in the order of their first packets, so a stream's number is its place in that order.
    const from = own.stream + by
    const result = await client.query('packets.conversations', { capture, transport, order: 'first', from, count: 1 })
    const next = result.ok ? result.value.flows[0] : undefined
    if (next) onFlow(next.flow)
  }
  useInsideKeys(
    body,
    [
      { keys: ['Ctrl+F'], inText: true, run: () => search.current?.select() },
      { keys: ['/'], run: () => search.current?.select() },
      { keys: ['F3', 'n'], inText: true, run: () => step(false) },
      { keys: ['Shift+F3', 'N'], inText: true, run: () => step(true) },
      { keys: [']'], run: () => void goStream(1) },
      { keys: ['['], run: () => void goStream(-1) },
      { keys: ['Ctrl+S'], inText: true, run: () => setSaving(true) },
    ],
    true,
  )
  const packet = cursor ? (stream.packetAt(cursor.byte) ?? stream.runs[cursor.run]?.packet ?? null) : null
  const run = cursor ? stream.runs[cursor.run] : undefined
  const streamName = own?.stream === null || !own ? '' : `${own.transport.toLowerCase()}.stream ${own.stream}`
  return (
    <ToolFrame
      title={t('tool.follow')}
      facts={
        <>
          {streamName === '' ? null : <span className="mono">{streamName}</span>}
          {read.client === '' ? null : (
            <>
              <span className="mono pt-c">
                → {visibleText(read.client)} {format.bytes(read.clientBytes)}
              </span>
              <span className="mono pt-s">
                ← {visibleText(read.server)} {format.bytes(read.serverBytes)}
              </span>
            </>
          )}
          {stream.missing > 0 ? (
            <span className="pt-late">{t('follow.missing', { bytes: format.bytes(stream.missing) })}</span>
          ) : null}
        </>
      }
      controls={
        !own || ways.length === 0 ? null : (
          <>
            <Button small icon="filter" disabled={flowFilter(own) === ''} onClick={() => onFilter(flowFilter(own))}>
              {t('filterFlow')}
            </Button>
            <Button small icon="save" keys="Ctrl+S" onClick={() => setSaving(true)}>
              {t('follow.save')}
            </Button>
            <Button
              small
              kind="quiet"
              icon="back"
              keys="["
              aria-label={t('follow.previousStream')}
              title={t('follow.previousStream')}
              disabled={own.stream === null || own.stream === 0}
              onClick={() => void goStream(-1)}
            />
            <Button
              small
              kind="quiet"
              icon="arrow"
              keys="]"
              aria-label={t('follow.nextStream')}
              title={t('follow.nextStream')}
              onClick={() => void goStream(1)}
            />
          </>
        )
      }
      onClose={onClose}
    >
      <div ref={body} className="pt-fill">
        {found.error ? <ErrorState error={found.error} what={t('flowFailed')} onRetry={found.refresh} /> : null}
        {own && ways.length === 0 ? <EmptyState>{t('follow.noStream')}</EmptyState> : null}
        {ways.length === 0 ? null : (
          <>
            <div className="pt-tools">
              {ways.length > 1 ? (
                <Segmented
                  label={t('follow.as')}
                  value={as}
                  onChange={setWanted}
                  segments={ways.map((way) => ({ value: way, label: way.toUpperCase(), title: t(`follow.asTitle.${way}`) }))}
                />
              ) : null}
              <Segmented
                label={t('follow.shape')}
                value={shape}
                onChange={setShape}
                segments={SHAPES.map((value) => ({ value, label: t(`follow.shapes.${value}`) }))}
              />
              <Segmented
                label={t('follow.direction')}
                value={side}
                onChange={setSide}
                segments={ONLY.map((value) => ({ value, label: t(`follow.only.${value}`) }))}
              />
              <StreamSearch
                input={search}
                text={text}
                caseSensitive={caseSensitive}
                hits={hits}
                current={currentHit}
                onText={(value) => {
                  setText(value)
                  setHitAt({ byte: cursor?.byte ?? 0 })
                }}
                onCase={setCaseSensitive}
                onStep={step}
              />
            </div>
            {read.error ? <ErrorState error={read.error} what={t('follow.failed')} onRetry={read.retry} /> : null}
            <Loading waiting={read.loading} done={stream.length} of={read.clientBytes + read.serverBytes} bytes />
            {!read.loading && !read.error && stream.runs.length === 0 ? (
              <EmptyState>
                {t(as === 'http' || as === 'tls' ? 'follow.emptyAs' : 'follow.empty', { as: as.toUpperCase() })}
              </EmptyState>
            ) : (
              <StreamView
                read={read}
                shape={shape}
                only={only}
                hits={hits}
                currentHit={currentHit}
                cursor={cursor}
                reveal={reveal}
                onCursor={setCursor}
                onChoose={(byte, at) => {
                  const target = stream.packetAt(byte) ?? stream.runs[at]?.packet
                  if (target !== undefined) onPacket(target)
                }}
              />
            )}
            <div className="pt-foot">
              {packet === null || !run ? (
                <span>{t('follow.hint')}</span>
              ) : (
                <span>
                  {t('follow.at', {
                    packet: format.number(packet),
                    side: run.direction === 0 ? t('follow.client') : t('follow.server'),
                    byte: format.number(run.offset + (cursor?.byte ?? 0) - run.start),
                  })}
                </span>
              )}
              <span className="grow" />
              {read.full ? <span>{t('follow.full', { bytes: format.bytes(stream.length) })}</span> : null}
              {read.more ? <span>{t('follow.part', { bytes: format.bytes(stream.length) })}</span> : null}
            </div>
          </>
        )}
      </div>
      {saving ? <SaveStream capture={capture} flow={flow} as={as} onClose={() => setSaving(false)} /> : null}
    </ToolFrame>
  )
}
