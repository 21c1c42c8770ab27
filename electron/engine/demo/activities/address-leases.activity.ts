import { macOf } from '../world.ts'
import { syslog } from '../system-logs.ts'
import { defineActivity } from './define.ts'

export default defineActivity({
  id: 'address-leases',
  title: 'Address leases',
  doc: 'Machines renew their addresses at fw-01 (dhcpd).',
  perMinute: 3,
  steady: true,
  play(scene, at) {
    const { random, world } = scene
    const host = random.pick([...world.workstations, ...world.printers])
    const mac = macOf(host.ip)
    syslog(scene, at, world.gateway, 'dhcpd', 1204, 3, 6, `DHCPREQUEST for ${host.ip} from ${mac} (${host.name}) via igb1`)
    syslog(
      scene,
      at + random.int(300, 4_000),
      world.gateway,
      'dhcpd',
      1204,
      3,
      6,
      `DHCPACK on ${host.ip} to ${mac} (${host.name}) via igb1`,
    )
  },
})
