import { lookUp, type Lookup } from '../conversations/dns.ts'
import { SIGNATURES } from '../signatures.ts'
import { defineActivity } from './define.ts'

export default defineActivity({
  id: 'name-service',
  title: 'Names inside the company',
  doc: 'What machines ask by themselves: where the domain controller is, who has an address, names that do not exist. ws-122 now and then asks for a dynamic-DNS name.',
  perMinute: 48,
  play(scene, at) {
    const { random, world } = scene
    const host = random.pick(world.workstations)
    const dc = world.host('dc-01')
    const lookup = random.weighted<() => Lookup>([
      [() => ({ name: `_ldap._tcp.dc._msdcs.${world.domain}`, type: 'SRV', answers: [{ type: 'SRV', ttl: 600, data: `0 100 389 dc-01.${world.domain}` }] }), 5],
      [() => ({ name: `_kerberos._tcp.${world.domain}`, type: 'SRV', answers: [{ type: 'SRV', ttl: 600, data: `0 100 88 dc-01.${world.domain}` }] }), 3],
      [
        () => {
          const asked = random.pick(['file-01', 'mail-01', 'dc-01', 'prn-01', 'prn-02'])
          return { name: `${asked}.${world.domain}`, answers: [{ type: 'A', ttl: 1200, data: world.host(asked).ip }] }
        },
        10,
      ],
      [
        () => {
          const asked = random.pick([...world.byIp.values()])
          return { name: `${asked.ip.split('.').reverse().join('.')}.in-addr.arpa`, type: 'PTR', answers: [{ type: 'PTR', ttl: 1200, data: `${asked.name}.${world.domain}` }] }
        },
        5,
      ],
      [() => ({ name: `wpad.${world.domain}`, rcode: 'NXDOMAIN' as const }), 5],
      [() => ({ name: `${random.pick(['printer', 'intranet', 'isatap', 'scan', 'backup'])}.${world.domain}`, rcode: 'NXDOMAIN' as const }), 3],
      [() => ({ name: 'autodiscover.example.com', answers: [{ type: 'CNAME', ttl: 300, data: 'autodiscover.office.example' }, { type: 'A', ttl: 60, data: '203.0.113.201' }] }), 3],
      [() => ({ name: 'order.example.com', answers: [{ type: 'A', ttl: 300, data: world.host('web-01').ip }] }), 2],
    ])() // prettier-ignore
    lookUp(scene, host, dc, at, lookup)
    if (random.chance(0.004)) {
      lookUp(scene, world.host('ws-122'), dc, at + 20_000, {
        name: `cam${random.int(1, 4)}.dyn.home.example`,
        answers: [{ type: 'A', ttl: 30, data: '198.51.100.203' }],
        signature: SIGNATURES.dynamicDns,
      })
    }
  },
})
