/** The dissectors' tree of a packet, as the screen has it: lists taken out of their memory, lengths bounded. */
import type { TreeNode } from '../../../../shared/model/capture.ts'
import { items, type RawNode, type Vector } from './wiregasm.ts'

const MOST_NODES = 100_000
const MOST_DEPTH = 200
/** A longer expression is of no use in a filter line. */
const MOST_FILTER = 2048
const MOST_LABEL = 4096
/** Where fields have no filter name, and expressions name bytes of the frame instead. */
const NO_FIELD = 'text'

export function treeOf(vector: Vector<RawNode>): TreeNode[] {
  let left = MOST_NODES
  const walk = (from: Vector<RawNode>, depth: number): TreeNode[] => {
    if (depth > MOST_DEPTH || left <= 0) {
      from.delete()
      return []
    }
    return items(from, left).map((raw): TreeNode => {
      left--
      return {
        label: raw.label.slice(0, MOST_LABEL),
        ...expression(raw.filter),
        from: Math.max(0, raw.start),
        length: Math.max(0, raw.length),
        source: Math.max(0, raw.data_source_idx),
        packet: raw.type === 'framenum' ? raw.fnum : null,
        children: walk(raw.tree, depth + 1),
      }
    })
  }
  return walk(vector, 0)
}

function expression(filter: string): { field: string; filter: string } {
  if (filter === '' || filter === NO_FIELD) return { field: '', filter: '' }
  const kept = filter.length > MOST_FILTER ? '' : filter
  const field = /^[A-Za-z0-9_][A-Za-z0-9_.-]*/.exec(filter)?.[0] ?? ''
  // `frame[12:2] == …`: bytes of a line that has no value of its own.
  return { field: filter[field.length] === '[' ? '' : field, filter: kept }
}
