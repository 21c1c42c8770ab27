import { defineLog, nameOf, numberOf, secondsBetween, textOf, type Emit, type FlowName, type Moment } from '../define.ts'
import { Waiting } from '../waiting.ts'

const MOST_WAITING = 4096
const KINDS: readonly string[] = ['', 'DISCOVER', 'OFFER', 'REQUEST', 'DECLINE', 'ACK', 'NAK', 'RELEASE', 'INFORM']

interface Lease {
  readonly at: Moment
  readonly flow: FlowName
  last: Moment
  readonly kinds: string[]
  readonly values: Map<string, string>
  seconds: number
}

const FIELDS: Readonly<Record<string, string>> = {
  'dhcp.hw.mac_addr': 'mac', 'dhcp.option.hostname': 'host_name', 'dhcp.fqdn.name': 'client_fqdn', 'dhcp.option.domain_name': 'domain',
  'dhcp.option.requested_ip_address': 'requested_addr', 'dhcp.option.dhcp_server_id': 'server_addr', 'dhcp.ip.client': 'client_addr', 'dhcp.ip.your': 'assigned_addr',
  'dhcp.option.vendor_class_id': 'client_software',
} // prettier-ignore

function say(lease: Lease, emit: Emit): void {
  emit('dhcp', lease.at, lease.flow, {
    ...Object.fromEntries(lease.values),
    lease_time: lease.seconds > 0 ? lease.seconds : undefined,
    msg_types: lease.kinds,
    duration: secondsBetween(lease.at, lease.last),
  })
}

/** The messages of one transaction, whichever addresses they went between, are one event. */
export default defineLog<Waiting<number, Lease>>({
  id: 'dhcp',
  protocols: ['dhcp'],
  shared: true,
  begin: () => new Waiting(MOST_WAITING),
  take({ at, flow, facts }, waiting, emit) {
    let id = -1
    let kind = 0
    let seconds = 0
    const values: [string, string][] = []
    for (const fact of facts) {
      const name = nameOf(fact)
      const field = FIELDS[name]
      if (field !== undefined) {
        const text = textOf(fact)
        if (text !== '0.0.0.0') values.push([field, text])
      } else if (name === 'dhcp.id') id = numberOf(fact)
      else if (name === 'dhcp.option.dhcp') kind = numberOf(fact)
      else if (name === 'dhcp.option.ip_address_lease_time') seconds = numberOf(fact)
    }
    if (id < 0 || kind === 0) return
    let lease = waiting.get(id)
    if (lease === undefined) {
      lease = { at, flow, last: at, kinds: [], values: new Map(), seconds: 0 }
      const oldest = waiting.add(id, lease)
      if (oldest !== undefined) say(oldest, emit)
    }
    lease.last = at
    if (lease.kinds.length < 32) lease.kinds.push(KINDS[kind] ?? `type-${kind}`)
    if (seconds > 0) lease.seconds = seconds
    for (const [field, text] of values) lease.values.set(field, text)
    if (kind !== 5 && kind !== 6 && kind !== 7 && kind !== 4) return
    waiting.take(id)
    say(lease, emit)
  },
  end(waiting, emit) {
    for (const lease of waiting.takeAll()) say(lease, emit)
  },
})
