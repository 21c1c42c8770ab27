import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { contract, type WatchfloorContract } from '../../shared/contract.ts'
import { sessionCookie } from '../../electron/engine/hosts/loopback-server.ts'
import { readServingNote } from '../../electron/engine/hosts/serving-note.ts'
import { connect } from '../../shared/rpc/connect.ts'
import type { ClientOf } from '../../shared/rpc/kinds.ts'
import { socketTransport } from '../../shared/rpc/socket-transport.ts'
import { type ServedEngine, startEngineChild } from './engine-child.ts'

const entry = join(import.meta.dirname, '..', '..', 'test', 'fixtures', 'launch', 'engine.ts')
let folder: string
const engines: ServedEngine[] = []
const clients: ClientOf<WatchfloorContract>[] = []

const start = (dataDir: string, talk: (line: string) => void = () => {}): ReturnType<typeof startEngineChild> =>
  startEngineChild({ entry, args: ['--data', dataDir], port: 0, talk })
async function started(dataDir: string, talk?: (line: string) => void): Promise<ServedEngine> {
  const engine = await start(dataDir, talk)
  if ('code' in engine) throw new Error(engine.message)
  engines.push(engine)
  return engine
}
function clientOf({ url }: ServedEngine): ClientOf<WatchfloorContract> {
  const { port, origin, searchParams } = new URL(url)
  const client = connect(
    contract,
    () =>
      new Promise((resolve, reject) => {
        const headers = { origin, cookie: sessionCookie(Number(port), searchParams.get('token') ?? '') }
        const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { headers })
        socket.on('open', () => resolve(socketTransport(socket)))
        socket.on('error', reject)
      }),
    { backoff: { first: 10, most: 50 } },
  )
  clients.push(client)
  return client
}
const pidOf = async (client: ClientOf<WatchfloorContract>): Promise<unknown> => {
  const answer = await client.query('settings.get', { key: 'pid' })
  return answer.ok ? answer.value.value : null
}
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((done) => setTimeout(done, 5))
}
const status = (url: string): Promise<number> => fetch(url, { redirect: 'manual' }).then((answer) => answer.status)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-launch-'))
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  for (const engine of engines.splice(0)) await engine.stop()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the engine under the launcher', () => {
  it('serves, invites once, leaves a note that its user alone can read, and takes it away', async () => {
    const engine = await started(folder)
    expect(engine.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/)
    const invitation = (await engine.invite()) ?? ''
    expect(invitation).not.toBe(engine.url)
    expect(await status(invitation)).toBe(303)
    expect(await status(invitation)).toBe(403)
    expect(await status(engine.url)).toBe(303)
    const note = readServingNote(folder)
    expect(note?.url).toBe(engine.url)
    if (process.getuid) expect(statSync(join(folder, 'serving.json')).mode & 0o777).toBe(0o600)
    await engine.stop()
    expect(existsSync(join(folder, 'serving.json'))).toBe(false)
    expect(await engine.invite()).toBeNull()
  })

  it('is started again when it dies, at the same address, and open pages find back', async () => {
    const lines: string[] = []
    const engine = await started(folder, (line) => lines.push(line))
    const client = clientOf(engine)
    const first = await pidOf(client)
    expect(await client.query('settings.get', { key: 'crash' })).toMatchObject({ ok: false, error: { code: 'engine_gone' } })
    await until(() => client.state === 'open')
    const second = await pidOf(client)
    expect(second).not.toBe(first)
    expect(lines).toEqual(['The engine ended (exit code 9) and is started again.'])
    process.kill(second as number, 'SIGKILL')
    await until(() => client.state !== 'open')
    await until(() => client.state === 'open')
    expect(await pidOf(client)).not.toBe(second)
    expect(await status(engine.url)).toBe(303)
  })

  it('is renewed without a word', async () => {
    const lines: string[] = []
    const engine = await started(folder, (line) => lines.push(line))
    const client = clientOf(engine)
    const first = await pidOf(client)
    engine.renew()
    await until(() => client.state !== 'open')
    await until(() => client.state === 'open')
    expect(await pidOf(client)).not.toBe(first)
    expect(lines).toEqual([])
  })

  it('says why it cannot start, and is not tried again', async () => {
    expect(await start(join(folder, 'in-use'))).toEqual({ code: 'data_in_use', message: 'Another Watchfloor uses this folder.' })
  })

  it('is given up when it dies again and again', async () => {
    const lines: string[] = []
    expect(await start(join(folder, 'dies'), (line) => lines.push(line))).toMatchObject({ code: 'engine_gone' })
    expect(lines).toHaveLength(5)
  })
})
