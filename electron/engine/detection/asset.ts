/**
 * Who takes part in a detection, and which of them is attacked.
 *
 * A record that names a destination speaks of the network: the asset is the destination when it is internal, else the source
 * when that is internal, else the destination; but where a Windows host wrote it about its own connection, that host. Any
 * other record speaks of the host that wrote it: the asset is that host, and it stands as the destination of whatever the
 * record names as source.
 */
import type { FieldRegistry } from '../event/field-registry.ts'
import type { EventRow, RowValue } from '../event/row.ts'

export interface Party {
  readonly ip: string | null
  readonly port: number | null
  readonly name: string | null
}
export interface Parties {
  readonly source: Party
  readonly destination: Party
  readonly asset: string
  readonly user: string | null
  /** The destination is the host that wrote the record, known by its name. */
  readonly ofHost: boolean
}

/** An address of the own network: private (RFC 1918), unique local (RFC 4193), link-local or loopback. */
export function isInternal(ip: string): boolean {
  if (ip.includes(':')) return /^(?:f[cd]|fe[89ab]|::1$)/.test(ip)
  if (ip.startsWith('10.') || ip.startsWith('192.168.') || ip.startsWith('127.') || ip.startsWith('169.254.')) return true
  if (!ip.startsWith('172.')) return false
  const second = Number(ip.slice(4, ip.indexOf('.', 4)))
  return second >= 16 && second <= 31
}

const text = (value: RowValue | undefined): string | null => {
  if (typeof value === 'string') return value === '' ? null : value
  if (typeof value === 'number') return String(value)
  return typeof value === 'object' && value[0] !== undefined ? value[0] : null
}
const port = (value: RowValue | undefined): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535 ? value : null

/** Reads the parties of rows; knows the field numbers of one thread. */
export class PartyReader {
  readonly #ids

  constructor(fields: FieldRegistry) {
    this.#ids = {
      srcIp: fields.id('src.ip'),
      srcPort: fields.id('src.port'),
      srcHost: fields.id('src.host'),
      dstIp: fields.id('dst.ip'),
      dstPort: fields.id('dst.port'),
      dstHost: fields.id('dst.host'),
      hostName: fields.id('host.name'),
      hostIp: fields.id('host.ip'),
      channel: fields.id('win.channel'),
      user: fields.id('user.name'),
      target: fields.id('target.user'),
    }
  }

  parties(row: EventRow): Parties {
    const ids = this.#ids
    const srcIp = text(row.get(ids.srcIp))
    const dstIp = text(row.get(ids.dstIp))
    const host = text(row.get(ids.hostName)) ?? text(row.get(ids.hostIp))
    const source: Party = { ip: srcIp, port: port(row.get(ids.srcPort)), name: text(row.get(ids.srcHost)) }
    const user = text(row.get(ids.user)) ?? text(row.get(ids.target))
    if (dstIp === null && host !== null) {
      return { source, destination: { ip: text(row.get(ids.hostIp)), port: null, name: host }, asset: host, user, ofHost: true }
    }
    const destination: Party = { ip: dstIp, port: port(row.get(ids.dstPort)), name: text(row.get(ids.dstHost)) }
    const attacked = dstIp === null || (!isInternal(dstIp) && srcIp !== null && isInternal(srcIp)) ? source : destination
    const own = row.get(ids.channel) === undefined ? null : host
    return {
      source,
      destination,
      asset: own ?? attacked.name ?? attacked.ip ?? destination.name ?? source.name ?? '',
      user,
      ofHost: false,
    }
  }
}
