/** An SSH session: key exchange in clear, then keystrokes nobody can read. */
import type { Micros } from '../../../../shared/model/time.ts'
import type { Flow, Signature } from '../flow.ts'
import { opaque, text } from '../payload.ts'
import { ecdhInit, ecdhReply, keyExchangeInit } from '../protocols/ssh.ts'
import type { Scene } from '../scene.ts'
import type { Host } from '../world.ts'

export interface SshSession {
  readonly software: string
  /** Wrong passwords before the end, and whether the last try was right. */
  readonly failures: number
  readonly success: boolean
  /** Microseconds of work after the logon. */
  readonly work: number
  readonly signature?: Signature
}
const SERVER = 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3'

export function sshSession(
  scene: Scene,
  client: Host,
  server: Host,
  at: Micros,
  session: SshSession,
): { flow: Flow; tries: readonly Micros[]; end: Micros } {
  const { random } = scene
  const tcp = scene.tcp(client, server, 22, at)
  const { say } = tcp
  const key = random.hex(16)
  let part = 0
  const noise = (length: number) => opaque(`${key}/${part++}`, length)
  say.open()
  say.client(text(`SSH-2.0-${session.software}\r\n`), 300)
  say.server(text(`${SERVER}\r\n`), random.int(4_000, 12_000))
  say.client(keyExchangeInit(random), 400)
  say.server(keyExchangeInit(random), 500)
  say.client(ecdhInit(random), 900)
  const agreed = say.server(ecdhReply(random), 3_000)
  say.client(noise(60), 400)
  say.server(noise(44), 200)
  const tries: Micros[] = []
  const total = session.failures + (session.success ? 1 : 0)
  for (let i = 0; i < total; i++) {
    say.client(noise(148), random.int(200_000, 900_000))
    const right = session.success && i === total - 1
    tries.push(say.server(noise(right ? 28 : 52), right ? 8_000 : random.int(1_600_000, 2_400_000)).last)
  }
  if (session.success) {
    const until = say.now + session.work
    for (let i = 0; say.now < until && i < 60; i++) {
      say.client(noise(36 + 8 * random.int(0, 3)), random.int(80_000, Math.max(100_000, Math.floor(session.work / 20))))
      say.server(noise(36 + random.int(0, 90) * 8), random.int(500, 20_000))
    }
  }
  say.close(random.int(1_000, 40_000))
  tcp.transactions.push({
    kind: 'ssh',
    at: agreed.last,
    client: session.software,
    server: SERVER.slice(8),
    success: session.success,
    attempts: total,
  })
  if (session.signature) tcp.hits.push({ at: agreed.last, signature: session.signature, toServer: true, transaction: null })
  return { flow: tcp.over('ssh'), tries, end: say.now }
}
