import { lookUp } from '../conversations/dns.ts'
import { httpConnection, type Exchange } from '../conversations/http.ts'
import { opaque, raw, utf8 } from '../payload.ts'
import { revocationList, statusAnswer } from '../protocols/revocation.ts'
import { Random } from '../random.ts'
import { outside } from '../scene.ts'
import { SIGNATURES } from '../signatures.ts'
import { defineActivity } from './define.ts'

export default defineActivity({
  id: 'plain-web',
  title: 'The web without encryption',
  doc: 'Revocation lists, update checks, connectivity tests, market prices. On ws-131 a remote-control program calls home.',
  perMinute: 4,
  play(scene, at) {
    const { random, world } = scene
    const site = random.weighted(world.sites.filter((one) => one.kind === 'http').map((one) => [one, one.weight] as const))
    const host = random.pick(world.workstations)
    const ready =
      lookUp(scene, host, world.host('dc-01'), at, {
        name: site.name,
        answers: site.ips.map((data) => ({ type: 'A', ttl: 120, data })),
      }).answered + 700
    const server = outside(random.pick(site.ips), site.name)
    const exchange = ((): Exchange => {
      const think = random.int(200, 2_000)
      const work = random.int(1_000, 30_000)
      const get = (url: string, userAgent: string, type: string, bytes: Uint8Array): Exchange => ({
        request: { method: 'GET', url, userAgent },
        response: {
          status: 200,
          server: 'nginx',
          body: {
            payload: raw(bytes),
            type,
            file: scene.file(bytes, url.split('/').pop()?.split('?')[0] || null, type.split(';')[0]!),
          },
        },
        think,
        work,
      })
      switch (site.name) {
        case 'crl.trust.example':
          return get(
            '/ca3.crl',
            'Microsoft-CryptoAPI/10.0',
            'application/pkix-crl',
            revocationList(new Random(`${world.seed}/crl`), scene.start),
          )
        case 'ocsp.trust.example':
          return get(
            `/MFEwTzBNMEswSTAJBgUrDgMCGgUABBT${random.base62(28)}`,
            'Microsoft-CryptoAPI/10.0',
            'application/ocsp-response',
            statusAnswer(random, at),
          )
        case 'www.captive.example':
          return get('/connecttest.txt', 'Microsoft NCSI', 'text/plain', utf8('Captive Example Connect Test'))
        case 'prices.market-hall.example':
          return get(
            '/daily.csv',
            'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Excel/16.0',
            'text/csv',
            utf8(
              `item,unit,price\nflour,kg,0.${random.int(40, 89)}\nbutter,kg,${random.int(5, 9)}.${random.int(10, 99)}\nsugar,kg,0.${random.int(70, 99)}\n`,
            ),
          )
        default: {
          const length = Math.min(40_000, Math.round(random.longTail(9_000, 0.9)))
          const url = `/content/${random.hex(8)}/package-${random.int(100, 999)}.cab`
          return {
            request: { method: 'GET', url, userAgent: 'Windows-Update-Agent/10.0.10011.16384' },
            response: {
              status: 200,
              server: 'nginx',
              body: {
                payload: opaque(url, length),
                type: 'application/vnd.ms-cab-compressed',
                file: scene.passingFile(length, url.split('/').pop()!, 'application/vnd.ms-cab-compressed'),
              },
            },
            think,
            work,
          }
        }
      }
    })()
    httpConnection(scene, host, server, ready, site.name, [exchange])
    if (random.chance(0.02)) {
      const body = utf8('OK')
      httpConnection(
        scene,
        world.host('ws-131'),
        outside('192.0.2.90', 'relay.remote.example'),
        at + 50_000,
        'relay.remote.example',
        [
          {
            request: {
              method: 'GET',
              url: `/ping?id=${random.int(100_000_000, 999_999_999)}`,
              userAgent: 'RemoteHelp/4.2 (unattended)',
            },
            response: { status: 200, server: 'relay', body: { payload: raw(body), type: 'text/plain', file: null } },
            think: 400,
            work: 8_000,
            asked: SIGNATURES.remoteControl,
          },
        ],
      )
    }
  },
})
