import { sshSession } from '../conversations/ssh.ts'
import { SECOND } from '../rhythm.ts'
import { sshdAccepted, sshdFailed, sudo, syslog } from '../system-logs.ts'
import { defineActivity } from './define.ts'

export default defineActivity({
  id: 'administration',
  title: 'The administrator at work',
  doc: 'a.lee logs on to a Linux server from ws-112 over SSH and uses sudo: the flow, sshd, sudo, and the end of the session.',
  perMinute: 0.5,
  play(scene, at) {
    const { random, world } = scene
    const from = world.host('ws-112')
    const to = world.host(random.pick(['web-01', 'mail-01', 'db-01', 'vpn-01']))
    const failures = random.chance(0.15) ? 1 : 0
    const session = sshSession(scene, from, to, at, {
      software: 'OpenSSH_for_Windows_9.5',
      failures,
      success: true,
      work: random.int(8, 80) * SECOND,
    })
    const pid = random.int(900, 60_000)
    const where = { ip: from.ip, port: session.flow.client.port }
    session.tries.forEach((time, i) =>
      i < failures ? sshdFailed(scene, to, time, 'a.lee', where, pid) : sshdAccepted(scene, to, time, 'a.lee', where, pid),
    )
    const logged = session.tries.at(-1) ?? at
    const command = random.pick([
      '/usr/bin/apt list --upgradable',
      '/usr/bin/systemctl status nginx',
      '/usr/bin/journalctl -n 50',
      '/usr/bin/tail -n 100 /var/log/syslog',
      '/usr/bin/du -sh /var/www',
    ])
    sudo(scene, to, logged + 3 * SECOND, 'a.lee', command)
    syslog(scene, session.end + 4_000, to, 'sshd', pid, 10, 6, 'pam_unix(sshd:session): session closed for user a.lee')
  },
})
