import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from '../../../../client/hooks.ts'
import type { OutputOf } from '../../../../client/types.ts'
import { Segmented } from '../../../../components/Segmented.tsx'
import { EmptyState, ErrorState, Loading } from '../../../../components/States.tsx'
import { visibleText } from '../../../../format/text.ts'
import { useFormat } from '../../../../i18n/use-format.ts'
import type { ToolProps } from '../define.ts'
import { fineSeconds, isoSeconds } from '../shared/capture-time.ts'
import { ToolFrame } from '../shared/ToolFrame.tsx'
import { VirtualRows } from '../shared/VirtualRows.tsx'
import { laneWidth, placeOf, toneOf } from './lanes.ts'

type Step = OutputOf<'packets.sequence'>['steps'][number]
const ROW = 32
const HEAD = 28
/** Pixels of the time and the packet's number, left of the lanes, and of the ports, right of them. */
const LEFT = 176
const RIGHT = 132
const LIMIT = 2000

/** Who says what to whom, in order: a column for each host, an arrow for each packet. */
export default function SequenceTool({ capture, view, filter, packet, flow, onPacket, onClose }: ToolProps): ReactNode {
  const { t } = useTranslation('packet-tools')
  const format = useFormat()
  const [scope, setScope] = useState<'flow' | 'view'>(flow === null ? 'view' : 'flow')
  const [width, setWidth] = useState(0)
  // Stays at the flow it was opened for while packets of it are gone to; another flow takes its place.
  const of = scope === 'flow' && flow !== null ? flow : null
  const { value, error, loading, refresh } = useQuery('packets.sequence', {
    capture: capture.id,
    view: of === null ? view : null,
    flow: of,
    limit: LIMIT,
  })
  const steps = value?.steps ?? []
  const nodes = value?.nodes ?? []
  const lane = laneWidth(nodes.length, width - LEFT - RIGHT)
  const begun = isoSeconds(capture.first) ?? steps[0]?.seconds ?? 0
  const selected = useMemo(
    () => (packet === null ? -1 : (value?.steps ?? []).findIndex((step) => step.packet === packet)),
    [value, packet],
  )
  const [current, setCurrent] = useState(-1)
  const at = current >= 0 && current < steps.length ? current : selected
  const reveal = useMemo(() => (selected < 0 ? null : { row: selected }), [selected])
  const whole = LEFT + lane * Math.max(1, nodes.length) + RIGHT
  return (
    <ToolFrame
      title={t('tool.sequence')}
      facts={
        value
          ? t('sequence.count', { count: steps.length, figure: format.number(steps.length), hosts: format.number(nodes.length) })
          : null
      }
      controls={
        <Segmented
          label={t('sequence.scope')}
          value={of === null ? 'view' : 'flow'}
          disabled={flow === null}
          onChange={(next) => {
            setScope(next)
            setCurrent(-1)
          }}
          segments={[
            { value: 'flow', label: t('sequence.ofFlow') },
            { value: 'view', label: t(filter === '' ? 'sequence.ofAll' : 'sequence.ofFilter') },
          ]}
        />
      }
      onClose={onClose}
    >
      <div className="pt-fill">
        {error ? <ErrorState error={error} what={t('sequence.failed')} onRetry={refresh} /> : null}
        <Loading waiting={loading} />
        {value && steps.length === 0 ? (
          <EmptyState>{t('sequence.empty')}</EmptyState>
        ) : (
          <VirtualRows
            label={t('tool.sequence')}
            count={steps.length}
            rowHeight={ROW}
            headHeight={HEAD}
            width={whole}
            className="pt-seq"
            current={at}
            reveal={reveal}
            onWidth={setWidth}
            onCurrent={setCurrent}
            onChoose={(index) => {
              const step = steps[index]
              if (step) onPacket(step.packet)
            }}
            rowClass={(index) => toneOf(steps[index]?.signs ?? [])}
            head={
              <>
                <span className="pt-seq-left">{t('sequence.time')}</span>
                {nodes.map((node, index) => (
                  <span key={index} className="mono ellipsis" style={{ width: lane }} title={visibleText(node)}>
                    {visibleText(node)}
                  </span>
                ))}
                <span style={{ width: RIGHT }}>{t('sequence.ports')}</span>
              </>
            }
            renderRow={(index) => {
              const step = steps[index]
              return step ? (
                <Arrow
                  step={step}
                  lane={lane}
                  nodes={nodes}
                  time={fineSeconds(step.seconds - begun)}
                  number={format.number(step.packet)}
                />
              ) : null
            }}
          />
        )}
        <div className="pt-foot">
          <span>{t('sequence.hint')}</span>
          <span className="grow" />
          {value?.truncated ? <span>{t('sequence.cut', { figure: format.number(steps.length) })}</span> : null}
        </div>
      </div>
    </ToolFrame>
  )
}

/** One packet: time, number, its arrow between two lanes with the list's line over it, ports. */
function Arrow({
  step,
  lane,
  nodes,
  time,
  number,
}: {
  readonly step: Step
  readonly lane: number
  readonly nodes: readonly string[]
  readonly time: string
  readonly number: string
}): ReactNode {
  const { t } = useTranslation('packet-tools')
  const { left, width, back, self } = placeOf(step.from, step.to, lane)
  const label = visibleText(step.label.slice(0, 400))
  return (
    <>
      <span className="pt-seq-left mono">
        <span>{time}</span>
        <em>{number}</em>
      </span>
      <span className="sr">
        {t('sequence.says', { from: visibleText(nodes[step.from] ?? ''), to: visibleText(nodes[step.to] ?? '') })}
      </span>
      <span className="pt-lanes" style={{ width: lane * Math.max(1, nodes.length), backgroundSize: `${lane}px 100%` }}>
        <span className={`pt-arrow ${back ? 'back' : ''} ${self ? 'self' : ''}`} style={{ left, width }}>
          <span className="ellipsis" title={label}>
            {label}
          </span>
          <svg width={width} height="8" aria-hidden="true">
            <path d={self ? `M0 1h24v5h-18` : `M0 4h${width}`} />
            <path d={self ? 'M10 3l-4 3 4 2' : back ? 'M6 1 1 4l5 3' : `M${width - 6} 1l5 3-5 3`} />
          </svg>
        </span>
      </span>
      <span className="pt-seq-ports mono ellipsis">{visibleText(step.ports)}</span>
    </>
  )
}
