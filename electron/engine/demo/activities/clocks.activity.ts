import { datagram } from '../flow.ts'
import { ntpReply, ntpRequest } from '../protocols/ntp.ts'
import { outside } from '../scene.ts'
import { defineActivity } from './define.ts'

export default defineActivity({
  id: 'clocks',
  title: 'Clocks are set',
  doc: 'Machines ask dc-01 for the time, and dc-01 asks outside (NTP).',
  perMinute: 5,
  steady: true,
  play(scene, at) {
    const { random, world } = scene
    const dc = world.host('dc-01')
    const up = random.chance(0.2)
    const client = up
      ? dc
      : random.pick([...world.workstations, world.host('web-01'), world.host('mail-01'), world.host('db-01')])
    const server = up ? outside('192.0.2.123', 'time.isp.example') : dc
    const { serverSide } = scene.distance(client, server)
    const answered = Math.round(at + serverSide + 60)
    const stratum = up ? 1 : 2
    const reference = up ? [71, 80, 83, 0] : [192, 0, 2, 123]
    scene.datagrams(
      'udp', { ip: client.ip, port: scene.port(client) }, { ip: server.ip, port: 123 },
      [datagram(at, true, ntpRequest(at)), datagram(answered, false, ntpReply(at, answered, stratum, reference))],
      'ntp', [{ kind: 'ntp', at: answered, stratum, reference: up ? 'GPS' : '192.0.2.123' }],
    ) // prettier-ignore
  },
})
