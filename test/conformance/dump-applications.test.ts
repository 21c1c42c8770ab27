import { writeFileSync, appendFileSync, readFileSync } from 'node:fs'
import { test } from 'vitest'
import { protocolNames, fields, decoders } from '../../electron/engine/packets/decode/registry.ts'
import { messagesOf } from './messages-of.ts'
const hex = (v: unknown) => v instanceof Uint8Array ? 'hex:' + Buffer.from(v).toString('hex') : typeof v === 'bigint' ? 'n:' + v : v
test('dump', async () => {
  const root = 'node_modules/.cache/corpora/pcap/'
  const files = readFileSync('/tmp/appb-files', 'utf8').trim().split('\n')
  writeFileSync('/tmp/appb-out.jsonl', '')
  writeFileSync('/tmp/appb-fields.json', JSON.stringify(decoders.flatMap((d) => d.fields.map((f) => [d.id, f.name, f.type]))))
  for (const file of files) {
    const out: string[] = []
    await messagesOf(root + file, ({ packet, layers, title, line, facts, malformed, objects }) => {
      out.push(JSON.stringify({ file, packet, layers: layers.map((l) => protocolNames[l]), title, line, malformed, facts: facts.map((f) => [fields[f.field]!.name, hex(f.value)]), objects: objects.map((o) => [o.kind, o.host, o.name, o.bytes.length, o.complete]) }))
    }, { wantsObjects: process.env['OBJ'] === '1', onBug: (e, d) => out.push(JSON.stringify({ file, bug: `${d} ${String(e)}` })) })
    appendFileSync('/tmp/appb-out.jsonl', out.join('\n') + '\n')
  }
}, 600000)
