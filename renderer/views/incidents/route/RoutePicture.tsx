import { memo, useCallback, useEffect, useMemo, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { inLanguage } from '../../../../shared/model/both-languages.ts'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useEditor } from '../editor/editor-context.ts'
import { useLooked } from '../incident-state.ts'
import { fitted, textWidth } from '../time/measure.ts'
import { useElementSize } from '../use-element-size.ts'
import type { DrawnEdge } from './edges.ts'
import { pictureOf, type DrawnNode, type DrawnZone } from './layout.ts'
import { NodeIcon } from './NodeIcon.tsx'

const measure = (text: string, mono: boolean): number => textWidth(visibleText(text), mono)

/** The intrusion's route over zones: magenta worked, dashed tried, thin seen; numbers as in the sentences beside it. */
export function RoutePicture({ onOpen }: { onOpen(entity: string): void }): ReactNode {
  const { t } = useTranslation('incidents')
  const box = useRef<HTMLDivElement>(null)
  const size = useElementSize(box)
  const { parts } = useEditor()
  const { step, entity } = useLooked()
  const { language } = useFormat()
  const edges = useMemo(
    () => parts.edges.map((edge) => ({ ...edge, label: inLanguage(edge.label, language) })),
    [parts.edges, language],
  )
  const picture = useMemo(
    () => (size.width > 0 ? pictureOf(parts.entities, edges, entity, size, measure) : null),
    [parts.entities, edges, entity, size],
  )
  const newest = useRef(onOpen)
  useEffect(() => {
    newest.current = onOpen
  })
  const open = useCallback((id: string) => newest.current(id), [])
  const steps = picture?.edges.filter(({ disc }) => disc !== null).length ?? 0
  return (
    <div ref={box} className="in-route">
      {parts.entities.length === 0 ? <p className="in-none">{t('route.empty')}</p> : null}
      {picture && parts.entities.length > 0 ? (
        <svg
          width={picture.width}
          height={picture.height}
          className={step === null ? 'in-graph' : 'in-graph in-graph-step'}
          role="group"
          aria-label={t('route.picture', { count: steps })}
        >
          <defs>
            <marker
              id="in-arrow"
              viewBox="0 0 8 8"
              refX="6.5"
              refY="4"
              markerWidth="8"
              markerHeight="8"
              markerUnits="userSpaceOnUse"
              orient="auto"
            >
              <path d="M0 .5 7.5 4 0 7.5z" className="in-arrow" />
            </marker>
            <marker
              id="in-arrow-tried"
              viewBox="0 0 8 8"
              refX="6.5"
              refY="4"
              markerWidth="7"
              markerHeight="7"
              markerUnits="userSpaceOnUse"
              orient="auto"
            >
              <path d="M0 .5 7.5 4 0 7.5z" className="in-arrow-tried" />
            </marker>
          </defs>
          <Zones zones={picture.zones} height={picture.height} />
          <g aria-hidden="true">
            {picture.edges
              .filter(({ path }) => path !== '')
              .toReversed()
              .map((drawn) => (
                <EdgePath key={drawn.edge.id} drawn={drawn} on={step !== null && drawn.edge.step === step} />
              ))}
          </g>
          {picture.nodes.map((node) => (
            <Node key={node.entity.id} node={node} on={node.entity.id === entity} onOpen={open} />
          ))}
          <g aria-hidden="true">
            {picture.edges.map((drawn) => (
              <EdgeWords key={drawn.edge.id} drawn={drawn} on={step !== null && drawn.edge.step === step} />
            ))}
          </g>
        </svg>
      ) : null}
    </div>
  )
}

const Zones = memo(function Zones({
  zones,
  height,
}: {
  readonly zones: readonly DrawnZone[]
  readonly height: number
}): ReactNode {
  const { t } = useTranslation('incidents')
  const format = useFormat()
  return (
    <g>
      {zones.map(({ name, x, width, rest }, index) => {
        const title = name === '' ? t('route.noZone') : visibleText(name)
        return (
          <g key={name}>
            <title>{title}</title>
            <rect className={index % 2 === 1 ? 'in-zone in-zone-odd' : 'in-zone'} x={x} width={width} height={height} />
            <text className="in-zonename" x={x + 10} y={16}>
              {fitted(title, width - 16)}
            </text>
            {rest > 0 ? (
              <text className="in-zonename" x={x + 10} y={height - 8}>
                {t('route.rest', { count: rest, figure: format.number(rest) })}
              </text>
            ) : null}
          </g>
        )
      })}
    </g>
  )
})

interface OfEdge {
  readonly drawn: DrawnEdge
  readonly on: boolean
}
// Memos: the editor is drawn again for whatever comes of the incident, and the picture is most of what it draws.
const EdgePath = memo(function EdgePath({ drawn: { edge, path }, on }: OfEdge): ReactNode {
  const title = `${edge.step === null ? '' : `${edge.step} · `}${visibleText(edge.label)}`
  const worked = edge.state === 'worked'
  return (
    <g className={on ? 'in-edge on' : 'in-edge'} onClick={() => useLooked.setState({ step: edge.step })}>
      <title>{title}</title>
      <path className="in-edgehit" d={path} />
      <path
        className={`in-edgeline in-edge-${edge.state}`}
        d={path}
        markerEnd={worked ? 'url(#in-arrow)' : edge.state === 'tried' ? 'url(#in-arrow-tried)' : undefined}
      />
    </g>
  )
})
const EdgeWords = memo(function EdgeWords({ drawn: { edge, disc, words }, on }: OfEdge): ReactNode {
  return (
    <g className={on ? 'in-edge on' : 'in-edge'} onClick={() => useLooked.setState({ step: edge.step })}>
      {disc ? (
        <g className={edge.state === 'worked' ? 'in-step' : 'in-step in-step-tried'}>
          <title>{visibleText(edge.label)}</title>
          <circle cx={disc.x} cy={disc.y} r={8} />
          <text x={disc.x} y={disc.y + 4}>
            {edge.step}
          </text>
        </g>
      ) : null}
      {words ? (
        <text className="in-edgewords" x={words.x} y={words.y} textAnchor={words.anchor}>
          {visibleText(edge.label)}
        </text>
      ) : null}
    </g>
  )
})

const Node = memo(function Node({
  node,
  on,
  onOpen,
}: {
  readonly node: DrawnNode
  readonly on: boolean
  onOpen(entity: string): void
}): ReactNode {
  const { t } = useTranslation('incidents')
  const { entity, x, y, label, onRoute } = node
  const round = entity.kind === 'address' || entity.kind === 'domain' || entity.role === 'attacker'
  // What is drawn of it is in its name, cut as it is; the whole value too.
  const drawn = visibleText(label)
  const value = visibleText(entity.value)
  const name = `${t(`entityKind.${entity.kind}`)} ${drawn}${drawn === value ? '' : `, ${value}`}, ${t(`role.${entity.role}`)}`
  const choose = (): void => useLooked.setState({ entity: on ? null : entity.id })
  return (
    <g
      className={`in-node ${onRoute ? 'in-node-route' : ''} ${on ? 'on' : ''}`}
      role="button"
      tabIndex={0}
      data-row="entity"
      data-id={entity.id}
      aria-pressed={on}
      aria-label={name}
      onClick={choose}
      onDoubleClick={() => onOpen(entity.id)}
      onKeyDown={(event) => {
        if (event.key === ' ') choose()
        else if (event.key === 'Enter') onOpen(entity.id)
        else return
        event.preventDefault()
      }}
    >
      <title>{`${name}${entity.label && entity.label !== entity.value ? `\n${visibleText(entity.label)}` : ''}${entity.note ? `\n${visibleText(entity.note.slice(0, 300))}` : ''}`}</title>
      <rect x={x - 14} y={y - 14} width={28} height={28} rx={round ? 14 : 4} />
      <g className="in-nodeicon" transform={`translate(${x - 8} ${y - 8}) scale(.8)`}>
        <NodeIcon kind={entity.kind} />
      </g>
      <text className="in-nodename" x={x} y={y + 28}>
        {drawn}
      </text>
    </g>
  )
})
