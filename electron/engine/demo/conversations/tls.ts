/** A TLS session: handshake, requests and answers nobody can read, an orderly end. */
import type { Micros } from '../../../../shared/model/time.ts'
import type { Flow, Signature } from '../flow.ts'
import { applicationData, shakeHands, type ClientProfile, type IssuedCertificate } from '../protocols/tls.ts'
import type { Scene } from '../scene.ts'
import type { TlsTransaction } from '../transactions.ts'
import type { Host } from '../world.ts'

export interface TlsSession {
  readonly profile: ClientProfile
  readonly sni: string | null
  readonly certificate: IssuedCertificate
  readonly version?: ClientProfile['version']
  /** Bytes up, bytes down, and microseconds before it is asked. */
  readonly exchanges: readonly { readonly up: number; readonly down: number; readonly think: number }[]
  readonly signature?: Signature
  readonly port?: number
}

export function tlsSession(scene: Scene, client: Host, server: Host, at: Micros, session: TlsSession): Flow {
  const tcp = scene.tcp(client, server, session.port ?? 443, at)
  const { say } = tcp
  say.open()
  const { flights, facts } = shakeHands(scene.random, session.profile, session.sni, session.certificate, session.version)
  const hello = say.client(flights[0], 180)
  const answer = say.server(flights[1], scene.random.int(200, 1_800))
  let last = say.client(flights[2], scene.random.int(150, 900))
  if (flights[3] !== null) last = say.server(flights[3], 120)
  const transaction: TlsTransaction = {
    at: hello.first,
    established: facts.version === 'TLS 1.3' ? answer.last : last.last,
    ...facts,
  }
  tcp.transactions.push(transaction)
  if (session.signature) tcp.hits.push({ at: hello.first, signature: session.signature, toServer: true, transaction })
  const key = scene.random.hex(16)
  session.exchanges.forEach((exchange, i) => {
    say.client(applicationData(`${key}/${i}/up`, exchange.up), exchange.think)
    say.server(applicationData(`${key}/${i}/down`, exchange.down), scene.random.int(2_000, 60_000))
  })
  say.close(scene.random.int(20_000, 2_000_000))
  return tcp.over('tls')
}
