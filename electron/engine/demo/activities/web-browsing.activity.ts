import { lookUp } from '../conversations/dns.ts'
import { tlsSession } from '../conversations/tls.ts'
import { BROWSER, SYSTEM, issue } from '../protocols/tls.ts'
import { outside } from '../scene.ts'
import { dnsQueried, networkConnection, runningProcess } from '../windows-events.ts'
import { defineActivity } from './define.ts'

const CHROME = 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'

export default defineActivity({
  id: 'web-browsing',
  title: 'Browsing the web',
  doc: 'Someone opens a page: its name is looked up (now and then the domain controller must ask outside), then one to three TLS connections. Some machines report it through Sysmon too.',
  perMinute: 30,
  play(scene, at) {
    const { random, world } = scene
    const host = random.pick(world.workstations)
    const dc = world.host('dc-01')
    const user = host.user
    const site = random.weighted(world.sites.filter((one) => one.kind !== 'http').map((one) => [one, one.weight] as const))
    const answers = site.ips.map((data) => ({ type: 'A', ttl: 300, data }))
    let ready = at
    if (random.chance(0.75)) {
      ready = lookUp(scene, host, dc, at, { name: site.name, answers }).answered
      if (random.chance(0.3))
        lookUp(scene, dc, outside('192.0.2.53', 'resolver.isp.example'), at + 300, { name: site.name, answers })
      if (random.chance(0.2))
        lookUp(scene, host, dc, at + 40, {
          name: site.name,
          type: 'AAAA',
          answers: [{ type: 'AAAA', ttl: 300, data: `2001:db8:${random.hex(4)}::${random.int(1, 255).toString(16)}` }],
        })
    }
    const browser = user && random.chance(0.2) ? runningProcess(scene, host, CHROME, `"${CHROME}" --type=utility`, user) : null
    if (browser) dnsQueried(scene, browser, ready, site.name, site.ips.map((ip) => `::ffff:${ip};`).join(''))
    const certificate = issue(world.seed, site.name, site.organisation, 'trust', scene.start)
    const count = random.weighted([[1, 6], [2, 3], [3, 1]] as const) // prettier-ignore
    for (let i = 0; i < count; i++) {
      const ip = random.pick(site.ips)
      const flow = tlsSession(scene, host, outside(ip, site.name), ready + random.int(300, 4_000) + i * 9_000, {
        profile: site.kind === 'tls13' ? BROWSER : SYSTEM,
        sni: site.name,
        certificate,
        exchanges: Array.from({ length: random.int(1, 4) }, (_, n) => ({
          up: Math.round(random.longTail(520, 0.5)),
          down: Math.min(60_000, Math.round(random.longTail(3_600, 1.1))),
          think: n === 0 ? random.int(300, 5_000) : random.int(50_000, 4_000_000),
        })),
      })
      if (browser && i === 0)
        networkConnection(scene, browser, flow.packets[0]!.at, flow.client, { ...flow.server, name: site.name })
    }
  },
})
