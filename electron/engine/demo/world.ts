/**
 * Example Foods, a small company: hosts, people, and the places on the internet they visit. Every outside address is in a
 * documentation network (RFC 5737), every name in a reserved domain (RFC 2606, RFC 6761).
 */
import { Random } from './random.ts'

export type Zone = 'dmz' | 'servers' | 'office' | 'outside'
export interface Host {
  readonly name: string
  readonly ip: string
  readonly zone: Zone
  readonly system: 'windows' | 'linux' | 'printer' | 'other'
  /** Who sits there. */
  readonly user?: User
}
export interface User {
  readonly name: string
  readonly full: string
  readonly sid: string
}
export interface Site {
  readonly name: string
  readonly ips: readonly string[]
  readonly kind: 'tls13' | 'tls12' | 'http'
  readonly weight: number
  readonly organisation: string
}

export interface World {
  readonly seed: number
  readonly domain: string
  readonly netbios: string
  readonly gateway: Host
  readonly hosts: ReadonlyMap<string, Host>
  readonly byIp: ReadonlyMap<string, Host>
  readonly workstations: readonly Host[]
  readonly printers: readonly Host[]
  readonly users: ReadonlyMap<string, User>
  readonly sites: readonly Site[]
  host(name: string): Host
  user(name: string): User
}

const DOMAIN_SID = 'S-1-5-21-1180699209-877415012-3182924384'

const PEOPLE: readonly (readonly [name: string, full: string])[] = [
  ['m.lind', 'Maria Lind'], ['h.yoon', 'Hana Yoon'], ['d.ruiz', 'Diego Ruiz'], ['k.moon', 'Kyung Moon'], ['a.berg', 'Anna Berg'],
  ['t.okada', 'Taro Okada'], ['s.novak', 'Sara Novak'], ['j.price', 'Jon Price'], ['l.fischer', 'Lena Fischer'], ['p.rossi', 'Paolo Rossi'],
  ['y.choi', 'Yuna Choi'], ['b.nowak', 'Bartek Nowak'], ['c.silva', 'Carla Silva'], ['e.hansen', 'Erik Hansen'], ['f.meyer', 'Frieda Meyer'],
  ['g.park', 'Gyu Park'], ['i.kovac', 'Ivana Kovac'], ['n.dubois', 'Noel Dubois'], ['o.smith', 'Olive Smith'], ['r.patel', 'Ravi Patel'],
  ['u.weber', 'Ute Weber'], ['v.ivanova', 'Vera Ivanova'], ['w.jung', 'Woo Jung'], ['x.lopez', 'Ximena Lopez'], ['z.khan', 'Zara Khan'],
  ['a.lee', 'Amy Lee'], ['m.costa', 'Miguel Costa'], ['h.laine', 'Heli Laine'], ['d.kim', 'Dan Kim'], ['t.bauer', 'Tim Bauer'],
] // prettier-ignore

const SITES: readonly (readonly [name: string, organisation: string, kind: Site['kind'], weight: number])[] = [
  ['www.search.example', 'Search Example', 'tls13', 14],
  ['fonts.static.example', 'Static Example', 'tls13', 8],
  ['cdn.static.example', 'Static Example', 'tls13', 12],
  ['mail.office.example', 'Office Example', 'tls13', 10],
  ['teams.office.example', 'Office Example', 'tls13', 12],
  ['files.office.example', 'Office Example', 'tls13', 6],
  ['telemetry.office.example', 'Office Example', 'tls12', 6],
  ['news.daily.example', 'Daily Example', 'tls13', 5],
  ['img.daily.example', 'Daily Example', 'tls13', 5],
  ['maps.travel.example', 'Travel Example', 'tls13', 3],
  ['shop.packaging.example', 'Packaging Example', 'tls12', 3],
  ['portal.bank.example', 'Bank Example', 'tls12', 2],
  ['tracking.freight.example', 'Freight Example', 'tls12', 3],
  ['api.weather.example', 'Weather Example', 'tls13', 3],
  ['video.stream.example', 'Stream Example', 'tls13', 3],
  ['ads.market.example', 'Market Example', 'tls13', 4],
  ['metrics.market.example', 'Market Example', 'tls12', 3],
  ['update.system.example', 'System Example', 'http', 5],
  ['crl.trust.example', 'Trust Example', 'http', 4],
  ['ocsp.trust.example', 'Trust Example', 'http', 4],
  ['www.captive.example', 'Captive Example', 'http', 3],
  ['prices.market-hall.example', 'Market Hall', 'http', 2],
]

/** Builds the world. The seed decides who sits where and which addresses sites have; names and servers are always the same. */
export function buildWorld(seed: number): World {
  const random = new Random(`${seed}/world`)
  const users = new Map<string, User>()
  const person = (name: string, full: string, rid: number): User => {
    const user = { name, full, sid: `${DOMAIN_SID}-${rid}` }
    users.set(name, user)
    return user
  }
  const people = PEOPLE.map(([name, full], i) => person(name, full, 1104 + i))
  person('adm.lee', 'Amy Lee (admin)', 1601)
  person('svc_order', 'Order service', 1702)
  person('svc_backup', 'Backup service', 1703)

  const fixed: Host[] = [
    { name: 'fw-01', ip: '10.20.0.1', zone: 'servers', system: 'other' },
    { name: 'vpn-01', ip: '10.20.10.5', zone: 'dmz', system: 'linux' },
    { name: 'web-01', ip: '10.20.10.21', zone: 'dmz', system: 'linux' },
    { name: 'mail-01', ip: '10.20.10.25', zone: 'dmz', system: 'linux' },
    { name: 'dc-01', ip: '10.20.30.10', zone: 'servers', system: 'windows' },
    { name: 'file-01', ip: '10.20.30.20', zone: 'servers', system: 'windows' },
    { name: 'db-01', ip: '10.20.30.30', zone: 'servers', system: 'linux' },
    { name: 'prn-01', ip: '10.20.40.11', zone: 'office', system: 'printer' },
    { name: 'prn-02', ip: '10.20.40.12', zone: 'office', system: 'printer' },
    { name: 'prn-03', ip: '10.20.40.13', zone: 'office', system: 'printer' },
  ]
  // These four sit where the small stories of the noise say they sit.
  const seats = new Map<number, string>([[107, 'h.yoon'], [112, 'a.lee'], [114, 'm.lind'], [131, 'd.ruiz']]) // prettier-ignore
  const rest = people.filter((user) => ![...seats.values()].includes(user.name))
  for (let i = rest.length - 1; i > 0; i--) {
    const j = random.int(0, i)
    ;[rest[i], rest[j]] = [rest[j]!, rest[i]!]
  }
  const workstations: Host[] = []
  for (let n = 101; n < 101 + people.length + 2; n++) {
    const seat = seats.get(n)
    const user = seat === undefined ? rest.pop() : users.get(seat)
    if (user) workstations.push({ name: `ws-${n}`, ip: `10.20.40.${n}`, zone: 'office', system: 'windows', user })
  }

  const hosts = new Map([...fixed, ...workstations].map((host) => [host.name, host]))
  const free = Array.from({ length: 60 }, (_, i) => `203.0.113.${i + 130}`)
  const sites = SITES.map(([name, organisation, kind, weight]): Site => {
    const ips = Array.from({ length: random.int(1, 2) }, () => free.splice(random.int(0, free.length - 1), 1)[0]!)
    return { name, organisation, kind, weight, ips }
  })
  const world: World = {
    seed,
    domain: 'corp.example.com',
    netbios: 'EXAMPLE',
    gateway: hosts.get('fw-01')!,
    hosts,
    byIp: new Map([...hosts.values()].map((host) => [host.ip, host])),
    workstations,
    printers: fixed.filter((host) => host.system === 'printer'),
    users,
    sites,
    host: (name) => found(hosts.get(name), name),
    user: (name) => found(users.get(name), name),
  }
  return world
}

function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new RangeError(`nobody is called ${name}`)
  return value
}

export const isInside = (ip: string): boolean => ip.startsWith('10.')

/** Hardware address by the address, locally administered: 10.20.10.21 → 02:00:0a:14:0a:15. */
export const macOf = (ip: string): string =>
  '02:00:' +
  ip
    .split('.')
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join(':')
export const fqdn = (world: World, host: Host): string => `${host.name}.${world.domain}`
