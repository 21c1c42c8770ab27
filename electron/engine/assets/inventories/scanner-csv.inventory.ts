import { columnKey, csvRows, separatorOf, type CsvRow } from '../reading/csv-rows.ts'
import { problem, type Place } from '../reading/row.ts'
import { cvesIn, readAddress, readLine, readPort, readScore, readSeverity, readTransport } from '../reading/values.ts'
import { defineInventory, type InventoryItem } from './define.ts'

/** Names that scanners give their columns, by what stands in them; the first that is there is read. */
const NAMES = {
  host: ['host', 'ip', 'ipaddress', 'hostip', 'assetipaddress', 'assetipv4', 'target', 'hostname', 'dns', 'dnsname', 'fqdn'],
  port: ['port', 'serviceport', 'portnumber'],
  protocol: ['protocol', 'portprotocol', 'transport'],
  cve: ['cve', 'cves', 'cveid', 'cveids', 'vulnerabilitycveids'],
  severity: ['risk', 'severity', 'threat', 'vulnerabilityseverity', 'risklevel'],
  score: [
    'cvssv40basescore',
    'cvssv31basescore',
    'cvssv30basescore',
    'cvss3basescore',
    'cvss3',
    'cvssv3',
    'cvssv20basescore',
    'cvssbase',
    'cvssbasescore',
    'cvss',
    'cvssscore',
  ],
  title: ['name', 'nvtname', 'title', 'pluginname', 'vulnerability', 'vulnerabilitytitle'],
  solution: ['solution', 'remediation', 'fix', 'vulnerabilitysolution'],
} as const
type Meaning = keyof typeof NAMES
const MEANINGS = Object.keys(NAMES) as Meaning[]
type Columns = Readonly<Record<Meaning, readonly number[]>>

/** Places of the columns; null where the row is no head. */
function columnsOf(fields: readonly string[]): Columns | null {
  const keys = fields.map((field) => columnKey(field.replace(/^\ufeff/, '')))
  const columns = Object.fromEntries(
    MEANINGS.map((meaning) => [meaning, NAMES[meaning].map((name) => keys.indexOf(name)).filter((at) => at >= 0)]),
  ) as unknown as Columns
  return columns.host.length > 0 && columns.cve.length > 0 ? columns : null
}
/** Some reports begin with lines about themselves. */
const MOST_BEFORE = 60

export default defineInventory({
  id: 'scanner-csv',
  title: 'Vulnerability scanner (CSV)',
  spec: 'https://www.rfc-editor.org/rfc/rfc4180',
  doc: 'Findings of vulnerability scanners as Nessus, OpenVAS and Qualys export them: columns for host (or IP address), port, protocol, CVE, severity or risk, CVSS, name and solution, under any of the names that those use. A row with several CVE ids is a finding of each; a row without one is passed over, since it names no vulnerability. Lines before the head are passed over. Hosts that are not known become assets.',
  recognises(head, fileName) {
    const separator = separatorOf(head)
    const lines = head.split(/\r?\n/, MOST_BEFORE)
    for (const line of lines) {
      const fields = line
        .split(line.includes(separator) ? separator : separatorOf(line))
        .map((field) => field.replaceAll('"', ''))
      const columns = columnsOf(fields)
      if (columns)
        return (
          0.7 +
          (columns.port.length > 0 ? 0.1 : 0) +
          (columns.severity.length > 0 ? 0.1 : 0) +
          (/scan|nessus|qualys|openvas/i.test(fileName) ? 0.05 : 0)
        )
    }
    return 0
  },
  async *read(pieces, head) {
    const lines = head.split(/\r?\n/, MOST_BEFORE)
    const headLine = lines.find(
      (line) => columnsOf(line.split(separatorOf(line)).map((field) => field.replaceAll('"', ''))) !== null,
    )
    let columns: Columns | null = null
    let before = 0
    for await (const row of csvRows(pieces, separatorOf(headLine ?? head))) {
      if (row.kind === 'problem') yield row
      else if (columns === null) {
        columns = columnsOf(row.fields)
        if (columns === null && ++before > MOST_BEFORE) return
      } else yield* findings(row, columns)
    }
  },
  examples: [
    {
      name: 'two CVE ids in one row, one row without, a port that is none',
      input:
        'Plugin ID,CVE,CVSS v3.0 Base Score,Risk,Host,Protocol,Port,Name,Synopsis,Solution\n' +
        '1,"CVE-2021-41773,CVE-2021-42013",9.8,Critical,192.0.2.10,tcp,443,"Apache < 2.4.51","Two\nlines",Update to 2.4.51\n' +
        '2,,,None,192.0.2.10,tcp,22,SSH banner,,\n' +
        '3,CVE-2020-0001,5.0,Medium,192.0.2.11,tcp,99999,x,,\n',
      expect: [
        {
          kind: 'finding',
          finding: {
            host: '192.0.2.10',
            port: 443,
            transport: 'tcp',
            cve: 'CVE-2021-41773',
            severity: 'critical',
            score: 9.8,
            title: 'Apache < 2.4.51',
            solution: 'Update to 2.4.51',
          },
        },
        {
          kind: 'finding',
          finding: {
            host: '192.0.2.10',
            port: 443,
            transport: 'tcp',
            cve: 'CVE-2021-42013',
            severity: 'critical',
            score: 9.8,
            title: 'Apache < 2.4.51',
            solution: 'Update to 2.4.51',
          },
        },
        { kind: 'problem', problem: { line: 5, column: 43, code: 'bad_port', value: '99999' } },
      ],
    },
    {
      name: 'lines before the head, levels from 1 to 5, host names',
      input:
        'Scan report,"Hanbit"\n\n"IP","DNS","Title","Severity","Port","Protocol","CVE ID","Solution"\n"","mail.shop.example","Old mail server","4","25","tcp","CVE-2019-10149","Update"\n',
      expect: [
        {
          kind: 'finding',
          finding: {
            host: 'mail.shop.example',
            port: 25,
            transport: 'tcp',
            cve: 'CVE-2019-10149',
            severity: 'high',
            score: null,
            title: 'Old mail server',
            solution: 'Update',
          },
        },
      ],
    },
  ],
})

function* findings(row: CsvRow, columns: Columns): Generator<InventoryItem, void> {
  const first: Place = row.places[0] ?? { line: 0, column: 0 }
  const cell = (meaning: Meaning): { readonly text: string; readonly place: Place } => {
    for (const at of columns[meaning]) {
      const text = row.fields[at]?.trim() ?? ''
      if (text !== '') return { text, place: row.places[at] ?? first }
    }
    return { text: '', place: first }
  }
  const said = cell('cve')
  if (said.text === '') return
  const cves = cvesIn(said.text)
  if (cves.length === 0) return yield { kind: 'problem', problem: problem(said.place, 'bad_cve', said.text) }
  const host = cell('host')
  if (readLine(host.text, 253) === '') return yield { kind: 'problem', problem: problem(first, 'no_host') }
  const port = cell('port')
  const number = /^(?:0|general\/.*|none|n\/a|-)?$/i.test(port.text) ? null : readPort(port.text.split('/')[0] ?? '')
  if (number === null && !/^(?:0|general\/.*|none|n\/a|-)?$/i.test(port.text))
    return yield { kind: 'problem', problem: problem(port.place, 'bad_port', port.text) }
  const score = readScore(cell('score').text)
  const word = cell('severity').text
  const finding = {
    host: readAddress(host.text) ?? readLine(host.text, 253).toLowerCase(),
    port: number,
    transport: readTransport(cell('protocol').text),
    severity: readSeverity(word),
    score: score ?? (word.includes('.') ? readScore(word) : null),
    title: readLine(cell('title').text, 1000),
    solution: cell('solution').text.slice(0, 4000),
  }
  for (const cve of cves.slice(0, 200)) yield { kind: 'finding', place: first, finding: { ...finding, cve } }
}
