import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadPlaybooks, type PlaybookFolder } from './load-playbooks.ts'

const text = (id: string, title: string): string =>
  `id: ${id}\nversion: 1\ntitle: { en: ${title}, ko: ${title} 절차 }\ndescription: { en: x, ko: 가 }\npropose: { tags: [x] }\nsteps:\n  - { id: a, kind: contain, title: { en: A, ko: 가 }, text: { en: A, ko: 가 } }\n`

let folder = ''
let folders: PlaybookFolder[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-playbooks-'))
  for (const name of ['own', 'shipped']) mkdirSync(join(folder, name))
  folders = [
    { path: join(folder, 'shipped'), origin: 'shipped' },
    { path: join(folder, 'own'), origin: 'own' },
    { path: join(folder, 'gone'), origin: 'own' },
  ]
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const write = (name: string, content: string | Uint8Array): void => writeFileSync(join(folder, name), content)

describe('folders of playbooks', () => {
  it('the desk’s own stand above shipped ones with their ids; one bad file never stops the rest', async () => {
    write('shipped/b.yml', text('b', 'Shipped b'))
    write('shipped/a.yaml', text('a', 'Shipped a'))
    write('own/mine.yml', text('a', 'Own a'))
    write('own/twice.yml', text('a', 'Own again'))
    write('own/bad.yml', 'id: 7\n')
    write('own/.hidden.yml', 'nothing')
    write('own/notes.txt', 'nothing')
    write('own/latin.yml', Buffer.from([0x69, 0x64, 0x3a, 0xe9]))
    mkdirSync(join(folder, 'own', 'folder.yml'))
    symlinkSync('/dev/null', join(folder, 'own', 'null.yml'))
    write('own/large.yml', 'x'.repeat(1024 * 1024 + 1))
    const { playbooks, problems } = await loadPlaybooks(folders)
    expect(playbooks.map(({ playbook, origin }) => [playbook.id, playbook.title.en, origin])).toEqual([
      ['a', 'Own a', 'own'],
      ['b', 'Shipped b', 'shipped'],
    ])
    const said = new Map(problems.map(({ file, message }) => [file.slice(folder.length + 1), message]))
    expect(said.get('own/latin.yml')).toBe('is no UTF-8 text')
    expect(said.get('own/null.yml')).toBe('is no file')
    expect(said.get('own/large.yml')).toBe('is larger than 1048576 bytes')
    expect(said.get('own/twice.yml')).toContain('has a playbook a already')
    expect(problems.find(({ file }) => file.endsWith('bad.yml'))).toMatchObject({ line: 1, column: expect.any(Number) as number })
    expect([...said.keys()].sort()).toEqual(['own/bad.yml', 'own/large.yml', 'own/latin.yml', 'own/null.yml', 'own/twice.yml'])
  })

  it('a file that takes too long is given up, the others are read', async () => {
    const thread = join(folder, 'slow.mjs')
    writeFileSync(
      thread,
      `import { parentPort } from 'node:worker_threads'
parentPort.on('message', (text) => { if (text.includes('slow')) for (;;); parentPort.postMessage({ ok: false, error: [{ line: 1, column: 1, message: 'read' }] }) })`,
    )
    for (const id of ['a', 'b-slow', 'c']) write(`own/${id}.yml`, text(id, id))
    const { problems } = await loadPlaybooks(folders, { thread, patienceMs: 500 })
    expect(problems.map(({ file, message }) => [file.slice(-10), message])).toEqual([
      ['/own/a.yml', 'read'],
      ['b-slow.yml', 'cannot be read within 0.5 seconds'],
      ['/own/c.yml', 'read'],
    ])
  })

  it('without a thread they are read all the same', async () => {
    write('own/a.yml', text('a', 'A'))
    const { playbooks } = await loadPlaybooks(folders, { thread: join(folder, 'nothing.mjs') })
    expect(playbooks.map(({ playbook }) => playbook.id)).toEqual(['a'])
  })

  it('folders that are not there are empty', async () => {
    expect(await loadPlaybooks([{ path: join(folder, 'gone'), origin: 'own' }])).toEqual({ playbooks: [], problems: [] })
  })
})
