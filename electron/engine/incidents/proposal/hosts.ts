/** Which names and addresses are one host: from the inventory, and from records that have both. */
import type { Alert } from '../../../../shared/model/alert.ts'
import type { Material, MaterialHost, ProposedEntity } from './material.ts'
import { stableId } from './stable-id.ts'

export interface RouteHost {
  readonly id: string
  readonly name: string
  readonly address: string | null
  readonly outside: boolean
  readonly known: MaterialHost | null
}
type End = Alert['source']

const isAddress = (text: string): boolean => /^[\d.]+$/.test(text) || text.includes(':')
const least = (values: Iterable<string>): string | null => [...values].sort()[0] ?? null

export class RouteHosts {
  readonly #parent = new Map<string, string>()
  readonly #ours: ReadonlySet<string>
  readonly #known = new Map<string, MaterialHost>()
  readonly #made = new Map<string, RouteHost>()
  /** All names and addresses of one host, by the one that stands for them. */
  readonly #members = new Map<string, string[]>()

  constructor({ alerts, hosts, ours }: Material) {
    this.#ours = new Set(ours)
    for (const host of hosts)
      this.#join([...host.addresses, ...[host.name, ...host.names].map((name) => this.#nameKey(name, false))])
    for (const { source, destination } of alerts)
      for (const { ip, name } of [source, destination])
        if (ip !== null && name !== null) this.#join([ip, this.#nameKey(name, !this.#ours.has(ip))])
    for (const host of [...hosts].sort((a, b) => (a.asset < b.asset ? -1 : 1)))
      for (const key of [...host.addresses, this.#nameKey(host.name, false)]) this.#known.set(this.#root(key), host)
    for (const key of this.#parent.keys()) {
      const root = this.#root(key)
      const members = this.#members.get(root)
      if (members) members.push(key)
      else this.#members.set(root, [key])
    }
  }

  /** Names of our own hosts are known with and without their domain. */
  #nameKey(name: string, outside: boolean): string {
    const lower = name.toLowerCase()
    return isAddress(lower) ? lower : outside ? `name ${lower}` : `host ${lower.split('.')[0] ?? lower}`
  }
  #root(key: string): string {
    let at = key
    for (let up = this.#parent.get(at); up !== undefined && up !== at; up = this.#parent.get(at)) at = up
    return at
  }
  #join(keys: readonly string[]): void {
    const roots = [...new Set(keys.filter((key) => key !== '' && key !== 'host -').map((key) => this.#root(key)))].sort()
    const [first] = roots
    for (const root of roots) this.#parent.set(root, first ?? root)
  }

  /** Of an end of an alert; null where it names none. */
  at({ ip, name }: Pick<End, 'ip' | 'name'>): RouteHost | null {
    const key = ip ?? (name === null || name === '' || name === '-' ? null : this.#nameKey(name, false))
    if (key === null) return null
    const root = this.#root(key)
    const made = this.#made.get(root)
    if (made) return made
    const members = [root, ...(this.#members.get(root) ?? [])]
    const known = this.#known.get(root) ?? null
    const addresses = members.filter(isAddress)
    const address = least(addresses)
    const short = least(members.filter((one) => one.startsWith('host ')).map((one) => one.slice(5)))
    const full = least(members.filter((one) => one.startsWith('name ')).map((one) => one.slice(5)))
    const outside = known === null && address !== null && !addresses.some((one) => this.#ours.has(one))
    const shown = outside ? (full ?? address) : (short ?? address)
    const host: RouteHost = {
      id: stableId('host', address ?? shown ?? root),
      name: shown ?? root,
      address,
      outside,
      known,
    }
    this.#made.set(root, host)
    return host
  }
  /** By what an alert calls its asset: a name or an address. */
  named(text: string): RouteHost | null {
    return this.at(isAddress(text) ? { ip: text, name: null } : { ip: null, name: text })
  }
}

/** `web-01 (10.20.10.21)`, or what there is of it. */
export const shownHost = ({ name, address }: RouteHost): string =>
  address === null || address === name ? name : `${name} (${address})`

export const entityOf = (host: RouteHost, role: ProposedEntity['role']): ProposedEntity => ({
  id: host.id,
  kind: host.outside ? 'address' : 'host',
  value: host.outside ? (host.address ?? host.name) : (host.name ?? host.address),
  label: host.outside && host.name === host.address ? '' : host.name.slice(0, 300),
  role,
  zone: host.outside ? 'Internet' : host.known?.zone || networkOf(host.address),
  asset: host.known?.asset ?? null,
  note: '',
})

/** The network that an address is most likely in; '' where that cannot be told. */
const networkOf = (address: string | null): string =>
  address !== null && /^\d+\.\d+\.\d+\.\d+$/.test(address) ? address.replace(/\d+$/, '0/24') : ''
