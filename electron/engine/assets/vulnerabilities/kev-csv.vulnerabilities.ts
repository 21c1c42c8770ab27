import { csvRows } from '../reading/csv-rows.ts'
import { readExploited } from '../reading/exploited-row.ts'
import { problem } from '../reading/row.ts'
import { defineVulnerabilities } from './define.ts'

export default defineVulnerabilities({
  id: 'kev-csv',
  title: 'CISA known exploited vulnerabilities (CSV)',
  spec: 'https://www.cisa.gov/known-exploited-vulnerabilities-catalog',
  doc: 'The same catalogue as `known_exploited_vulnerabilities.csv`.',
  recognises: (head) => (/^\ufeff?"?cveID"?,/.test(head) ? 1 : 0),
  async *read(pieces) {
    let names: readonly string[] | null = null
    for await (const row of csvRows(pieces, ',')) {
      if (row.kind === 'problem') yield row
      else if (names === null) names = row.fields.map((field) => field.replace(/^\ufeff/, '').trim())
      else {
        const entry = Object.fromEntries(names.map((name, i) => [name, row.fields[i] ?? '']))
        yield readExploited(entry) ?? { kind: 'problem', problem: problem(row.places[0]!, 'bad_cve', row.fields[0]) }
      }
    }
  },
  examples: [
    {
      name: 'a quoted description over two lines',
      input:
        'cveID,vendorProject,product,vulnerabilityName,dateAdded,shortDescription,requiredAction,dueDate,knownRansomwareCampaignUse,notes\nCVE-2021-44228,Apache,Log4j2,Remote code,2021-12-10,"a, b\nc",Update,2021-12-24,Unknown,\nx,,,,,,,,,\n',
      expect: [
        {
          kind: 'exploited',
          cve: 'CVE-2021-44228',
          added: '2021-12-10',
          due: '2021-12-24',
          ransomware: false,
          title: 'Remote code',
        },
        { kind: 'problem', problem: { line: 4, column: 1, code: 'bad_cve', value: 'x' } },
      ],
    },
  ],
})
