/**
 * SIGKILL at random moments while two people edit an incident: after a restart every acknowledged edit is there, and the ledger is
 * intact. `WATCHFLOOR_KILLS` says how often (the long form 200, of which these are half; the short one 8).
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { afterAll, expect, test } from 'vitest'
import { contract, type WatchfloorContract } from '../../shared/contract.ts'
import type { Result } from '../../shared/model/result.ts'
import { connect } from '../../shared/rpc/connect.ts'
import type { ClientOf } from '../../shared/rpc/kinds.ts'
import { socketTransport } from '../../shared/rpc/socket-transport.ts'
import { sessionCookie } from '../../electron/engine/hosts/loopback-server.ts'
import { temporary } from './engine.ts'

const KILLS = process.env['WATCHFLOOR_KILLS'] === undefined ? 8 : Math.ceil(Number(process.env['WATCHFLOOR_KILLS']) / 2)
const cli = join(import.meta.dirname, '..', '..', 'dist', 'engine', 'cli.js')
const TOKEN = 'incident-edits'.padEnd(43, 'x')
const data = temporary('incident-edits')
let child: ChildProcess | null = null
afterAll(() => {
  child?.kill('SIGKILL')
  rmSync(data, { recursive: true, force: true })
})

async function start(): Promise<number> {
  const engine = spawn(process.execPath, [cli, 'serve', '--data', data, '--no-open'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, WATCHFLOOR_TOKEN: TOKEN },
  })
  child = engine
  let talk = ''
  engine.stderr.on('data', (bytes: Buffer) => (talk += bytes.toString()))
  return new Promise((resolve, reject) => {
    let text = ''
    engine.stdout.on('data', (bytes: Buffer) => {
      text += bytes.toString()
      const line = /^(.*)\n/.exec(text)?.[1]
      if (line !== undefined) resolve(Number(new URL((JSON.parse(line) as { url: string }).url).port))
    })
    engine.once('exit', (code) => reject(new Error(`the engine ended with ${code}: ${talk}`)))
  })
}

const clientAt = (port: number): ClientOf<WatchfloorContract> =>
  connect(contract, async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, {
      headers: { origin: `http://127.0.0.1:${port}`, cookie: sessionCookie(port, TOKEN) },
    })
    await once(socket, 'open')
    return socketTransport(socket)
  })

const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

/** Words that were acknowledged, and where the shared note stands as one client knows it. */
interface Editing {
  readonly name: string
  text: string
  base: number
  summary: string
  readonly acknowledged: string[]
  sent: number
}

/** Edits until the engine is gone: the shared note, the summary, a note of its own, in turn. */
async function editing(client: ClientOf<WatchfloorContract>, number: string, shared: string, one: Editing): Promise<void> {
  for (;;) {
    const word = `${one.name}${one.sent++}`
    if (one.sent % 3 === 0) {
      const text = `${one.text}\n${word}`
      const saved = await client.command('incidents.save', {
        number,
        draft: { kind: 'note', id: shared, base: one.base, part: { text, internal: false } },
      })
      if (!saved.ok) return
      one.acknowledged.push(word)
      const parts = await client.query('incidents.parts', { number })
      if (!parts.ok) return
      const note = parts.value.notes.find(({ id }) => id === shared)
      one.text = note?.text ?? one.text
      one.base = note?.written.revision ?? one.base
    } else if (one.sent % 3 === 1) {
      const edited = await client.command('incidents.edit', {
        number,
        edit: { summary: `${word} ${one.summary}` },
        from: { summary: one.summary },
      })
      if (!edited.ok) return
      one.acknowledged.push(word)
      one.summary = edited.value.incident.summary
    } else {
      const saved = await client.command('incidents.save', {
        number,
        draft: { kind: 'task', part: { title: word, assignee: null, due: null, state: 'open', reason: '', phase: null } },
      })
      if (!saved.ok) return
      one.acknowledged.push(word)
    }
  }
}

test('no acknowledged edit is lost, and the ledger is intact', async () => {
  let port = await start()
  const first = clientAt(port)
  /** Texts grow with every word: after so many kills another incident is edited. */
  const EACH = 10
  let acknowledged = 0
  let client = first
  for (let killed = 0; killed < KILLS;) {
    const { number } = must(await client.command('incidents.create', { title: `Killed ${killed}` }))
    const { id: shared } = must(
      await client.command('incidents.save', { number, draft: { kind: 'note', part: { text: 'shared', internal: false } } }),
    )
    const people = ['kim', 'lee'].map((name): Editing => ({
      name,
      text: 'shared',
      base: 1,
      summary: '',
      acknowledged: [],
      sent: 0,
    }))
    for (let turn = 0; turn < EACH && killed < KILLS; turn++, killed++) {
      const clients = people.map(() => clientAt(port))
      const done = people.map((one, i) => editing(clients[i]!, number, shared, one))
      await new Promise((resolve) => setTimeout(resolve, 30 + Math.random() * 400))
      const gone = once(child!, 'exit')
      child!.kill('SIGKILL')
      await gone
      await Promise.all(done)
      for (const one of [...clients, client]) one.close()
      port = await start()
      client = clientAt(port)
      const incident = must(await client.query('incidents.get', { number }))
      const parts = must(await client.query('incidents.parts', { number }))
      const text = [incident.summary, ...parts.notes.map((note) => note.text), ...parts.tasks.map(({ title }) => title)].join(
        '\n',
      )
      const words = new Set(text.split(/[^\p{L}\p{N}]+/u))
      const lost = people.flatMap((one) => one.acknowledged.filter((word) => !words.has(word)))
      expect(lost, `after kill ${killed}`).toEqual([])
      const ledger = must(await client.query('incidents.ledger', { number, limit: 1 }))
      expect(ledger).toMatchObject({ intact: true, total: incident.counts.ledger })
      for (const one of people) one.summary = incident.summary
    }
    acknowledged += people.reduce((sum, one) => sum + one.acknowledged.length, 0)
  }
  client.close()
  const gone = once(child!, 'exit')
  child!.kill('SIGTERM')
  await gone
  expect(acknowledged).toBeGreaterThan(0)
  console.log(`incidents: killed ${KILLS} times, all of ${acknowledged} acknowledged edits are there`)
}, 3_600_000)
