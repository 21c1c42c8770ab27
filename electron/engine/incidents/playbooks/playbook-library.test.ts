import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { playbookFolders } from './load-playbooks.ts'
import { PlaybookLibrary } from './playbook-library.ts'

let folder = ''
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'watchfloor-library-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const own = (id: string, title: string): string =>
  `id: ${id}\nversion: 2\ntitle: { en: ${title}, ko: ${title} 절차 }\ndescription: { en: x, ko: 가 }\npropose: { classes: [web_shell] }\nsteps:\n  - { id: a, kind: contain, title: { en: A, ko: 가 }, text: { en: A, ko: 가 } }\n`

it('has shipped and own playbooks, proposes them, and sees a file that comes later', async () => {
  const library = await PlaybookLibrary.open(playbookFolders(folder), { quietMs: 10, pollMs: 50 })
  try {
    expect(library.all.problems).toEqual([])
    expect(library.byId('web-shell-found')).toMatchObject({ origin: 'shipped' })
    const facts = { classes: ['web_shell'], techniques: ['T1505.003'], tags: [], impact: 'succeeded', severity: 'high' } as const
    expect(library.propose(facts)[0]).toMatchObject({ found: { playbook: { id: 'web-shell-found' } }, reasons: [{ kind: 'class' }, { kind: 'technique' }, { kind: 'impact' }, { kind: 'severity' }] }) // prettier-ignore
    const changed = vi.fn()
    const stop = library.onChange(changed)
    mkdirSync(join(folder, 'playbooks'))
    writeFileSync(join(folder, 'playbooks', 'mine.yml'), own('web-shell-found', 'Ours'))
    await vi.waitFor(
      () => expect(library.byId('web-shell-found')).toMatchObject({ origin: 'own', playbook: { version: 2 } }),
      20_000,
    )
    expect(changed).toHaveBeenCalled()
    stop()
    rmSync(join(folder, 'playbooks', 'mine.yml'))
    await vi.waitFor(() => expect(library.byId('web-shell-found')).toMatchObject({ origin: 'shipped' }), 20_000)
  } finally {
    library.close()
  }
})
