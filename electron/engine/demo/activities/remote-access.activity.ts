import { datagram, type Packet } from '../flow.ts'
import { concat, joined, opaque, raw, u32, u8, type Payload } from '../payload.ts'
import { SECOND } from '../rhythm.ts'
import { outside } from '../scene.ts'
import { vpn } from '../system-logs.ts'
import { defineActivity } from './define.ts'

export default defineActivity({
  id: 'remote-access',
  title: 'Work from home',
  doc: 'People connect through vpn-01: a tunnel over UDP 1194 and structured syslog about who comes and goes. Someone mistypes; k.moon is once seen from two countries.',
  perMinute: 1.2,
  play(scene, at) {
    const { random, world } = scene
    const server = world.host('vpn-01')
    const user = random.pick(
      [...world.users.values()].filter((one) => !one.name.startsWith('svc_') && !one.name.startsWith('adm.')),
    )
    const home = outside(`198.51.100.${random.int(130, 190)}`)
    const port = scene.port(home)
    const { serverSide, clientSide } = scene.distance(home, server)
    const key = random.hex(16)
    const packets: Packet[] = []
    let now = at
    // OpenVPN: a hard reset from either side, then data.
    const [mine, theirs] = [random.bytes(8), random.bytes(8)]
    const data = (part: string, length: number): Payload =>
      joined(raw(Uint8Array.of(0x48, 0, 0, 1)), opaque(`${key}/${part}`, length))
    for (let i = 0, last = random.int(8, 30); i < last; i++) {
      packets.push(
        datagram(now, true, i === 0 ? raw(concat(u8(0x38), mine, u8(0), u32(0))) : data(`${i}/up`, random.int(80, 700))),
      )
      now += serverSide + random.int(300, 5_000)
      packets.push(
        datagram(
          now,
          false,
          i === 0 ? raw(concat(u8(0x40), theirs, u8(1), u32(0), mine, u32(0))) : data(`${i}/down`, random.int(80, 1_300)),
        ),
      )
      now += clientSide + random.int(5_000, SECOND)
    }
    scene.datagrams('udp', { ip: home.ip, port }, { ip: server.ip, port: 1194 }, packets, null, [])
    if (random.chance(0.12))
      vpn(scene, at + 60_000, 'auth-failed', { user: user.name, client: home.ip, port: String(port), reason: 'password' })
    vpn(scene, at + 400_000, 'connected', {
      user: user.name,
      client: home.ip,
      port: String(port),
      country: 'KR',
      address: `10.20.50.${random.int(10, 90)}`,
    })
    vpn(scene, now + 2 * SECOND, 'disconnected', {
      user: user.name,
      client: home.ip,
      port: String(port),
      seconds: String(Math.round((now - at) / SECOND)),
    })
    if (random.chance(0.02))
      vpn(scene, at + 3 * SECOND, 'connected', {
        user: 'k.moon',
        client: '192.0.2.171',
        port: '40112',
        country: 'BR',
        address: `10.20.50.${random.int(91, 99)}`,
      })
  },
})
