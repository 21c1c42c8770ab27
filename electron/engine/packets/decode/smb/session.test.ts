import { expect, it } from 'vitest'
import type { Facts, FoundObject } from '../define.ts'
import { SmbSession, type Share } from './session.ts'

const DISK: Share = { path: '\\\\files.example.com\\docs', kind: 1, pipes: false }
const PIPE: Share = { path: '\\\\files.example.com\\IPC$', kind: 2, pipes: true }

/** Notes what a session hands over. */
function listener(): { readonly out: Facts; readonly objects: FoundObject[]; readonly fragments: number[] } {
  const objects: FoundObject[] = []
  const fragments: number[] = []
  const nothing = (): void => undefined
  const out: Facts = {
    layer: nothing,
    fact: nothing,
    line: nothing,
    protocol: nothing,
    become: nothing,
    inner: (_, data, from, to) => void fragments.push(to - from, data[from + 2]!),
    expect: nothing,
    malformed: nothing,
    wantsObjects: true,
    object: (object) => void objects.push(object),
  }
  return { out, objects, fragments }
}
/** A fragment of DCE RPC of a kind and length. */
function fragment(kind: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  bytes.set([5, 0, kind, 3, 0x10, 0, 0, 0, length & 255, length >> 8])
  return bytes
}

it('a file that is read whole is handed over once', () => {
  const { out, objects } = listener()
  const session = new SmbSession()
  session.open('a', 'plans.txt', DISK, 4)
  const file = session.files.get('a')!
  session.bytes(file, 0, Uint8Array.of(1, 2), false, out)
  expect(objects).toEqual([])
  session.bytes(file, 2, Uint8Array.of(3, 4), false, out)
  session.close('a', out)
  expect(objects).toEqual([
    { kind: 'smb', host: DISK.path, name: 'plans.txt', type: '', bytes: Uint8Array.of(1, 2, 3, 4), complete: true },
  ])
})

it('a file that is written is handed over when it is closed, one that is half read as incomplete', () => {
  const { out, objects } = listener()
  const session = new SmbSession()
  session.open('a', 'new.bin', DISK, 0)
  session.bytes(session.files.get('a')!, 0, Uint8Array.of(9), true, out)
  expect(objects).toEqual([])
  session.close('a', out)
  session.open('b', 'half.bin', DISK, 10)
  session.bytes(session.files.get('b')!, 0, Uint8Array.of(1), false, out)
  session.close('b', out)
  session.open('c', 'svcctl', PIPE, 0)
  session.bytes(session.files.get('c')!, 0, Uint8Array.of(1), true, out)
  session.close('c', out)
  expect(objects.map(({ name, complete }) => [name, complete])).toEqual([
    ['new.bin', true],
    ['half.bin', false],
  ])
})

it('fragments of a pipe are read when they are whole, each direction for itself', () => {
  const { out, fragments } = listener()
  const session = new SmbSession()
  const two = new Uint8Array(Buffer.concat([fragment(11, 40), fragment(0, 30)]))
  expect(session.pipe('p', 0, two, 0, 50, out)).toBe(true)
  expect(session.pipe('p', 1, fragment(12, 20), 0, 20, out)).toBe(true)
  expect(session.pipe('p', 0, two, 50, 70, out)).toBe(true)
  expect(fragments).toEqual([40, 11, 20, 12, 30, 0])
  expect(session.pipe('p', 0, new Uint8Array(40), 0, 40, out)).toBe(false)
})
