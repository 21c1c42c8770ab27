/** The route as shapes, the same for all formats: zones as columns, entities in them, edges with their steps. Lengths are points. */
import type { Block, RouteEdge, RouteNode, RouteState } from '../../../shared/model/report.ts'
import { visibleLine } from './visible-text.ts'

export interface Point {
  readonly x: number
  readonly y: number
}
export interface PictureZone extends Point {
  readonly name: string
  readonly width: number
  readonly height: number
}
export interface PictureNode extends Point {
  /** Centre of its mark. The name stands below. */
  readonly name: string
  readonly kind: RouteNode['kind']
  /** Part of what worked. */
  readonly worked: boolean
}
export interface PictureEdge {
  readonly state: RouteState
  readonly step: number | null
  /** A cubic curve: from, two controls, to. */
  readonly curve: readonly [Point, Point, Point, Point]
  /** Head of the arrow: three corners. */
  readonly head: readonly [Point, Point, Point]
  /** Centre of the disc with the step's number. */
  readonly disc: Point
}
export interface RoutePicture {
  readonly width: number
  readonly height: number
  readonly zones: readonly PictureZone[]
  readonly edges: readonly PictureEdge[]
  readonly nodes: readonly PictureNode[]
}

export const NODE_RADIUS = 11
export const DISC_RADIUS = 6.5
const HEAD = 20
const ROW = 58
const MOST_COLUMNS = 5

/** A picture as wide as the text. Names are cut to what has room; the table has them whole. */
export function routePicture({ nodes, edges }: Extract<Block, { kind: 'route' }>, width: number): RoutePicture {
  const columns = columnsOf(nodes)
  const columnWidth = width / Math.max(1, columns.length)
  const rows = Math.max(1, ...columns.map((column) => column.nodes.length))
  const height = HEAD + rows * ROW + 8
  const worked = new Set(edges.filter(({ state }) => state === 'worked').flatMap(({ from, to }) => [from, to]))
  const places = new Map<string, Point>()
  const most = Math.max(6, Math.floor((columnWidth - 10) / 4.5))
  const shown: PictureNode[] = columns.flatMap((column, index) =>
    column.nodes.map((node, row) => {
      // Fewer than the most stand in the middle of their column; every other one is set off, so that edges pass beside it.
      const top = HEAD + ((rows - column.nodes.length) * ROW) / 2
      const shift = column.nodes.length > 2 ? (row % 2 === 0 ? -1 : 1) * Math.min(18, columnWidth / 8) : 0
      const place = { x: (index + 0.5) * columnWidth + shift, y: top + row * ROW + 22 }
      places.set(node.id, place)
      return { ...place, name: cut(visibleLine(node.name), most), kind: node.kind, worked: worked.has(node.id) }
    }),
  )
  return {
    width,
    height,
    zones: columns.map(({ name }, index) => ({
      name: cut(visibleLine(name), most),
      x: index * columnWidth + 2,
      y: 0,
      width: columnWidth - 4,
      height,
    })),
    edges: edgesOf(edges, places),
    nodes: shown,
  }
}

const cut = (name: string, most: number): string => {
  const characters = [...name]
  return characters.length <= most ? name : `${characters.slice(0, most - 1).join('')}…`
}

/** Zones in the order in which the route comes to them; those beyond the last column share it. */
function columnsOf(nodes: readonly RouteNode[]): { name: string; nodes: RouteNode[] }[] {
  const zones = new Map<string, RouteNode[]>()
  for (const node of nodes) zones.set(node.zone, [...(zones.get(node.zone) ?? []), node])
  const columns = [...zones].map(([name, own]) => ({ name, nodes: own }))
  if (columns.length <= MOST_COLUMNS) return columns
  const rest = columns.slice(MOST_COLUMNS - 1)
  return [
    ...columns.slice(0, MOST_COLUMNS - 1),
    { name: rest.map(({ name }) => name).join(', '), nodes: rest.flatMap((column) => column.nodes) },
  ]
}

function edgesOf(edges: readonly RouteEdge[], places: ReadonlyMap<string, Point>): PictureEdge[] {
  const pairs = new Map<string, number>()
  const discs: Point[] = []
  const drawn: PictureEdge[] = []
  for (const edge of edges) {
    const [from, to] = [places.get(edge.from), places.get(edge.to)]
    if (from === undefined || to === undefined) continue
    const pair = [edge.from, edge.to].sort().join('\0')
    const nth = pairs.get(pair) ?? 0
    pairs.set(pair, nth + 1)
    const others = [...places].filter(([id]) => id !== edge.from && id !== edge.to).map(([, place]) => place)
    const curve = curveOf(from, to, nth, others)
    const disc = freePlace(curve, discs)
    if (edge.step !== null) discs.push(disc)
    drawn.push({ state: edge.state, step: edge.step, curve, head: headOf(curve), disc })
  }
  return drawn
}

/** Between two marks, bent to one side, and as far as the marks of others and what is drawn already want it. */
function curveOf(from: Point, to: Point, nth: number, others: readonly Point[]): PictureEdge['curve'] {
  if (from === to) {
    const r = NODE_RADIUS
    return [
      { x: from.x + r, y: from.y - 4 },
      { x: from.x + r + 26 + nth * 8, y: from.y - 22 },
      { x: from.x + r + 26 + nth * 8, y: from.y + 22 },
      { x: from.x + r, y: from.y + 4 },
    ]
  }
  const upright = Math.abs(to.x - from.x) < 40
  const first = (upright ? 34 : 8) + nth * 16
  const bends = upright
    ? [first, first + 20, -first]
    : [first, first + 22, -first - 14, first + 44, -first - 36, first + 66, -first - 58]
  let [best, least] = [bent(from, to, first, upright), Infinity]
  for (const bend of bends) {
    const curve = bent(from, to, bend, upright)
    const near = nearTo(curve, others)
    if (near < least) [best, least] = [curve, near]
    if (least === 0) break
  }
  return best
}

/** Upright ones to the right, the others upwards, by `bend`. */
function bent(from: Point, to: Point, bend: number, upright: boolean): PictureEdge['curve'] {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const length = Math.hypot(dx, dy) || 1
  const side = upright ? (dy > 0 ? -1 : 1) : dx > 0 ? -1 : 1
  const [nx, ny] = [(-dy / length) * side * bend, (dx / length) * side * bend]
  const at = (t: number): Point => ({ x: from.x + dx * t + nx * 1.3, y: from.y + dy * t + ny * 1.3 })
  const [one, two] = [at(0.3), at(0.7)]
  return [towards(from, one, NODE_RADIUS + 1), one, two, towards(to, two, NODE_RADIUS + 2)]
}

/** How much of it lies on a mark or on the name below. */
function nearTo(curve: PictureEdge['curve'], others: readonly Point[]): number {
  let near = 0
  for (let step = 1; step < 20; step++) {
    const { x, y } = onCurve(curve, step / 20)
    if (y < HEAD - 4) near += 2
    for (const other of others)
      if (Math.abs(x - other.x) < NODE_RADIUS + 7 && y > other.y - NODE_RADIUS - 4 && y < other.y + NODE_RADIUS + 12) near++
  }
  return near
}

function towards(from: Point, to: Point, by: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  return { x: from.x + ((to.x - from.x) / length) * by, y: from.y + ((to.y - from.y) / length) * by }
}

function headOf([, , control, end]: PictureEdge['curve']): PictureEdge['head'] {
  const back = towards(end, control, 7)
  const [dx, dy] = [(end.y - back.y) / 2.4, (back.x - end.x) / 2.4]
  return [end, { x: back.x + dx, y: back.y + dy }, { x: back.x - dx, y: back.y - dy }]
}

const onCurve = ([a, b, c, d]: PictureEdge['curve'], t: number): Point => {
  const u = 1 - t
  const mix = (key: 'x' | 'y'): number =>
    u * u * u * a[key] + 3 * u * u * t * b[key] + 3 * u * t * t * c[key] + t * t * t * d[key]
  return { x: mix('x'), y: mix('y') }
}

/** On the curve, where no other disc is, if there is such a place. */
function freePlace(curve: PictureEdge['curve'], taken: readonly Point[]): Point {
  for (const t of [0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78]) {
    const place = onCurve(curve, t)
    if (taken.every(({ x, y }) => Math.hypot(x - place.x, y - place.y) > DISC_RADIUS * 2.1)) return place
  }
  return onCurve(curve, 0.5)
}
