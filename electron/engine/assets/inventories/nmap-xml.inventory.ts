import type { RowProblem } from '../../../../shared/model/asset.ts'
import { parseCpe } from '../cpe/cpe-name.ts'
import { problem, type Place } from '../reading/row.ts'
import { readAddress, readLine, readPort, readTransport } from '../reading/values.ts'
import { xmlEvents } from '../reading/xml-events.ts'
import { defineInventory, type GivenService } from './define.ts'

interface Port {
  readonly place: Place
  readonly port: number | null
  readonly transport: GivenService['transport']
  readonly text: string
  open: boolean
  name: string
  product: string
  version: string
  cpe: string | null
}
interface Host {
  readonly place: Place
  up: boolean
  readonly addresses: string[]
  readonly names: string[]
  readonly services: GivenService[]
  readonly problems: RowProblem[]
  os: string
  accuracy: number
}
const MOST_PORTS = 512
const MOST_PROBLEMS = 20

export default defineInventory({
  id: 'nmap-xml',
  title: 'Nmap (XML)',
  spec: 'https://nmap.org/book/output-formats-xml-output.html',
  doc: 'What `nmap -oX` writes: hosts that are up with their addresses and names, open ports with the service that `-sV` found, and the operating system that `-O` found with the highest accuracy. Ports that are not open are left out. An `application` CPE of a service is taken before others. A document type with declarations is refused.',
  recognises: (head) =>
    /^\ufeff?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--[\s\S]*?-->\s*|<\?[^>]*\?>\s*|<!DOCTYPE nmaprun[^>]*>\s*)*<nmaprun[\s>]/.test(head)
      ? 1
      : 0,
  async *read(pieces) {
    let host: Host | null = null
    let port: Port | null = null
    let cpeText: string | null = null
    for await (const event of xmlEvents(pieces)) {
      if (event.kind === 'text') {
        if (cpeText !== null) cpeText = (cpeText + event.text).slice(0, 2000)
        continue
      }
      if (event.kind === 'open') {
        const { name, attributes, place } = event
        const of = (key: string): string => attributes.get(key) ?? ''
        if (name === 'host')
          host = { place, up: true, addresses: [], names: [], services: [], problems: [], os: '', accuracy: -1 }
        if (host === null) continue
        switch (name) {
          case 'status':
            host.up = of('state') === 'up'
            break
          case 'address': {
            if (of('addrtype') === 'mac') break
            const address = readAddress(of('addr'))
            if (address === null) wrong(host, problem(place, 'bad_address', of('addr')))
            else if (host.addresses.length < 256) host.addresses.push(address)
            break
          }
          case 'hostname':
            if (readLine(of('name'), 253) !== '' && host.names.length < 64) host.names.push(readLine(of('name'), 253))
            break
          case 'port':
            port = {
              place,
              port: readPort(of('portid')),
              transport: readTransport(of('protocol')),
              text: of('portid'),
              open: false,
              name: '',
              product: '',
              version: '',
              cpe: null,
            }
            break
          case 'state':
            if (port !== null) port.open = of('state') === 'open'
            break
          case 'service':
            if (port !== null) {
              port.name = readLine(of('tunnel') === 'ssl' && of('name') === 'http' ? 'https' : of('name'), 64)
              port.product = readLine(of('product'), 256)
              port.version = readLine(of('version'), 128)
            }
            break
          case 'osmatch': {
            const accuracy = Number(of('accuracy'))
            if (accuracy > host.accuracy) [host.accuracy, host.os] = [accuracy, readLine(of('name'), 256)]
            break
          }
          case 'cpe':
            cpeText = ''
        }
        continue
      }
      if (host === null) continue
      if (event.name === 'cpe') {
        const text = cpeText?.trim() ?? ''
        cpeText = null
        // Those of the operating system stand outside of ports.
        if (port !== null && text !== '') {
          if (!parseCpe(text).ok) wrong(host, problem(event.place, 'bad_cpe', text))
          else if (port.cpe === null || (text.startsWith('cpe:/a') && !port.cpe.startsWith('cpe:/a'))) port.cpe = text
        }
      } else if (event.name === 'port' && port !== null) {
        const { open, place, text, ...service } = port
        port = null
        if (service.port === null) wrong(host, problem(place, 'bad_port', text))
        else if (open && host.services.length < MOST_PORTS)
          host.services.push({
            port: service.port,
            transport: service.transport,
            name: service.name,
            product: service.product,
            version: service.version,
            cpe: service.cpe,
          })
      } else if (event.name === 'host') {
        for (const one of host.problems) yield { kind: 'problem', problem: one }
        const { up, place, addresses, names, services, os } = host
        host = null
        if (!up || (addresses.length === 0 && names.length === 0)) continue
        yield {
          kind: 'asset',
          place,
          asset: {
            name: names[0],
            otherNames: names.length > 1 ? [...new Set(names.slice(1))] : undefined,
            addresses,
            os: os === '' ? undefined : os,
            services,
          },
        }
      }
    }
  },
  examples: [
    {
      name: 'a host with a web server, one that is down',
      input: `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<?xml-stylesheet href="file:///usr/share/nmap/nmap.xsl" type="text/xsl"?>
<!-- Nmap 7.95 scan -->
<nmaprun scanner="nmap" start="1780000000" version="7.95" xmloutputversion="1.05">
<host><status state="up" reason="echo-reply"/>
<address addr="192.0.2.10" addrtype="ipv4"/><address addr="00:00:5E:00:53:01" addrtype="mac"/>
<hostnames><hostname name="shop.example" type="PTR"/></hostnames>
<ports><extraports state="closed" count="997"/>
<port protocol="tcp" portid="443"><state state="open" reason="syn-ack"/><service name="http" product="Apache httpd" version="2.4.49" tunnel="ssl" method="probed"><cpe>cpe:/o:debian:debian_linux</cpe><cpe>cpe:/a:apache:http_server:2.4.49</cpe></service></port>
<port protocol="tcp" portid="8080"><state state="filtered"/></port>
</ports>
<os><osmatch name="Linux 5.0 - 5.4" accuracy="96"><osclass osfamily="Linux"><cpe>cpe:/o:linux:linux_kernel:5</cpe></osclass></osmatch><osmatch name="Linux 4.15" accuracy="95"/></os>
</host>
<host><status state="down"/><address addr="192.0.2.11" addrtype="ipv4"/></host>
</nmaprun>`,
      expect: [
        {
          kind: 'asset',
          asset: {
            name: 'shop.example',
            addresses: ['192.0.2.10'],
            os: 'Linux 5.0 - 5.4',
            services: [
              {
                port: 443,
                transport: 'tcp',
                name: 'https',
                product: 'Apache httpd',
                version: '2.4.49',
                cpe: 'cpe:/a:apache:http_server:2.4.49',
              },
            ],
          },
        },
      ],
    },
    {
      name: 'an address that is none',
      input:
        '<nmaprun>\n<host><address addr="300.1.2.3" addrtype="ipv4"/><hostnames><hostname name="a"/></hostnames></host>\n</nmaprun>',
      expect: [
        { kind: 'problem', problem: { line: 2, column: 7, code: 'bad_address', value: '300.1.2.3' } },
        { kind: 'asset', asset: { name: 'a', addresses: [], services: [] } },
      ],
    },
  ],
})

function wrong(host: Host, one: RowProblem): void {
  if (host.problems.length < MOST_PROBLEMS) host.problems.push(one)
}
