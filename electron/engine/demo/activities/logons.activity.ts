import { askForTicket } from '../conversations/kerberos.ts'
import { SECOND } from '../rhythm.ts'
import { loggedOn, logonFailed, ticketIssued, ticketRefused } from '../windows-events.ts'
import { defineActivity } from './define.ts'

export default defineActivity({
  id: 'logons',
  title: 'People log on',
  doc: 'Someone unlocks a screen or comes back from a break; one in ten types the password wrong first (4625 at the desk, 4771 at the domain controller).',
  perMinute: 2.5,
  play(scene, at) {
    const { random, world } = scene
    const host = random.pick(world.workstations)
    const user = host.user
    if (!user) return
    const krbtgt = `krbtgt/${world.domain.toUpperCase()}`
    let now = at
    if (random.chance(0.1)) {
      const refused = askForTicket(scene, host, now, {
        kind: 'AS',
        user: user.name,
        service: krbtgt,
        error: { code: 24, name: 'KDC_ERR_PREAUTH_FAILED' },
      })
      ticketRefused(scene, refused.answered + 300, user, refused.flow.client)
      logonFailed(scene, host, refused.answered + 5_000, user.name, 7, { host: host.name, ip: '127.0.0.1', port: 0 })
      now = refused.answered + random.int(3 * SECOND, 9 * SECOND)
    }
    const granted = askForTicket(scene, host, now, { kind: 'AS', user: user.name, service: krbtgt })
    ticketIssued(scene, granted.answered + 300, 'AS', user, 'krbtgt', granted.flow.client)
    loggedOn(scene, host, granted.answered + 30_000, { user, type: 7, package: 'Negotiate' })
  },
})
