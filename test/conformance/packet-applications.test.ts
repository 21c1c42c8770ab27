/** Packets that hold a protocol of applications, of every capture of the corpus, against what tshark counts. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { protocolNames } from '../../electron/engine/packets/decode/registry.ts'
import { corpus } from '../corpora.ts'
import { messagesOf } from './messages-of.ts'

const PROTOCOLS = [
  'bgp', 'cldap', 'cotp', 'dcerpc', 'dnp3', 'gss-api', 'kerberos', 'ldap', 'mbtcp', 'modbus', 'mqtt', 'mysql', 'nbdgm', 'nbss', 'ntlmssp', 'pgsql',
  'radius', 'rdp', 's7comm', 'sip', 'smb', 'smb2', 'snmp', 'spnego', 'spnego-krb5', 'tds', 'telnet', 'tftp', 'tpkt',
] as const // prettier-ignore

const Case = z.object({ name: z.string(), file: z.string(), protocols: z.record(z.string(), z.number()) })

/** Where this program counts otherwise, and why. */
const OTHERWISE: Readonly<Record<string, string>> = {}

const folder = corpus('pcap')
const only = process.env['WATCHFLOOR_SHOW']
test.skipIf(folder === null)(
  `protocols of applications are counted as tshark counts them${folder === null ? ' (skipped: no corpora)' : ''}`,
  async () => {
    const cases = readFileSync(join(folder!, 'cases.jsonl'), 'utf8').split('\n').filter(Boolean)
    const captures = new Map(PROTOCOLS.map((name) => [name as string, { in: 0, equal: 0 }]))
    const other: string[] = []
    const bugs: string[] = []
    for (const line of cases) {
      const stated = Case.parse(JSON.parse(line))
      const packets = new Map<string, Set<number>>()
      await messagesOf(
        join(folder!, stated.file),
        ({ packet, layers }) => {
          for (const layer of layers) {
            const name = protocolNames[layer]!
            if (!captures.has(name)) continue
            const of = packets.get(name) ?? new Set()
            packets.set(name, of.add(packet))
          }
        },
        { onBug: (error, decoder) => void bugs.push(`${stated.name} ${decoder} ${error instanceof Error ? error.stack : String(error)}`) },
      )
      for (const [name, count] of captures) {
        const wanted = stated.protocols[name] ?? 0
        const found = packets.get(name)?.size ?? 0
        if (wanted === 0 && found === 0) continue
        count.in++
        if (wanted === found) count.equal++
        else {
          other.push(`${stated.name} ${name}`)
          if (only !== undefined && (only === '' || only === name)) console.log(`${stated.file} ${name}: tshark ${wanted}, here ${found}`)
        }
      }
    }
    const shown = [...captures].filter(([, count]) => count.in > 0).map(([name, count]) => `${name} ${count.equal}/${count.in}`)
    const [all, equal] = [...captures.values()].reduce(([a, b], count) => [a + count.in, b + count.equal], [0, 0])
    console.log(`packet applications: ${equal} of ${all} counts as tshark gives them: ${shown.join(', ')}`)
    expect(bugs.slice(0, 20)).toEqual([])
    expect(other.sort()).toEqual(Object.keys(OTHERWISE).sort())
  },
  600_000,
)
