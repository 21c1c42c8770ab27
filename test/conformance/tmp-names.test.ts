import { test } from 'vitest'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { NO_INTERFACE } from '../../electron/engine/packets/capture/batch.ts'
import { openContent } from '../../electron/engine/packets/capture/content.ts'
import { PacketSource } from '../../electron/engine/packets/capture/packet-source.ts'
import { decodeHeaders } from '../../electron/engine/packets/decode/decode.ts'
import { Fragments } from '../../electron/engine/packets/decode/fragments.ts'
import { Packet } from '../../electron/engine/packets/decode/packet.ts'
import { decoders, dispatch, fieldByName } from '../../electron/engine/packets/decode/registry.ts'
import { ether, ipv4, ipv6Bytes, hex } from '../../electron/engine/packets/decode/text.ts'
const D = '/work/main/node_modules/.cache/corpora/pcap/'
test('x', async () => {
  const cases = readFileSync(D + 'cases.jsonl', 'utf8').split('\n').filter(Boolean).map((l) => JSON.parse(l))
  const names = readFileSync('/tmp/fields.txt', 'utf8').split('\n')
  const diff = new Map<string, [number, string]>()
  const seen = new Map<string, number>()
  let lines = 0, same = 0
  const ldiff = new Map<string, [number, string]>()
  for (const f of readdirSync('/tmp/fv')) {
    const c = cases[Number(f.split('.')[0])]
    const rows = readFileSync('/tmp/fv/' + f, 'utf8').split('\n').filter(Boolean).map((l) => l.split('\t'))
    const source = new PacketSource(openContent(D + c.file, ''))
    await source.begin()
    const p = new Packet(dispatch, new Fragments())
    let n = 0
    while (n < rows.length && await source.next()) {
      const { batch, data, view, dataOffset, interfaces } = source
      for (let i = 0; i < batch.length && n < rows.length; i++, n++) {
        const iface = batch.interfaces[i]!
        p.begin(data, view, batch.offsets[i]! - dataOffset, batch.captured[i]!, batch.wire[i]!, iface === NO_INTERFACE ? 0xffff : interfaces[iface]!.linkType)
        decodeHeaders(p)
        const row = rows[n]!
        // innermost not quoted
        let col = '', info = '', who = ''
        const stack = Array.from({ length: p.layers }, (_, i) => decoders[p.layerId[i]!]!.id)
        for (let l = Math.min(p.layers, p.quotedFrom) - 1; l >= 0; l--) {
          const d = decoders[p.layerId[l]!]!
          if (!d.line || d.id === 'data') continue
          p.look(l)
          who = d.id
          info = d.line(p, p.layerAt[l]!, p.layerEnd[l]!, { seq: 0, ack: 0, windowShift: -1, signs: [] }); col = d.column?.(p, p.layerAt[l]!) ?? d.title
          break
        }
        if (who !== 'tcp' && (who !== 'udp' || /udp(:data)?$/.test(row[1]!)) && who !== 'sctp') {
          lines++
          const a = col + ' # ' + info, b = row[2] + ' # ' + row[3]!.replace(/\\"/g, '"')
          if (a === b) same++
          else { const e = ldiff.get(who) ?? [0, '']; e[0]++; if (e[0] <= 4) e[1] += `\n       ${c.name}#${n + 1} ${a} <> ${b.slice(0, 160)}`; ldiff.set(who, e) }
        }
        names.forEach((name, k) => {
          const field = fieldByName(name)!
          if (!field) return
          const vs: string[] = []
          for (let l = 0; l < p.layers; l++) {
            if (p.layerId[l] !== field.decoder) continue
            p.look(l)
            const v = field.read?.(p, p.layerAt[l]!, p.layerEnd[l]!)
            for (const x of Array.isArray(v) ? v : v === undefined ? [] : [v])
              vs.push(field.type === 'ipv4' ? ipv4(Number(x)) : field.type === 'ipv6' ? ipv6Bytes(x as Uint8Array, 0) : field.type === 'ether' ? ether(x as Uint8Array, 0) : x instanceof Uint8Array ? hex(x) : typeof x === 'boolean' ? (x ? '1' : '0') : String(x))
          }
          const raw = row[4 + k] ?? ''
          const want = raw === '' ? [] : raw.split('|').map((t) => /^0x[0-9a-f]+$/.test(t) ? String(Number(t)) : t === 'True' ? '1' : t === 'False' ? '0' : t)
          if (want.length > 0) seen.set(name, (seen.get(name) ?? 0) + 1)
          if (vs.join('|') !== want.join('|')) { const e = diff.get(name) ?? [0, '']; e[0]++; if (e[0] <= 2 || e[0] % 100 === 0) e[1] += `\n       ${c.name}#${n + 1} [${row[1]}] ${vs.join('|')} <> ${raw}`; diff.set(name, e) }
        })
      }
    }
    source.content.close()
  }
  console.log('fields seen', seen.size, 'not seen', names.filter((n) => !seen.has(n)).join(' '))
  for (const [name, [n, t]] of diff) console.log(name, n, 'of', seen.get(name), t)
  console.log('lines', lines, same)
  for (const [name, [n, t]] of ldiff) console.log(name, n, t)
})
