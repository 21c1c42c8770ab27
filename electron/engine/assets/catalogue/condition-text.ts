/** Conditions as they are stored: JSON in which a criterion is a short list. */
import { z } from 'zod'
import { criterionOf, type Criterion } from '../cpe/criterion.ts'
import { formatCpe, parseCpe, type Cpe } from '../cpe/cpe-name.ts'
import type { ConditionNode } from '../vulnerabilities/define.ts'

const end = z.string().nullable()
const StoredCriterion = z.tuple([z.string(), end, end, end, end])
type StoredCriterion = z.infer<typeof StoredCriterion>
type StoredNode = readonly [0 | 1, ...StoredCriterion] | readonly ['all' | 'any', ...StoredNode[]] | readonly ['not', StoredNode]

const MOST_REMEMBERED = 20_000
const remembered = new Map<string, Cpe | null>()
/** Names come again and again. */
function cpeOfStored(text: string): Cpe | null {
  let cpe = remembered.get(text)
  if (cpe === undefined) {
    const parsed = parseCpe(text)
    cpe = parsed.ok ? parsed.value : null
    if (remembered.size >= MOST_REMEMBERED) remembered.clear()
    remembered.set(text, cpe)
  }
  return cpe
}

export const storedCriterion = ({ cpe, range }: Criterion): StoredCriterion => [
  formatCpe(cpe),
  range.startIncluding,
  range.startExcluding,
  range.endIncluding,
  range.endExcluding,
]
export function criterionOfStored([
  text,
  startIncluding,
  startExcluding,
  endIncluding,
  endExcluding,
]: StoredCriterion): Criterion | null {
  const cpe = cpeOfStored(text)
  return cpe && criterionOf(cpe, { startIncluding, startExcluding, endIncluding, endExcluding })
}

export function storedNode(node: ConditionNode): StoredNode {
  switch (node.kind) {
    case 'one':
      return [node.vulnerable ? 1 : 0, ...storedCriterion(node.criterion)]
    case 'not':
      return ['not', storedNode(node.item)]
    default:
      return [node.kind, ...node.items.map(storedNode)]
  }
}

/** Null where it is none: of such a record nothing is said. */
export function nodeOfStored(value: unknown): ConditionNode | null {
  if (!Array.isArray(value)) return null
  const [kind, ...rest] = value as unknown[]
  if (kind === 0 || kind === 1) {
    const stored = StoredCriterion.safeParse(rest)
    const criterion = stored.success ? criterionOfStored(stored.data) : null
    return criterion && { kind: 'one', vulnerable: kind === 1, criterion }
  }
  const items = rest.map(nodeOfStored)
  if (items.includes(null)) return null
  const sound = items as ConditionNode[]
  if (kind === 'not') return sound[0] === undefined ? null : { kind: 'not', item: sound[0] }
  return kind === 'all' || kind === 'any' ? { kind, items: sound } : null
}

export function* criteriaOf(node: ConditionNode): Generator<{ readonly criterion: Criterion; readonly vulnerable: boolean }> {
  if (node.kind === 'one') yield node
  else if (node.kind === 'not') yield* criteriaOf(node.item)
  else for (const item of node.items) yield* criteriaOf(item)
}
