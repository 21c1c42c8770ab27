import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import { expect, it } from 'vitest'
import { sessionCookie } from '../../electron/engine/hosts/loopback-server.ts'
import { contractHash } from '../../shared/rpc/contract-hash.ts'
import { socketTransport } from '../../shared/rpc/socket-transport.ts'
import { small } from './small-contract.ts'
import { contractSuite, type EngineUnderTest, until } from './suite.ts'

const TOKEN = 'a-token-for-tests_nothing-that-opens-anything-else'

class SocketEngine implements EngineUnderTest {
  port = 0
  child: ChildProcess | null = null

  async restart(): Promise<void> {
    const child = fork(fileURLToPath(new URL('./socket-engine.ts', import.meta.url)), [String(this.port), TOKEN])
    const [port] = (await once(child, 'message')) as [number]
    this.port = port
    this.child = child
  }
  async kill(): Promise<void> {
    const child = this.child
    this.child = null
    if (!child) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  stop = (): Promise<void> => this.kill()
  async socket(): Promise<WebSocket> {
    const socket = new WebSocket(`ws://127.0.0.1:${this.port}/ws`, {
      headers: { origin: `http://127.0.0.1:${this.port}`, cookie: sessionCookie(this.port, TOKEN) },
    })
    await once(socket, 'open')
    return socket
  }
  connect = async (): Promise<ReturnType<typeof socketTransport>> => socketTransport(await this.socket())
}

contractSuite('a WebSocket to another process', async () => {
  const engine = new SocketEngine()
  await engine.restart()
  return engine
})

it.each<[string, string | Buffer]>([
  ['text that is not JSON', '{"t":"hello"'],
  ['binary', Buffer.from([0, 1, 2, 255])],
  ['nesting without end', '['.repeat(1_000_000)],
  ['more than the largest frame', `"${'x'.repeat(9 * 1024 * 1024)}"`],
])('closes a socket that sends %s, and goes on serving', async (_, data) => {
  const engine = new SocketEngine()
  await engine.restart()
  const hello = JSON.stringify({ t: 'hello', contractHash: contractHash(small) })
  const socket = await engine.socket()
  socket.on('error', () => {})
  const closed = once(socket, 'close')
  socket.send(hello)
  socket.send(data)
  await closed
  const other = await engine.socket()
  const answer = once(other, 'message')
  other.send(hello)
  expect(String(((await answer) as [Buffer])[0])).toContain('"hello"')
  await engine.stop()
})

it('holds a bounded amount for a client that asks and never reads', async () => {
  const engine = new SocketEngine()
  await engine.restart()
  const socket = await engine.socket()
  let answers = 0
  socket.on('message', () => answers++)
  socket.send(JSON.stringify({ t: 'hello', contractHash: contractHash(small) }))
  await until(() => answers === 1)
  socket.pause()
  const value = 'x'.repeat(1_000_000)
  for (let id = 1; id <= 600; id++)
    socket.send(JSON.stringify({ t: 'req', id, method: 'echo.value', input: { value }, credit: 1 }))
  // The engine stops reading long before it has taken all 600 MB: most of it stays with the one who asked.
  let waiting = -1
  for (let still = 0; still < 50; await new Promise((done) => setTimeout(done, 10))) {
    still = socket.bufferedAmount === waiting ? still + 1 : 0
    waiting = socket.bufferedAmount
  }
  expect(waiting).toBeGreaterThan(400_000_000)
  const probe = await engine.socket()
  const seen: string[] = []
  probe.on('message', (data: Buffer) => seen.push(String(data)))
  probe.send(JSON.stringify({ t: 'hello', contractHash: contractHash(small) }))
  probe.send(JSON.stringify({ t: 'req', id: 1, method: 'probe.state', input: {}, credit: 1 }))
  await until(() => seen.length === 2)
  expect((JSON.parse(seen[1] ?? '') as { value: { values: number } }).value.values).toBeLessThan(200)
  await engine.stop()
  socket.terminate()
})
