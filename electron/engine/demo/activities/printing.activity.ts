import { httpConnection } from '../conversations/http.ts'
import { tlsSession } from '../conversations/tls.ts'
import { concat, opaque, u16, u32, u8, utf8, joined, raw } from '../payload.ts'
import { issue, PRINTER } from '../protocols/tls.ts'
import { outside } from '../scene.ts'
import { SIGNATURES } from '../signatures.ts'
import { defineActivity } from './define.ts'

export default defineActivity({
  id: 'printing',
  title: 'Printing',
  doc: 'Jobs go to the printers over IPP. prn-03 is old and reports to its maker with TLS 1.0.',
  perMinute: 1.5,
  play(scene, at) {
    const { random, world } = scene
    const host = random.pick(world.workstations)
    const printer = random.pick(world.printers)
    const attribute = (tag: number, name: string, value: string): Uint8Array =>
      concat(u8(tag), u16(name.length), utf8(name), u16(value.length), utf8(value))
    const job = concat(
      Uint8Array.of(2, 0, 0, 2), u32(1), u8(1), attribute(0x47, 'attributes-charset', 'utf-8'), attribute(0x48, 'attributes-natural-language', 'en'),
      attribute(0x45, 'printer-uri', `ipp://${printer.name}/ipp/print`), attribute(0x42, 'requesting-user-name', host.user?.name ?? 'guest'), attribute(0x42, 'job-name', 'document'), u8(3),
    ) // prettier-ignore
    const size = Math.min(60_000, Math.round(random.longTail(16_000, 0.8)))
    const done = concat(Uint8Array.of(2, 0, 0, 0), u32(1), u8(1), attribute(0x47, 'attributes-charset', 'utf-8'), u8(3))
    httpConnection(
      scene, host, printer, at, printer.name,
      [
        {
          request: { method: 'POST', url: '/ipp/print', userAgent: 'Windows/10.0 (Internet Print Provider)', body: { payload: joined(raw(job), opaque(`print/${random.hex(12)}`, size)), type: 'application/ipp', file: null } },
          response: { status: 200, server: 'HP HTTP Server', body: { payload: raw(done), type: 'application/ipp', file: null } },
          think: 900,
          work: random.int(20_000, 300_000),
        },
      ],
      631,
    ) // prettier-ignore
    if (random.chance(0.06)) {
      const maker = outside('192.0.2.55', 'status.printers.example')
      tlsSession(scene, world.host('prn-03'), maker, at + 30_000, {
        profile: PRINTER, sni: null, certificate: issue(world.seed, maker.name, 'Printers Example', 'trust', scene.start), exchanges: [{ up: 420, down: 180, think: 900 }], signature: SIGNATURES.oldTls,
      }) // prettier-ignore
    }
  },
})
