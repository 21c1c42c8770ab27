import { describe, expect, it } from 'vitest'
import type { TreeNode } from '../../../../shared/model/capture.ts'
import { changeStanding, fieldAt, linesOf, namesAlong, nodeAt, samePath, standingOpen } from './tree-lines.ts'

const node = (label: string, field: string, from: number, length: number, children: TreeNode[] = [], source = 0): TreeNode => ({
  label,
  field,
  filter: '',
  from,
  length,
  source,
  packet: null,
  children,
})
const tree = [
  node('Frame 7: 60 bytes', 'frame', 0, 60),
  node('Internet Protocol, Src: 192.0.2.1', 'ip', 14, 20, [
    node('Flags', 'ip.flags', 20, 1, [node('0... = Reserved', 'ip.flags.rb', 20, 1)]),
    node('Time to live: 64', 'ip.ttl', 22, 1),
  ]),
  node('Body', 'http', 34, 26, [node('text', 'http.file_data', 0, 10, [], 1)]),
]

describe('lines of the tree', () => {
  it('are those below what stands open', () => {
    expect(linesOf(tree, new Set()).map(({ path, open }) => [path, open])).toEqual([
      ['0', null],
      ['1', false],
      ['2', false],
    ])
    const lines = linesOf(tree, new Set(['/ip', '/ip/ip.flags']))
    expect(lines.map(({ path, level }) => [path, level])).toEqual([
      ['0', 1],
      ['1', 1],
      ['1.0', 2],
      ['1.0.0', 3],
      ['1.1', 2],
      ['2', 1],
    ])
    expect(lines[4]).toMatchObject({ place: 2, beside: 2 })
  })
  it('stay few where a packet says otherwise, and deep ones do no harm', () => {
    let deep = node('end', 'x', 0, 1)
    for (let level = 0; level < 30_000; level++) deep = node('x', 'x', 0, 1, [deep])
    const wide = node(
      'wide',
      'w',
      0,
      1,
      Array.from({ length: 30_000 }, () => node('y', 'y', 0, 1)),
    )
    expect(linesOf([wide], new Set(['/w']))).toHaveLength(20_000)
    expect(fieldAt([deep], 0, 0)?.split('.').length).toBeGreaterThan(20_000)
  })
  it('are found again in the next packet', () => {
    const names = namesAlong(tree, '1.1')
    expect(names).toEqual(['/ip', '/ip/ip.ttl'])
    expect(samePath(tree.slice(1), names)).toBe('0.1')
    expect(samePath([], names)).toBeNull()
    expect(nodeAt(tree, '1.1')?.field).toBe('ip.ttl')
    expect(nodeAt(tree, '1.9')).toBeNull()
  })
})

describe('bytes and fields', () => {
  it('a byte has the smallest field that holds it, the deepest of one size', () => {
    expect(fieldAt(tree, 0, 20)).toBe('1.0.0')
    expect(fieldAt(tree, 0, 22)).toBe('1.1')
    expect(fieldAt(tree, 0, 30)).toBe('1')
    expect(fieldAt(tree, 0, 50)).toBe('2')
    expect(fieldAt(tree, 0, 59)).toBe('2')
    expect(fieldAt(tree, 0, 60)).toBeNull()
  })
  it('bytes of another source are other bytes', () => {
    expect(fieldAt(tree, 1, 3)).toBe('2.0')
    expect(fieldAt(tree, 1, 12)).toBeNull()
  })
})

describe('what stands open', () => {
  const none = { open: new Set<string>(), closed: new Set<string>() }
  it('is the innermost protocol by itself, unless it was closed', () => {
    expect([...standingOpen(tree, none)]).toEqual(['/http'])
    const closed = changeStanding(none, ['/http'], false)
    expect([...standingOpen(tree, closed)]).toEqual([])
    expect([...standingOpen(tree, changeStanding(closed, ['/http'], true))]).toEqual(['/http'])
  })
  it('holds for the next packet', () => {
    const opened = changeStanding(none, ['/ip'], true)
    expect([...standingOpen(tree.slice(0, 2), opened)]).toEqual(['/ip'])
    expect([...standingOpen(tree, opened)].sort()).toEqual(['/http', '/ip'])
  })
})
