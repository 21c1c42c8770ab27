import type { Block, Row, RouteNode, Section } from '../../../../shared/model/report.ts'
import { aside, code, text, type Making } from '../making.ts'
import type { SourceEdge, SourceEntity, SourceSentence } from '../report-source.ts'
import { dateTime } from '../words.ts'

/** What can be told apart in a picture as wide as a page. */
const MOST_NODES = 36
const MOST_EDGES = 72
const PARTS = ['entry', 'path', 'reached', 'left'] as const

/** The way in: a picture, the sentences with what shows them, and all steps as a table. */
export function routeSection(making: Making): Section {
  const { source, words } = making
  const entities = new Map(source.entities.map((entity) => [entity.id, entity]))
  const edges = source.edges.filter(({ from, to }) => entities.has(from) && entities.has(to))
  const route = edges.filter(({ state, step }) => state !== 'seen' || step !== null).sort(byStep)
  const blocks: Block[] = picture(route, edges, entities, making)
  for (const part of PARTS) {
    const sentences = source.sentences.filter(({ section }) => section === part)
    if (sentences.length === 0) continue
    blocks.push({ kind: 'heading', level: 2, anchor: null, text: words(`part.${part}`) })
    blocks.push(...sentences.map((sentence) => told(sentence, making)))
  }
  if (route.length > 0) blocks.push(steps(route, entities, making))
  if (blocks.length === 0) blocks.push(aside(words('route.none')))
  return { anchor: 'route', title: words('section.route'), blocks }
}

const byStep = (a: SourceEdge, b: SourceEdge): number => (a.step ?? Infinity) - (b.step ?? Infinity) || 0

/** A sentence with its citations; what nobody has confirmed says so. */
export const told = (sentence: SourceSentence, making: Making): Block => ({
  kind: 'paragraph',
  tone: 'plain',
  step: sentence.step,
  runs: [
    text(making.said(sentence.text)),
    ...making.chips(sentence.cites, sentence.evidence),
    ...(sentence.state === 'proposed' ? [text(` (${making.words('route.proposed')})`)] : []),
  ],
})

const nameOf = ({ label, value }: SourceEntity): string => (label === '' ? value : label)

function picture(
  route: readonly SourceEdge[],
  all: readonly SourceEdge[],
  entities: ReadonlyMap<string, SourceEntity>,
  { words }: Making,
): Block[] {
  const nodes = new Map<string, RouteNode>()
  const add = (id: string): boolean => {
    const entity = entities.get(id)
    if (entity === undefined || (!nodes.has(id) && nodes.size >= MOST_NODES)) return false
    nodes.set(id, {
      id,
      name: nameOf(entity),
      zone: entity.zone === '' ? words('route.zone.none') : entity.zone,
      kind: entity.kind,
    })
    return true
  }
  const drawn = route.slice(0, MOST_EDGES).filter(({ from, to }) => add(from) && add(to))
  if (drawn.length === 0) return []
  // What was only seen is drawn between those that the route names.
  const also = all.filter(({ state, step, from, to }) => state === 'seen' && step === null && nodes.has(from) && nodes.has(to))
  const edges = [...also.slice(0, MOST_EDGES - drawn.length), ...drawn].map(({ from, to, state, step }) => ({
    from,
    to,
    state,
    step,
  }))
  const blocks: Block[] = [
    {
      kind: 'route',
      title: words('route.title', { nodes: nodes.size, edges: edges.length }),
      nodes: [...nodes.values()],
      edges,
    },
  ]
  if (drawn.length < route.length) blocks.push(aside(words('report.more', { count: route.length - drawn.length })))
  return blocks
}

function steps(route: readonly SourceEdge[], entities: ReadonlyMap<string, SourceEntity>, making: Making): Block {
  const { words } = making
  const name = (id: string): string => {
    const entity = entities.get(id)
    return entity === undefined ? id : nameOf(entity)
  }
  const rows = route.map((edge): Row => ({
    anchor: null,
    cells: [
      edge.step === null ? [] : [text(String(edge.step))],
      [code(name(edge.from))],
      [code(name(edge.to))],
      [text(making.said(edge.label)), ...making.chips(edge.cites)],
      [text(words(`state.${edge.state}`))],
      edge.time === null ? [] : [code(dateTime(edge.time))],
    ],
  }))
  return {
    kind: 'table',
    anchor: 'route_steps',
    heads: true,
    columns: [
      { head: words('route.step'), align: 'right', share: 0.6 },
      { head: words('route.from'), align: 'left', share: 1.9 },
      { head: words('route.to'), align: 'left', share: 1.9 },
      { head: words('route.what'), align: 'left', share: 2.5 },
      { head: words('route.state'), align: 'left', share: 0.9 },
      { head: words('route.time'), align: 'left', share: 1.8 },
    ],
    rows,
  }
}
