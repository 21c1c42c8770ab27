/** Edges of the picture: bent around nodes, with their number and words where nothing else stands. */
import type { Edge } from '../../../../shared/model/incident.ts'
import { boxAround, clear, contains, type Box } from './boxes.ts'
import { Cells } from './cells.ts'
import type { DrawnNode } from './layout.ts'

export interface DrawnEdge {
  readonly edge: Edge
  /** SVG path; '' for what happened on one entity. */
  readonly path: string
  /** Where its number stands; null where it has none. */
  readonly disc: { readonly x: number; readonly y: number } | null
  /** Null where there is no room: the words are in the title. */
  readonly words: { readonly x: number; readonly y: number; readonly anchor: 'start' | 'middle' | 'end' } | null
}

interface Point {
  readonly x: number
  readonly y: number
}
const REACH = 17
export const DISC = 18
const BENDS = [0, 26, -26, 52, -52, 84, -84, 120, -120, 160, -160]
const PLACES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73]
const ASIDE = [0, 20, -20, 40, -40, 60, -60, 84, -84, 110, -110]
const SAMPLES = 18
/** Curves that come nearer than this to each other are hard to tell apart. */
const TIGHT = 5

interface CurvePoint extends Point {
  readonly curve: number
}

const along = (a: Point, c: Point, b: Point, t: number): Point => {
  const s = 1 - t
  return { x: s * s * a.x + 2 * s * t * c.x + t * t * b.x, y: s * s * a.y + 2 * s * t * c.y + t * t * b.y }
}
const control = (a: Point, b: Point, bend: number): Point => {
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1
  return { x: (a.x + b.x) / 2 - ((b.y - a.y) / length) * bend, y: (a.y + b.y) / 2 + ((b.x - a.x) / length) * bend }
}
/** From the middle of a node to the rim of its icon, towards a point. */
const rim = (from: Point, to: Point): Point => {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  return { x: from.x + ((to.x - from.x) / length) * REACH, y: from.y + ((to.y - from.y) / length) * REACH }
}
const round = (value: number): number => Math.round(value * 10) / 10

/** Those of the route first, in order of their steps, so that they have the best places. */
export function drawEdges(
  edges: readonly Edge[],
  nodes: readonly DrawnNode[],
  size: { readonly width: number; readonly height: number },
  measure: (text: string) => number,
): readonly DrawnEdge[] {
  const byId = new Map(nodes.map((node) => [node.entity.id, node]))
  const taken: Box[] = nodes.flatMap(({ parts }) => parts)
  const around = new Cells<DrawnNode>(64)
  for (const node of nodes) around.put(node.box, node)
  const curves = new Cells<CurvePoint>(4 * TIGHT)
  const rank = (edge: Edge): number => (edge.step ?? 1000) + (edge.state === 'worked' ? 0 : edge.state === 'tried' ? 1000 : 2000)
  const placed: DrawnEdge[] = []
  for (const [curve, edge] of [...edges].sort((a, b) => rank(a) - rank(b)).entries()) {
    const a = byId.get(edge.from)
    const b = byId.get(edge.to)
    if (!a || !b) continue
    const inside = (box: Box): boolean => box.left >= 0 && box.right <= size.width && box.top >= 20 && box.bottom <= size.height
    const free = (box: Box): boolean => inside(box) && clear(box, taken)
    const take = (box: Box): void => void taken.push(box)
    if (a === b) {
      const spots = [28, -28, 46, -46, 64, -64, 82].map((dx) => ({ x: a.x + dx, y: a.y }))
      const spot = edge.step === null ? null : (spots.find(({ x, y }) => free(boxAround(x, y, DISC, DISC))) ?? above(a, free))
      if (spot) take(boxAround(spot.x, spot.y, DISC, DISC))
      placed.push({ edge, path: '', disc: spot, words: spot && wordsAt(spot, edge.label, measure, free, take) })
      continue
    }
    const bent = bestBend(a, b, around, curves, size)
    const middle = control(a, b, bent)
    const from = rim(a, middle)
    const to = rim(b, middle)
    for (let index = 0; index <= SAMPLES; index += 1) {
      const point = along(a, middle, b, index / SAMPLES)
      curves.put(boxAround(point.x, point.y, 2 * TIGHT, 2 * TIGHT), { ...point, curve })
    }
    const path = `M${round(from.x)} ${round(from.y)}Q${round(middle.x)} ${round(middle.y)} ${round(to.x)} ${round(to.y)}`
    const disc = edge.step === null ? null : discAt(a, middle, b, free)
    if (disc) take(boxAround(disc.x, disc.y, DISC, DISC))
    const at = disc ?? along(a, middle, b, 0.5)
    const said = edge.label !== '' && edge.state !== 'seen' ? wordsAt(at, edge.label, measure, free, take) : null
    placed.push({ edge, path, disc, words: said })
  }
  return placed
}

/** The bend with the fewest nodes in its way. */
function bestBend(
  a: DrawnNode,
  b: DrawnNode,
  nodes: Cells<DrawnNode>,
  curves: Cells<CurvePoint>,
  size: { readonly width: number; readonly height: number },
): number {
  let best = 0
  let least = Infinity
  for (const bend of BENDS) {
    const middle = control(a, b, bend)
    let cost = Math.abs(bend) * 0.25
    for (let index = 1; index < SAMPLES && cost < least; index += 1) {
      const point = along(a, middle, b, index / SAMPLES)
      // The names of the zones, and the edge of the picture.
      if (point.y < 24 || point.y > size.height - 6 || point.x < 6 || point.x > size.width - 6) cost += 40
      for (const node of nodes.at(point.x, point.y)) {
        if (!contains(node.box, point.x, point.y)) continue
        const [icon, label] = node.parts
        const own = node === a || node === b
        // Its own ends it must touch; their labels it should not cross.
        if (contains(label, point.x, point.y)) cost += own ? 14 : 60
        else if (!own && contains(icon, point.x, point.y)) cost += 60
      }
      cost += 5 * curvesNear(curves, point)
    }
    if (cost < least) {
      least = cost
      best = bend
    }
  }
  return best
}

/** How many curves come near a point. */
function curvesNear(curves: Cells<CurvePoint>, point: Point): number {
  let count = 0
  // Points of a curve are put one after the other, and so are curves: what was counted last is all there is to remember.
  let last = -1
  for (const { x, y, curve } of curves.at(point.x, point.y)) {
    if (curve === last || Math.abs(x - point.x) >= TIGHT || Math.abs(y - point.y) >= TIGHT) continue
    last = curve
    count += 1
  }
  return count
}

/** On the curve if it can be, else beside it; where everything is full, wherever there is room. */
function discAt(a: Point, middle: Point, b: Point, free: (box: Box) => boolean): Point {
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1
  const aside = { x: -(b.y - a.y) / length, y: (b.x - a.x) / length }
  for (const off of ASIDE) {
    for (const place of PLACES) {
      const on = along(a, middle, b, place)
      const point = { x: on.x + aside.x * off, y: on.y + aside.y * off }
      if (free(boxAround(point.x, point.y, DISC, DISC))) return point
    }
  }
  return anywhere(along(a, middle, b, 0.5), free)
}
function above(node: DrawnNode, free: (box: Box) => boolean): Point {
  const point = { x: node.x, y: node.box.top - DISC / 2 - 1 }
  return free(boxAround(point.x, point.y, DISC, DISC)) ? point : anywhere(point, free)
}
function anywhere(near: Point, free: (box: Box) => boolean): Point {
  for (let ring = 1; ring < 60; ring += 1) {
    for (let turn = 0; turn < 16; turn += 1) {
      const angle = (turn / 16) * Math.PI * 2
      const point = { x: near.x + Math.cos(angle) * ring * 12, y: near.y + Math.sin(angle) * ring * 12 }
      if (free(boxAround(point.x, point.y, DISC, DISC))) return point
    }
  }
  return near
}

function wordsAt(
  at: Point,
  text: string,
  measure: (text: string) => number,
  free: (box: Box) => boolean,
  take: (box: Box) => void,
): DrawnEdge['words'] {
  if (text === '') return null
  const width = measure(text)
  const spots = [
    { x: at.x, y: at.y - 18, anchor: 'middle' },
    { x: at.x + 13, y: at.y, anchor: 'start' },
    { x: at.x, y: at.y + 18, anchor: 'middle' },
    { x: at.x - 13, y: at.y, anchor: 'end' },
    { x: at.x + 13, y: at.y - 14, anchor: 'start' },
    { x: at.x - 13, y: at.y - 14, anchor: 'end' },
    { x: at.x + 13, y: at.y + 14, anchor: 'start' },
    { x: at.x - 13, y: at.y + 14, anchor: 'end' },
  ] as const
  for (const spot of spots) {
    const middle = spot.anchor === 'middle' ? spot.x : spot.anchor === 'start' ? spot.x + width / 2 : spot.x - width / 2
    const box = boxAround(middle, spot.y, width + 4, 15)
    if (!free(box)) continue
    take(box)
    // The baseline of what is drawn around the middle of a line of 12 pixels.
    return { x: spot.x, y: spot.y + 4, anchor: spot.anchor }
  }
  return null
}
