import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ago, as, created, deskWith, entity, must, note, task } from '../../../test/fixtures/store/incidents.ts'
import { removeDir, temporaryDir, type Opened } from '../../../test/fixtures/store/opened.ts'
import { isoFromMicros } from '../../../shared/model/time.ts'
import { ok } from '../../../shared/model/result.ts'
import { canonical, faultOf } from '../ledger/chain.ts'
import { entriesOf } from '../store/desk-ledger.ts'
import type { Store } from '../store/types.ts'
import { exportCase } from './export-case.ts'
import { contentHash, sha256, TableHash, tableRows } from './format.ts'
import { caseStore, importCase } from './import-case.ts'
import { verifyCase } from './verify-case.ts'
import { writeCase } from './write-case.ts'

const never = new AbortController().signal
const PROOF = Buffer.from('uid=33(www-data) gid=33(www-data)\n'.repeat(20))
const HASH = createHash('sha256').update(PROOF).digest('hex')
let dir: string
let a: Opened
let number: string
let file: string

const storeOf = (desk: Opened): Pick<Store, 'commit' | 'sources' | 'cases'> => ({
  commit: (batch) => Promise.resolve(desk.writer.commit(batch)),
  sources: { save: (source) => Promise.resolve(ok(desk.writer.settings.saveSource(source))) } as Store['sources'],
  cases: {
    number: (head) => Promise.resolve(desk.writer.cases.numberFor(head)),
    standing: (head) => Promise.resolve(desk.writer.cases.standing(head)),
    exporting: (of, by) => {
      const told = desk.writer.incidents.exportCase({ number: of, by }, as(by))
      return Promise.resolve(told)
    },
    take: (given, by) => Promise.resolve(desk.writer.takeCase(given, by)),
  },
})
const findings = async (path: string) => must(await verifyCase(path, never)).findings
const importInto = (desk: Opened, to: string, path = file) =>
  importCase({ store: caseStore(storeOf(desk)), dataDir: to, path, by: 'park', signal: never })

beforeAll(async () => {
  dir = temporaryDir()
  mkdirSync(join(dir, 'a'))
  a = deskWith(join(dir, 'a'), [
    ['shell', 60],
    ['beacon', 30],
    ['other', 20],
  ])
  const { writer } = a
  const [shell] = await a.alerts()
  const detail = must(await a.ask('alerts.get', { id: shell!.id }))
  must(
    writer.verified([
      {
        count: 1,
        verification: {
          alert: '1',
          at: isoFromMicros(ago(1)),
          by: 'watchfloor',
          cause: 'raised',
          result: 'succeeded',
          confidence: 0.97,
          reason: { en: 'The answer holds a command’s output.', ko: '응답에 명령 출력이 있습니다.' },
          findings: [
            {
              test: 'command-output',
              family: 'answer',
              result: 'succeeded',
              confidence: 0.97,
              reason: { en: 'Output.', ko: '출력.' },
              cites: [{ kind: 'event', event: detail.event }],
              bytes: null,
            },
          ],
          looked: { events: 1, exchanges: 1, bytes: 10, complete: true },
        },
      },
    ]),
  )
  ;({ number } = created(a, '웹 셸', ['1', '2']))
  must(writer.incidents.save({ number, draft: entity('10.0.0.1', { role: 'attacker' }) } as never, as('kim')))
  must(writer.incidents.save({ number, draft: entity('10.0.0.2') } as never, as('kim')))
  const { entities } = must(await a.ask('incidents.parts', { number }))
  const cites = [
    { kind: 'event' as const, event: detail.event },
    { kind: 'alert' as const, alert: '1' },
  ]
  const put = (draft: object) => must(writer.incidents.save({ number, draft } as never, as('lee')))
  const edge = { from: entities[0]!.id, to: entities[1]!.id, label: 'GET', state: 'worked', step: 1, time: null, cites }
  put({ kind: 'edge', id: null, base: null, part: edge })
  put({
    kind: 'sentence',
    id: null,
    base: null,
    part: {
      section: 'entry',
      step: 1,
      place: 1,
      text: { en: 'They came in.', ko: '침입했습니다.' },
      cites,
      evidence: ['EV-01'],
      asset: null,
      state: 'confirmed',
    },
  })
  put(note('**proof** @kim'))
  put(task('Block it', 'done'))
  must(
    writer.incidents.addEvents(
      number,
      [{ event: detail.event, time: isoFromMicros(ago(60)), title: 'http' }],
      'Entry',
      as('kim'),
    ),
  )
  const folder = join(dir, 'a', 'evidence', number)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, HASH), PROOF, { mode: 0o400 })
  const item = { kind: 'object', name: 'id.txt', bytes: PROOF.length, sha256: HASH, origin: 'capture', cites }
  must(
    writer.incidents.change(number, 'evidence.added', as('kim'), (change) => {
      const rest = { note: '', internal: false, added: isoFromMicros(ago(0)), addedBy: 'kim', state: 'sealed' }
      change.put('evidence', 'EV-01', { ...item, ...rest })
      change.tell('evidence.added', 'EV-01', item)
      return ok(null)
    }),
  )
  file = join(dir, 'one.wfcase')
  must(await exportCase(storeOf(a), { dataDir: join(dir, 'a'), number, path: file, by: 'kim', signal: never }))
})
afterAll(() => {
  a.close()
  removeDir(dir)
})

/** Everything that is shown of an incident. */
async function shown(desk: Opened, of: string) {
  const alerts = must(await desk.ask('incidents.alerts', { number: of })).alerts
  return {
    head: must(await desk.ask('incidents.get', { number: of })),
    parts: must(await desk.ask('incidents.parts', { number: of })),
    timeline: must(
      await desk.ask('incidents.timeline', { number: of, from: null, to: null, slots: 10, limit: 500, after: null }),
    ),
    alerts,
    verifications: await Promise.all(alerts.map(async ({ id }) => must(await desk.ask('impact.get', { alert: id })))),
    events: await Promise.all(
      alerts.map(async ({ id }) => must(await desk.ask('alerts.events', { id, limit: 100, after: null })).events),
    ),
    history: await Promise.all(
      alerts.map(async ({ id }) => must(await desk.ask('alerts.get', { id })).history.map((action) => ({ ...action, id: 0 }))),
    ),
  }
}

describe('a case file', () => {
  it('verifies, holds its own export in the ledger, and is the same for the same state', async () => {
    expect(must(await verifyCase(file, never))).toMatchObject({
      findings: [],
      evidence: 1,
      blobs: 1,
      manifest: { incident: number },
    })
    expect([...entriesOf(a.writer.desk, number)].at(-1)).toMatchObject({ action: 'case.exported' })
    const again = join(dir, 'again.wfcase')
    const options = { dataDir: join(dir, 'a'), number, path: again, by: 'lee', signal: never }
    const written = must(await writeCase(options))
    expect(written.content).toBe(must(await verifyCase(file, never)).manifest!.content)
    expect(await writeCase(options)).toMatchObject({ ok: false, error: { code: 'conflict' } })
    expect(readdirSync(dir).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  it('opens on another desk as it was, but for ids, the source of its events, and the entry that says so', async () => {
    const to = join(dir, 'b')
    mkdirSync(to)
    const b = deskWith(to, [['mine', 10]])
    try {
      expect(must(await importInto(b, to))).toEqual({ number, original: number, alerts: 2, events: 2, evidence: 1 })
      const ids = b.writer.desk.prepare('SELECT kind, theirs, ours FROM case_id').all() as {
        kind: string
        theirs: string
        ours: string
      }[]
      const event = new Map(ids.filter(({ kind }) => kind === 'event').map(({ theirs, ours }) => [theirs, ours]))
      const alert = new Map(ids.filter(({ kind }) => kind === 'alert').map(({ theirs, ours }) => [theirs, ours]))
      const source = (b.writer.desk.prepare('SELECT id FROM source').get() as { id: string }).id
      const mapped = (value: unknown, name = '', of = ''): unknown => {
        if (Array.isArray(value)) return value.map((one) => mapped(one))
        if (value !== null && typeof value === 'object') {
          const kind =
            'kind' in value ? String(value.kind) : 'raised' in value ? 'an alert' : 'received' in value ? 'an event' : ''
          return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapped(one, key, kind)]))
        }
        if (typeof value !== 'string') return value
        if (name === 'event') return event.get(value) ?? value
        if (name === 'alert') return alert.get(value) ?? value
        if (name === 'source' && value === 'source-1') return source
        if (name === 'id' && value.startsWith('alert-')) return `alert-${alert.get(value.slice(6)) ?? ''}`
        if (name === 'id' && of === 'an event') return event.get(value) ?? value
        if (name === 'id' && /^\d+$/.test(value)) return alert.get(value) ?? value
        return value
      }
      const there = await shown(a, number)
      const here = await shown(b, number)
      expect({ ...here, head: { ...here.head, counts: { ...here.head.counts, ledger: there.head.counts.ledger } } }).toEqual(
        mapped(there),
      )
      expect(here.verifications[0]!.verifications).toHaveLength(1)
      expect([...alert.values()]).not.toContain('1')
      // Raw records and evidence byte for byte; the book as it was, and on.
      const [raw] = await Promise.all(
        [...event]
          .slice(0, 1)
          .map(async ([theirs, ours]) => [
            must(await a.ask('events.get', { id: theirs })).rawBase64,
            must(await b.ask('events.get', { id: ours })).rawBase64,
          ]),
      )
      expect(raw![1]).toBe(raw![0])
      const copy = join(to, 'evidence', number, HASH)
      expect(readFileSync(copy)).toEqual(PROOF)
      expect(statSync(copy).mode & 0o777).toBe(0o400)
      const book = [...entriesOf(b.writer.desk, number)]
      expect(book.slice(0, -1)).toEqual([...entriesOf(a.writer.desk, number)])
      expect(book.at(-1)).toMatchObject({ action: 'case.imported', by: 'park' })
      expect(faultOf(book)).toBeNull()
      // Nobody is mailed, nothing is verified again, and it is here once.
      expect(must(b.writer.telling.notify.alertsAfter(0, 10)).map(({ title }) => title)).toEqual(['Detection mine'])
      expect(must(await b.ask('impact.unverified', { most: 10 })).map(({ id }) => id)).toEqual(['1'])
      expect(await importInto(b, to)).toMatchObject({
        ok: false,
        error: { code: 'conflict', message: `${number} is here already.` },
      })
      expect(readdirSync(to).filter((name) => name.startsWith('case-import'))).toEqual([])
      // And on to a third desk.
      const next = join(dir, 'next.wfcase')
      must(await exportCase(storeOf(b), { dataDir: to, number, path: next, by: 'park', signal: never }))
      expect(await findings(next)).toEqual([])
    } finally {
      b.close()
    }
  })

  it('gets a free number where another incident has its own, and says which it was', async () => {
    const to = join(dir, 'c')
    mkdirSync(to)
    const c = deskWith(to, [])
    try {
      expect(created(c, 'mine').number).toBe(number)
      expect(must(await importInto(c, to))).toMatchObject({ number: 'INC-2026-0002', original: number })
      expect(faultOf(entriesOf(c.writer.desk, 'INC-2026-0002'))).toBeNull()
      expect([...entriesOf(c.writer.desk, 'INC-2026-0002')]).toMatchObject([{ action: 'case.imported', subject: number }])
      expect(await importInto(c, to)).toMatchObject({ ok: false, error: { code: 'conflict' } })
      // A case moves nothing: one with the last number of the year would leave none for others.
      expect(c.writer.desk.prepare('SELECT last FROM incident_number').pluck().all()).toEqual([1])
      expect(created(c, 'next').number).toBe('INC-2026-0003')
    } finally {
      c.close()
    }
  })
})

describe('what was altered', () => {
  const altered = (change: (db: Database.Database) => void): string => {
    const path = join(dir, `altered-${Math.random()}.wfcase`)
    copyFileSync(file, path)
    const db = new Database(path)
    change(db)
    db.close()
    return path
  }
  /** As somebody would who knows the format. */
  const sealedAgain = (db: Database.Database): void => {
    const manifest = JSON.parse(db.prepare('SELECT body FROM manifest').pluck().get() as string)
    for (const name of Object.keys(manifest.tables)) {
      const sum = new TableHash()
      for (const { row } of tableRows(db as never, name as never)) sum.add(row)
      manifest.tables[name] = sum.sum
    }
    manifest.content = contentHash(manifest.tables)
    const body = canonical(manifest)
    db.prepare('UPDATE manifest SET body = ?, hash = ?').run(body, sha256(body))
  }

  it('is found: rows, copies, the book, also where the hashes were made anew', async () => {
    const said = async (sql: string) =>
      (
        await findings(
          altered((db) => {
            db.exec(sql)
            sealedAgain(db)
          }),
        )
      ).map(({ what, where }) => `${what} ${where}`)
    expect(await said("UPDATE blob SET data = x'00'")).toEqual(['evidence EV-01', 'evidence EV-01'])
    expect(await said('DELETE FROM blob')).toEqual(['evidence EV-01'])
    expect(await said(`INSERT INTO blob VALUES (2, '${sha256('x')}', x'78')`)).toContain(`evidence ${sha256('x')}`)
    expect(await said("UPDATE ledger SET by = 'lee' WHERE place = 2")).toEqual(['ledger 2'])
    expect(await said('DELETE FROM ledger WHERE place = 2')).toContain('row ledger 2')
    const forged = sha256('forged')
    expect(
      await said(`UPDATE part SET body = replace(body, '${HASH}', '${forged}'); UPDATE blob SET sha256 = '${forged}'`),
    ).toContain('evidence EV-01')
    expect(await said(`UPDATE entry SET body = '{}' WHERE place = 1`)).toEqual(['row entry 1'])
    const plain = await findings(altered((db) => db.exec(`UPDATE incident SET body = replace(body, 'kim', 'lee')`)))
    expect(plain).toMatchObject([{ what: 'table', where: 'incident' }, { what: 'manifest' }])
  })

  it('a file that has more in it than a case is not read, and one that is none neither', async () => {
    expect(await findings(altered((db) => db.exec('CREATE VIEW x AS SELECT 1')))).toMatchObject([{ what: 'schema' }])
    expect(await findings(altered((db) => db.exec('CREATE TRIGGER t AFTER INSERT ON entry BEGIN SELECT 1; END')))).toMatchObject([
      { what: 'schema' },
    ])
    expect(await findings(altered((db) => db.pragma('user_version = 2')))).toMatchObject([{ what: 'file' }])
    const none = join(dir, 'none.wfcase')
    writeFileSync(none, 'no database')
    expect(await findings(none)).toMatchObject([{ what: 'file' }])
    expect(await verifyCase(join(dir, 'missing'), never)).toMatchObject({ ok: false, error: { code: 'not_found' } })
    const to = join(dir, 'd')
    mkdirSync(to)
    const d = deskWith(to, [])
    try {
      const bad = altered((db) => db.exec("UPDATE blob SET data = x'00'"))
      expect(await importInto(d, to, bad)).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
      expect([d.writer.numbers.events, await d.alerts(), readdirSync(to).includes('evidence')]).toEqual([0, [], false])
    } finally {
      d.close()
    }
  })

  it('every byte of the file that is flipped is found, or leaves the content as it is', async () => {
    const bytes = readFileSync(file)
    const path = join(dir, 'flipped.wfcase')
    const content = (db: Database.Database): string =>
      ['incident', 'entry', 'part', 'alert', 'verification', 'event', 'blob', 'ledger', 'manifest']
        .map((name) => JSON.stringify(db.prepare(`SELECT * FROM ${name} ORDER BY place`).all()))
        .join('\n')
    const read = (): string => {
      const db = new Database(path, { readonly: true })
      try {
        return content(db)
      } finally {
        db.close()
      }
    }
    copyFileSync(file, path)
    const sound = read()
    let found = 0
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const changed = Buffer.from(bytes)
        changed[at] = changed[at]! ^ mask
        writeFileSync(path, changed)
        if ((await findings(path)).length > 0) found++
        else expect(read()).toBe(sound)
      }),
      { numRuns: 150 },
    )
    expect(found).toBeGreaterThan(50)
    const at = bytes.indexOf('www-data')
    for (let i = 0; i < 8; i++) {
      const changed = Buffer.from(bytes)
      changed[at + i] = changed[at + i]! ^ 1
      writeFileSync(path, changed)
      expect((await findings(path)).map(({ what, where }) => `${what} ${where}`)).toContain('evidence EV-01')
    }
  })
})
