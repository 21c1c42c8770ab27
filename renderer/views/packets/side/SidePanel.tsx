import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Capture, Flow } from '../../../../shared/model/capture.ts'
import { formatRoute } from '../../../app/route.ts'
import { useClient, useClientState, useQuery } from '../../../client/hooks.ts'
import type { OutputOf } from '../../../client/types.ts'
import { Button } from '../../../components/Button.tsx'
import { Kbd } from '../../../components/Kbd.tsx'
import { Pane, PaneHead } from '../../../components/Pane.tsx'
import { SeverityGlyph } from '../../../components/Severity.tsx'
import { formatExact, formatPrecise, clockOf } from '../../../format/time.ts'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { FlowFacts } from './FlowFacts.tsx'
import { StreamPreview } from './StreamPreview.tsx'

export type FlowAlerts = OutputOf<'packets.related'>

/** What the selected packet belongs to: its flow, the stream, alerts and objects of it, other streams of the two. */
export function SidePanel({
  capture,
  packet,
  flow,
  related,
  onFlow,
  onFollow,
  onCarve,
  onFilter,
  onPacket,
  onObjects,
}: {
  readonly capture: Capture
  readonly packet: number | null
  readonly flow: Flow | null
  readonly related: FlowAlerts | null
  onFlow(flow: number, firstPacket: number): void
  onFollow(): void
  onCarve(): void
  onFilter(filter: string): void
  onPacket(packet: number): void
  onObjects(): void
}): ReactNode {
  const { t } = useTranslation('packets')
  if (packet === null || !flow)
    return (
      <Pane label={t('side.label')} className="pk-side" as="aside">
        <p className="pk-side-empty">{packet === null ? t('side.none') : t('side.noFlow')}</p>
      </Pane>
    )
  return (
    <Pane label={t('side.label')} className="pk-side" as="aside">
      <div className="pk-side-scroll" tabIndex={0} role="region" aria-label={t('side.label')}>
        <section>
          <PaneHead title={t('side.flow')} level={2}>
            <code>
              {flow.stream === null ? visibleText(flow.transport) : `${visibleText(flow.transport)}.stream ${flow.stream}`}
            </code>
          </PaneHead>
          <FlowFacts flow={flow} digits={capture.timeDigits} onFilter={onFilter} />
        </section>
        {/* Asked again when more of the capture has been read. */}
        <StreamPreview key={`stream ${capture.state}`} capture={capture.id} flow={flow} onPacket={onPacket} />
        <Related related={related} />
        <Objects key={`objects ${capture.state}`} capture={capture} flow={flow.flow} onPacket={onPacket} onObjects={onObjects} />
        <Pair key={`pair ${capture.state}`} capture={capture} flow={flow} onFlow={onFlow} />
      </div>
      <footer className="pk-side-foot">
        <Button keys="Enter" onClick={onFollow}>
          {t('side.follow')}
        </Button>
        <Button keys="w" onClick={onCarve}>
          {t('side.carve')}
        </Button>
      </footer>
    </Pane>
  )
}

function Related({ related }: { readonly related: FlowAlerts | null }): ReactNode {
  const { t } = useTranslation('packets')
  return (
    <section id="pk-flow-alerts">
      <PaneHead title={t('side.alerts')} level={2}>
        {related ? <span>{t('side.window', { seconds: related.window })}</span> : null}
        <Kbd keys="Shift+A" />
      </PaneHead>
      {related?.alerts.length === 0 ? <p className="dim">{t('side.noAlerts')}</p> : null}
      <ul className="pk-related">
        {related?.alerts.slice(0, 20).map(({ id, title, severity, time }) => (
          <li key={id}>
            <a href={formatRoute('alerts', { id })}>
              <SeverityGlyph severity={severity} size={14} />
              <span className="ellipsis">
                <b className="ellipsis">{visibleText(title)}</b>
                <em className="mono" title={formatExact(time)}>
                  {`${formatPrecise(time)} · A-${id}`}
                </em>
              </span>
            </a>
          </li>
        ))}
        {related?.events.slice(0, 5).map(({ id, time, summary, format }) => (
          <li key={`e${id}`}>
            <a href={formatRoute('events', { event: id, all: '1' })}>
              <i className="pk-event" aria-hidden="true" />
              <span className="ellipsis">
                <span className="ellipsis">{visibleText(summary)}</span>
                <em className="mono" title={formatExact(time)}>
                  {formatPrecise(time)} · {visibleText(format)}
                </em>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Milliseconds that a flow must stay selected before its objects are looked for. */
const STAY = 400

function Objects({
  capture,
  flow,
  onPacket,
  onObjects,
}: {
  readonly capture: Capture
  readonly flow: number
  onPacket(packet: number): void
  onObjects(): void
}): ReactNode {
  const { t } = useTranslation('packets')
  const format = useFormat()
  const client = useClient()
  const open = useClientState() === 'open'
  const [found, setFound] = useState<{ flow: number; objects: OutputOf<'packets.objects'>['objects'] } | null>(null)
  useEffect(() => {
    if (!open) return
    let cancel = (): void => {}
    const timer = setTimeout(() => {
      const job = client.job('packets.objects', { capture: capture.id, flow })
      cancel = () => job.cancel()
      void job.done.then((result) => {
        if (result.ok) setFound({ flow, objects: result.value.objects })
      })
    }, STAY)
    return () => {
      clearTimeout(timer)
      cancel()
    }
  }, [client, open, capture.id, flow])
  const objects = found?.flow === flow ? found.objects : []
  if (objects.length === 0) return null
  return (
    <section>
      <PaneHead title={t('side.objects')} level={2}>
        <span>{t('side.neverOpened')}</span>
        <Button small kind="quiet" onClick={onObjects}>
          {t('side.allObjects')}
        </Button>
      </PaneHead>
      <ul className="pk-objects">
        {objects.slice(0, 12).map((object) => (
          <li key={object.id}>
            <button
              type="button"
              onClick={() => onPacket(object.packet)}
              title={t('side.objectTitle', { sha256: object.sha256 })}
            >
              <code className="ellipsis">{visibleText(object.name)}</code>
              <span className="ellipsis dim">{visibleText(object.type)}</span>
              <span className="mono">{format.bytes(object.size)}</span>
              <em className="mono">{object.complete ? `${object.sha256.slice(0, 8)}…` : t('side.incomplete')}</em>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Pair({
  capture,
  flow,
  onFlow,
}: {
  readonly capture: Capture
  readonly flow: Flow
  onFlow(flow: number, firstPacket: number): void
}): ReactNode {
  const { t } = useTranslation('packets')
  const format = useFormat()
  const found = useQuery('packets.conversations', { capture: capture.id, pair: [flow.client.ip, flow.server.ip], count: 50 })
  const total = found.value?.total ?? 0
  if (total < 2) return null
  return (
    <section>
      <PaneHead title={t('side.pair')} level={2}>
        <span>{format.number(total)}</span>
      </PaneHead>
      <ul className="pk-pair">
        {found.value?.flows.map((one) => (
          <li key={one.flow}>
            <button
              type="button"
              aria-current={one.flow === flow.flow ? 'true' : undefined}
              onClick={() => onFlow(one.flow, one.firstPacket)}
            >
              <span className="mono">{one.stream ?? '–'}</span>
              <span className="mono dim">{one.first ? clockOf(one.first).time : ''}</span>
              <span className="ellipsis mono">
                {visibleText(one.app === '' ? one.transport : one.app)} {one.client.port ?? ''} → {one.server.port ?? ''}
              </span>
              <span className="num">{format.bytes(one.client.bytes + one.server.bytes)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
