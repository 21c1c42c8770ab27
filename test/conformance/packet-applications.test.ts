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

const ON_ANY_PORT = 'tshark looks for remote desktop on its own port only; here its connection request is known on any'
const NTLM_UNNAMED = "tshark reads NTLM's tokens in RPC without naming the protocol"
const MIDDLE = 'tshark reads no token of a session whose beginning it has not seen'
const IN_HTTP = 'what remote management of Windows encrypts within bodies of HTTP is not read here'

/** Where this program counts otherwise, and why. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'PcapPlusPlus/IgmpPackets.pcap nbss': 'one byte of a keep-alive, which tshark takes for a continuation',
  'arkime/arkime_synthetic.pcap tpkt': 'tshark names the frame of one of two connection requests only',
  'arkime/ntlm_synthetic.pcap gss-api': "tshark does not read the server's token in an answer of LDAP",
  'arkime/ntlm_synthetic.pcap ntlmssp': `${NTLM_UNNAMED}, nor the server's token in an answer of LDAP`,
  'arkime/socks5-rdp.pcap cotp': ON_ANY_PORT,
  'arkime/socks5-rdp.pcap rdp': ON_ANY_PORT,
  'arkime/socks5-rdp.pcap tpkt': ON_ANY_PORT,
  'arkime/tds5.pcap tds': 'on a port of no protocol tshark knows two of five packets of one connection',
  'nDPI/kerberos.pcap spnego': MIDDLE,
  'nDPI/kerberos.pcap spnego-krb5': MIDDLE,
  'security-datasets/covenant_dcom_iertutil_dll_hijack_WORKSTATION6_2020-10-09183000.cap ntlmssp': NTLM_UNNAMED,
  'security-datasets/covenant_dcom_registerxll_2020-09-18145959.cap ntlmssp': NTLM_UNNAMED,
  'security-datasets/empire_psremoting_stager_WORKSTATION6_2020-09-20170827.cap gss-api': IN_HTTP,
  'security-datasets/empire_psremoting_stager_WORKSTATION6_2020-09-20170827.cap spnego-krb5': IN_HTTP,
  'zeek/modbus-and-non-modbus-p502.pcap cotp': ON_ANY_PORT,
  'zeek/modbus-and-non-modbus-p502.pcap rdp': ON_ANY_PORT,
  'zeek/modbus-and-non-modbus-p502.pcap tpkt': ON_ANY_PORT,
}

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
        {
          onBug: (error, decoder) =>
            void bugs.push(`${stated.name} ${decoder} ${error instanceof Error ? error.stack : String(error)}`),
        },
      )
      for (const [name, count] of captures) {
        const wanted = stated.protocols[name] ?? 0
        const found = packets.get(name)?.size ?? 0
        if (wanted === 0 && found === 0) continue
        count.in++
        if (wanted === found) count.equal++
        else {
          other.push(`${stated.name} ${name}`)
          if (only !== undefined && (only === '' || only === name))
            console.log(`${stated.file} ${name}: tshark ${wanted}, here ${found}`)
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
