/**
 * The picture of the route: zones are columns, entities stand below each other in them, and nothing lies over anything else. Only what
 * the route touches and what is next to the selected entity is drawn; of the others it is said how many there are. Pure; pixels.
 */
import type { Edge, Entity } from '../../../../shared/model/incident.ts'
import type { Box } from './boxes.ts'
import { drawEdges, type DrawnEdge } from './edges.ts'

export interface DrawnNode {
  readonly entity: Entity
  /** Middle of the icon. */
  readonly x: number
  readonly y: number
  readonly label: string
  /** A part of the intrusion. */
  readonly onRoute: boolean
  /** All of it. */
  readonly box: Box
  /** Icon and label, each for itself: between a wide label and the icon there is room. */
  readonly parts: readonly [icon: Box, label: Box]
}
export interface DrawnZone {
  readonly name: string
  readonly x: number
  readonly width: number
  /** Entities of it that are not drawn. */
  readonly rest: number
}
export interface Picture {
  readonly width: number
  readonly height: number
  readonly zones: readonly DrawnZone[]
  readonly nodes: readonly DrawnNode[]
  readonly edges: readonly DrawnEdge[]
}

/** So many entities are all drawn. */
const FEW = 24
/** Most that are drawn. */
export const MOST_DRAWN = 80
const HEAD = 28
const FOOT = 22
const ICON = 14
/** From the middle of a node to that of the next below it. */
const PITCH = 74
const NARROWEST_COLUMN = 96
const EMPTY_COLUMN = 84
const LONGEST_LABEL = 22

export const isRoute = (edge: Edge): boolean => edge.step !== null || edge.state !== 'seen'
export const labelOf = (entity: Entity): string => {
  const text = entity.label || entity.value
  // The end tells hosts of one network apart; the whole is in the title.
  return text.length <= LONGEST_LABEL ? text : `${text.slice(0, 8)}…${text.slice(-(LONGEST_LABEL - 9))}`
}

/** `measure` gives the width of a text in pixels: of a node's label (`mono`), or of an edge's. */
export function pictureOf(
  entities: readonly Entity[],
  edges: readonly Edge[],
  selected: string | null,
  size: { readonly width: number; readonly height: number },
  measure: (text: string, mono: boolean) => number,
): Picture {
  const byId = new Map(entities.map((entity) => [entity.id, entity]))
  const known = edges.filter(({ from, to }) => byId.has(from) && byId.has(to))
  const firstStep = new Map<string, number>()
  const onRoute = new Set<string>()
  for (const edge of known) {
    if (!isRoute(edge)) continue
    const step = edge.step ?? 900
    for (const [id, at] of [
      [edge.from, step],
      [edge.to, step + 0.5],
    ] as const) {
      onRoute.add(id)
      firstStep.set(id, Math.min(firstStep.get(id) ?? Infinity, at))
    }
  }
  const near = new Set<string>(selected !== null && byId.has(selected) ? [selected] : [])
  for (const { from, to } of known) {
    if (from === selected) near.add(to)
    if (to === selected) near.add(from)
  }
  const order = (entity: Entity): number =>
    firstStep.get(entity.id) ?? (entity.id === selected ? 1000 : near.has(entity.id) ? 1001 : 1002)
  const wanted = entities.length <= FEW ? entities : entities.filter(({ id }) => onRoute.has(id) || near.has(id))
  const drawn = wanted
    .map((entity) => ({ entity, at: order(entity) }))
    .sort((a, b) => a.at - b.at || (a.entity.value < b.entity.value ? -1 : a.entity.value > b.entity.value ? 1 : 0))
    .slice(0, MOST_DRAWN)
    .map(({ entity }) => entity)
  const drawnIds = new Set(drawn.map(({ id }) => id))

  const zones = zonesOf(entities, drawn, firstStep)
  // Where nothing of a zone is drawn, it only says how many there are.
  const widths = zones.map(({ members }) =>
    members.length === 0
      ? EMPTY_COLUMN
      : Math.max(NARROWEST_COLUMN, ...members.map((entity) => measure(labelOf(entity), true) + 18)),
  )
  const total = widths.reduce((sum, width) => sum + width, 0)
  const filled = zones.filter(({ members }) => members.length > 0).length
  const spare = Math.max(0, size.width - total) / Math.max(1, filled)
  const tallest = Math.max(1, ...zones.map(({ members }) => members.length))
  const height = Math.max(size.height, HEAD + FOOT + tallest * PITCH)
  const places = rowsOf(zones, known, drawnIds, height)

  const nodes: DrawnNode[] = []
  const drawnZones: DrawnZone[] = []
  let x = 0
  zones.forEach((zone, index) => {
    const width = (widths[index] ?? 0) + (zone.members.length > 0 || filled === 0 ? spare : 0)
    drawnZones.push({ name: zone.name, x, width, rest: zone.rest })
    for (const entity of zone.members) {
      const label = labelOf(entity)
      const middle = x + width / 2
      const y = places.get(entity.id) ?? HEAD
      const half = Math.max(ICON, measure(label, true) / 2)
      nodes.push({
        entity,
        x: middle,
        y,
        label,
        onRoute: onRoute.has(entity.id),
        box: { left: middle - half - 2, right: middle + half + 2, top: y - ICON - 2, bottom: y + ICON + 18 },
        parts: [
          { left: middle - ICON - 3, right: middle + ICON + 3, top: y - ICON - 3, bottom: y + ICON + 3 },
          { left: middle - half - 2, right: middle + half + 2, top: y + ICON + 1, bottom: y + ICON + 18 },
        ],
      })
    }
    x += width
  })
  const shown = known.filter(
    (edge) =>
      drawnIds.has(edge.from) &&
      drawnIds.has(edge.to) &&
      (isRoute(edge) || edge.from === selected || edge.to === selected || entities.length <= FEW),
  )
  const width = Math.max(size.width, x)
  return {
    width,
    height,
    zones: drawnZones,
    nodes,
    edges: drawEdges(shown, nodes, { width, height }, (text) => measure(text, false)),
  }
}

interface Column {
  readonly name: string
  readonly members: readonly Entity[]
  readonly rest: number
}

/** Zones in the order in which the route comes to them, then by name. */
function zonesOf(all: readonly Entity[], drawn: readonly Entity[], firstStep: ReadonlyMap<string, number>): readonly Column[] {
  const found = new Map<string, { members: Entity[]; count: number; first: number; outside: boolean }>()
  for (const entity of all) {
    const zone = found.get(entity.zone) ?? { members: [], count: 0, first: Infinity, outside: false }
    zone.count += 1
    zone.first = Math.min(zone.first, firstStep.get(entity.id) ?? Infinity)
    zone.outside ||= entity.role === 'attacker'
    found.set(entity.zone, zone)
  }
  for (const entity of drawn) found.get(entity.zone)?.members.push(entity)
  return [...found]
    .map(([name, zone]) => ({ name, ...zone }))
    .sort(
      (a, b) =>
        Number(b.outside) - Number(a.outside) ||
        (a.first === b.first ? 0 : a.first - b.first) ||
        (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
    )
    .map(({ name, members, count }) => ({ name, members, rest: count - members.length }))
    .filter(({ members, rest }) => members.length + rest > 0)
}

/** Heights of nodes: near those that they are joined with, never nearer than a row to each other. */
function rowsOf(
  zones: readonly Column[],
  edges: readonly Edge[],
  drawn: ReadonlySet<string>,
  height: number,
): ReadonlyMap<string, number> {
  const joined = new Map<string, string[]>()
  for (const { from, to } of edges) {
    if (from === to || !drawn.has(from) || !drawn.has(to)) continue
    joined.set(from, [...(joined.get(from) ?? []), to])
    joined.set(to, [...(joined.get(to) ?? []), from])
  }
  const top = HEAD + PITCH * 0.4
  const bottom = height - FOOT - PITCH * 0.45
  const places = new Map<string, number>()
  const put = (members: readonly Entity[], wish: (entity: Entity, index: number) => number): void => {
    const wishes = members.map((entity, index) => ({ id: entity.id, index, at: wish(entity, index) }))
    wishes.sort((a, b) => a.at - b.at || a.index - b.index)
    const step = members.length > 1 ? Math.min(PITCH * 1.5, (bottom - top) / (members.length - 1)) : 0
    const apart = Math.max(PITCH, Math.min(step, PITCH * 1.1))
    let last = -Infinity
    for (const one of wishes) {
      one.at = Math.max(top, one.at, last + apart)
      last = one.at
    }
    let next = Infinity
    for (const one of wishes.toReversed()) {
      one.at = Math.min(bottom, one.at, next - PITCH)
      next = one.at
    }
    for (const { id, at } of wishes) places.set(id, at)
  }
  const spread = (count: number, index: number): number =>
    count === 1 ? (top + bottom) / 2 - PITCH * 0.2 : top + ((bottom - top) * index) / (count - 1)
  for (const { members } of zones) put(members, (_, index) => spread(members.length, index))
  for (let sweep = 0; sweep < 3; sweep += 1) {
    for (const { members } of sweep % 2 === 0 ? zones : zones.toReversed()) {
      put(members, (entity) => {
        const own = places.get(entity.id) ?? top
        const others = (joined.get(entity.id) ?? []).map((id) => places.get(id) ?? own)
        return others.length === 0 ? own : (others.reduce((sum, at) => sum + at, 0) / others.length) * 0.5 + own * 0.5
      })
    }
  }
  return places
}
