/** A name is looked up over UDP. */
import type { Micros } from '../../../../shared/model/time.ts'
import { datagram, type Flow, type Signature, type SignatureHit } from '../flow.ts'
import { raw } from '../payload.ts'
import { dnsAnswer, dnsQuery } from '../protocols/dns.ts'
import type { Scene } from '../scene.ts'
import type { DnsRecord, DnsTransaction } from '../transactions.ts'
import type { Host } from '../world.ts'

export interface Lookup {
  readonly name: string
  readonly type?: string
  readonly rcode?: DnsTransaction['rcode']
  readonly answers?: readonly Omit<DnsRecord, 'name'>[]
  readonly signature?: Signature
}

/** One question and its answer; gives the moment the answer has arrived. */
export function lookUp(scene: Scene, client: Host, server: Host, at: Micros, lookup: Lookup): { flow: Flow; answered: Micros } {
  const { random } = scene
  const type = lookup.type ?? 'A'
  const rcode = lookup.rcode ?? 'NOERROR'
  const id = random.int(1, 65_535)
  let owner = lookup.name
  const answers = (lookup.answers ?? []).map((answer): DnsRecord => {
    const record = { name: owner, ...answer }
    if (answer.type === 'CNAME') owner = answer.data
    return record
  })
  const { serverSide } = scene.distance(client, server)
  const answered = Math.round(at + serverSide + (random.chance(0.7) ? random.int(80, 400) : random.int(4_000, 60_000)))
  const transaction: DnsTransaction = { kind: 'dns', at: Math.round(at), answered, id, name: lookup.name, type, rcode, answers }
  const packets = [
    datagram(at, true, raw(dnsQuery(id, lookup.name, type))),
    datagram(answered, false, raw(dnsAnswer(id, lookup.name, type, rcode, answers))),
  ]
  const hits: SignatureHit[] = lookup.signature
    ? [{ at: Math.round(at), signature: lookup.signature, toServer: true, transaction }]
    : []
  const flow = scene.datagrams(
    'udp',
    { ip: client.ip, port: scene.port(client) },
    { ip: server.ip, port: 53 },
    packets,
    'dns',
    [transaction],
    hits,
  )
  return { flow, answered }
}
