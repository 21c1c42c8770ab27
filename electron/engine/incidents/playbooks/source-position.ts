/** From a path such as `steps, 3, title, ko` to its place in a YAML document. */
import { isMap, isScalar, isSeq } from 'yaml'
import { Aliases, type Position, type YamlSource } from '../../sigma/yaml-source.ts'

export type SourcePath = readonly (string | number)[]

const startOf = (node: unknown): number | undefined =>
  typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range) && typeof node.range[0] === 'number'
    ? node.range[0]
    : undefined

/**
 * Where the value at the path begins; where it is not there, the key or the item that should have it. `key` asks for the last key of
 * the path itself, `within` is an offset in the text of a value.
 */
export function positionOf(
  source: YamlSource,
  path: SourcePath,
  { key = false, within }: { key?: boolean; within?: number } = {},
): Position {
  const aliases = new Aliases(source.document)
  let node: unknown = source.document.contents
  let offset = startOf(node) ?? 0
  for (const [depth, part] of path.entries()) {
    const found = aliases.resolve(node)
    const last = depth === path.length - 1
    if (isMap(found)) {
      const pair = found.items.find((item) => isScalar(item.key) && String(item.key.value) === String(part))
      if (pair === undefined) return source.position(offset)
      offset = startOf(pair.key) ?? offset
      if (key && last) return source.position(offset)
      node = pair.value
    } else if (isSeq(found) && typeof part === 'number') {
      if (found.items[part] === undefined) return source.position(offset)
      node = found.items[part]
    } else {
      // One id in the place of a list with one.
      if (part !== 0) return source.position(offset)
    }
    offset = startOf(node) ?? offset
  }
  return source.position(offset + (within === undefined ? 0 : insideScalar(node, within)))
}

/** Exact where the scalar stands on one line as it is. */
function insideScalar(node: unknown, within: number): number {
  if (!isScalar(node)) return 0
  if (node.type === 'PLAIN') return within
  return node.type === 'QUOTE_SINGLE' || node.type === 'QUOTE_DOUBLE' ? within + 1 : 0
}
