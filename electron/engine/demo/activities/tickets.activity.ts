import { askForTicket } from '../conversations/kerberos.ts'
import { ticketIssued } from '../windows-events.ts'
import { defineActivity } from './define.ts'

export default defineActivity({
  id: 'tickets',
  title: 'Kerberos tickets',
  doc: 'Workstations renew their tickets: the exchange with dc-01 on the wire and the 4768 or 4769 it writes.',
  perMinute: 7,
  play(scene, at) {
    const { random, world } = scene
    const host = random.pick(world.workstations)
    const user = host.user
    if (!user) return
    const kind = random.chance(0.25) ? 'AS' : 'TGS'
    const service =
      kind === 'AS'
        ? `krbtgt/${world.domain.toUpperCase()}`
        : random.pick(['cifs/file-01', 'ldap/dc-01', 'HTTP/intranet', `host/${host.name}`])
    const { flow, answered } = askForTicket(scene, host, at, { kind, user: user.name, service })
    ticketIssued(
      scene,
      answered + 400,
      kind,
      user,
      service.startsWith('cifs') ? 'FILE-01$' : service.startsWith('ldap') ? 'DC-01$' : service,
      flow.client,
    )
  },
})
