import { test } from 'vitest'
import { decoders, dispatch, fieldByName } from '../../electron/engine/packets/decode/registry.ts'
import { Packet } from '../../electron/engine/packets/decode/packet.ts'
import { decodeHeaders } from '../../electron/engine/packets/decode/decode.ts'
import { ether, ipv4, ipv6Bytes, hex } from '../../electron/engine/packets/decode/text.ts'
test('x', () => {
  let n = 0, bad = 0
  for (const d of decoders) for (const e of d.examples) {
    if (e.packet === undefined) continue
    n++
    const data = Uint8Array.from(Buffer.from(e.packet.hex.replace(/\s/g, ''), 'hex'))
    const p = new Packet(dispatch)
    p.begin(data, new DataView(data.buffer), 0, data.length, data.length, e.packet.link)
    decodeHeaders(p)
    const stack = Array.from({ length: p.layers }, (_, i) => decoders[p.layerId[i]!]!.id).join(':')
    let line = ''
    for (let i = p.layers - 1; i >= 0; i--) { const q = decoders[p.layerId[i]!]!; if (q.line && q.id !== 'data' && line === '') { if (p.quoted && i > p.layers) continue; line = q.line(p, p.layerAt[i]!, p.layerEnd[i]!, { seq: 0, ack: 0, windowShift: -1, signs: [] }) } }
    const facts: Record<string, unknown> = {}
    for (const name of Object.keys(e.expect.facts ?? {})) {
      const f = fieldByName(name)
      if (!f) { console.log('no field', name); continue }
      const vs: unknown[] = []
      for (let i = 0; i < p.layers; i++) if (p.layerId[i] === f.decoder) { p.look(i); const v = f.read?.(p, p.layerAt[i]!, p.layerEnd[i]!); for (const x of Array.isArray(v) ? v : v === undefined ? [] : [v]) vs.push(f.type === 'ipv4' ? ipv4(Number(x)) : f.type === 'ipv6' ? ipv6Bytes(x as Uint8Array, 0) : f.type === 'ether' ? ether(x as Uint8Array, 0) : x instanceof Uint8Array ? hex(x) : x) }
      facts[name] = vs.length === 1 ? vs[0] : vs
    }
    const malformed = p.malformed || p.cut
    if (stack !== e.expect.stack || malformed || JSON.stringify(facts) !== JSON.stringify(e.expect.facts ?? {}) || (e.expect.line && e.expect.line !== line)) { bad++; console.log(d.id, e.name, stack, e.expect.stack, malformed, line, e.expect.line, JSON.stringify(facts), JSON.stringify(e.expect.facts)) }
  }
  console.log(n, bad)
})
