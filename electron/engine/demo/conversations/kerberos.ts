/** A ticket is asked for over TCP 88. */
import type { Micros } from '../../../../shared/model/time.ts'
import { HOUR } from '../rhythm.ts'
import { kerberosError, kerberosReply, kerberosRequest, type KerberosRequest } from '../protocols/kerberos.ts'
import type { Scene } from '../scene.ts'
import type { Flow } from '../flow.ts'
import type { Host } from '../world.ts'

export interface TicketWanted {
  readonly kind: 'AS' | 'TGS'
  readonly user: string
  readonly service: string
  /** Code and name of the refusal, where there is one. */
  readonly error?: { readonly code: number; readonly name: string }
}

export function askForTicket(scene: Scene, client: Host, at: Micros, wanted: TicketWanted): { flow: Flow; answered: Micros } {
  const dc = scene.world.host('dc-01')
  const realm = scene.world.domain.toUpperCase()
  const tcp = scene.tcp(client, dc, 88, at)
  const { say } = tcp
  say.open()
  const till = Math.floor((at + 10 * HOUR) / 1_000_000) * 1_000_000
  const request: KerberosRequest = {
    kind: wanted.kind,
    realm,
    client: wanted.user,
    service: wanted.service,
    cipher: 'aes256-cts-hmac-sha1-96',
    till,
  }
  const asked = say.client(kerberosRequest(scene.random, request), 120)
  const payload = wanted.error ? kerberosError(asked.last, request, wanted.error.code) : kerberosReply(scene.random, request)
  const answer = say.server(payload, scene.random.int(300, 2_400))
  tcp.transactions.push({
    kind: 'krb5',
    at: asked.first,
    answered: answer.last,
    request: wanted.kind,
    client: wanted.user,
    realm,
    service: wanted.service,
    error: wanted.error?.name ?? null,
    cipher: request.cipher,
    till,
  })
  say.close(200)
  return { flow: tcp.over('krb5'), answered: answer.last }
}
