/** The detail tree as lines, and the ways between its fields and bytes. */
import type { TreeNode } from '../../../../shared/model/capture.ts'

/** Lines that are shown of one packet: a tree of a hostile packet may have hundreds of thousands. */
const MOST_LINES = 20_000

export interface TreeLine {
  readonly node: TreeNode
  /** Place in the tree: `2.0.1`. */
  readonly path: string
  readonly level: number
  /** What stands open, of a line with something below it. */
  readonly open: boolean | null
  /** Its place among the lines beside it, from 1, and how many they are. */
  readonly place: number
  readonly beside: number
  /** Name under which it is remembered that it stands open, in the next packet too. */
  readonly name: string
}

/** The same thing in another packet: the field where it has one, else what the label begins with. */
export const nameOf = (node: TreeNode, parent: string): string =>
  `${parent}/${node.field === '' ? (node.label.split(/[:,(]/)[0] ?? '').trim() : node.field}`

/** Lines in order; `open` has the names of those whose children are seen. */
export function linesOf(tree: readonly TreeNode[], open: ReadonlySet<string>): readonly TreeLine[] {
  const lines: TreeLine[] = []
  // A stack, not recursion: how deep a tree is, is said by whoever sent the packet.
  const waiting: TreeLine[] = []
  const put = (nodes: readonly TreeNode[], path: string, level: number, parent: string): void => {
    for (let place = nodes.length - 1; place >= 0; place--) {
      const node = nodes[place] as TreeNode
      const name = nameOf(node, parent)
      waiting.push({
        node,
        path: path === '' ? String(place) : `${path}.${place}`,
        level,
        open: node.children.length === 0 ? null : open.has(name),
        place: place + 1,
        beside: nodes.length,
        name,
      })
    }
  }
  put(tree, '', 1, '')
  for (let line = waiting.pop(); line && lines.length < MOST_LINES; line = waiting.pop()) {
    lines.push(line)
    if (line.open) put(line.node.children, line.path, line.level + 1, line.name)
  }
  return lines
}

/** Names of the lines above a path, and of the line itself. */
export function namesAlong(tree: readonly TreeNode[], path: string): readonly string[] {
  const names: string[] = []
  let nodes = tree
  let parent = ''
  for (const step of path.split('.')) {
    const node = nodes[Number(step)]
    if (!node) break
    parent = nameOf(node, parent)
    names.push(parent)
    nodes = node.children
  }
  return names
}

export function nodeAt(tree: readonly TreeNode[], path: string): TreeNode | null {
  let nodes = tree
  let found: TreeNode | null = null
  for (const step of path.split('.')) {
    found = nodes[Number(step)] ?? null
    if (!found) return null
    nodes = found.children
  }
  return found
}

/** Path of the smallest field that holds a byte; of several of one size the deepest. Null where none does. */
export function fieldAt(tree: readonly TreeNode[], source: number, at: number): string | null {
  let best: { path: string; length: number; level: number } | null = null
  const waiting = tree.map((node, place) => ({ node, path: String(place), level: 1 }))
  for (let seen = 0; waiting.length > 0 && seen < 500_000; seen++) {
    const { node, path, level } = waiting.pop() as (typeof waiting)[number]
    if (node.source === source && node.length > 0 && at >= node.from && at < node.from + node.length) {
      const better = best === null || node.length < best.length || (node.length === best.length && level > best.level)
      if (better) best = { path, length: node.length, level }
    }
    // Children may lie in other bytes than their parent: all are looked at.
    for (const [place, child] of node.children.entries())
      waiting.push({ node: child, path: `${path}.${place}`, level: level + 1 })
  }
  return best?.path ?? null
}

/** Path of a field with this name and place, where the next packet has one: the selection stays on the same field. */
export function samePath(tree: readonly TreeNode[], names: readonly string[]): string | null {
  let nodes = tree
  let parent = ''
  const path: number[] = []
  for (const name of names) {
    const at = nodes.findIndex((node) => nameOf(node, parent) === name)
    if (at < 0) return null
    path.push(at)
    parent = name
    nodes = nodes[at]?.children ?? []
  }
  return path.length === 0 ? null : path.join('.')
}

/** What the reader has opened and closed, by name: it holds for the next packets too. */
export interface Standing {
  readonly open: ReadonlySet<string>
  readonly closed: ReadonlySet<string>
}
export function changeStanding({ open, closed }: Standing, names: readonly string[], stands: boolean): Standing {
  const without = (set: ReadonlySet<string>): Set<string> => new Set([...set].filter((name) => !names.includes(name)))
  return stands
    ? { open: new Set([...open, ...names]), closed: without(closed) }
    : { open: without(open), closed: new Set([...closed, ...names]) }
}
/** The innermost protocol stands open by itself: it is what a packet is mostly looked at for. */
export function standingOpen(tree: readonly TreeNode[], { open, closed }: Standing): ReadonlySet<string> {
  const last = tree.findLast(({ children }) => children.length > 0)
  const name = last ? nameOf(last, '') : ''
  return last && tree.length > 1 && !closed.has(name) ? new Set([...open, name]) : open
}
