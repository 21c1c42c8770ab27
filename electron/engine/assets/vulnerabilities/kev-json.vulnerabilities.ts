import { jsonItems } from '../reading/json-items.ts'
import { readExploited } from '../reading/exploited-row.ts'
import { problem } from '../reading/row.ts'
import { defineVulnerabilities } from './define.ts'

const NAMES = new Set(['vulnerabilities'])

export default defineVulnerabilities({
  id: 'kev-json',
  title: 'CISA known exploited vulnerabilities (JSON)',
  spec: 'https://www.cisa.gov/known-exploited-vulnerabilities-catalog',
  doc: 'The catalogue of vulnerabilities that are known to be exploited, as `known_exploited_vulnerabilities.json`: when each was added, until when it is to be mended, and whether ransomware uses it.',
  recognises: (head) =>
    /"catalogVersion"\s*:/.test(head) || /"cveID"\s*:/.test(head) ? (/^\ufeff?\s*\{/.test(head) ? 0.95 : 0) : 0,
  async *read(pieces) {
    for await (const element of jsonItems(pieces, NAMES)) {
      if (element.kind === 'problem') yield element
      else
        yield (
          readExploited(element.value) ?? {
            kind: 'problem',
            problem: problem(
              element.place,
              'bad_cve',
              JSON.stringify((element.value as { cveID?: unknown } | null)?.cveID ?? ''),
            ),
          }
        )
    }
  },
  examples: [
    {
      name: 'an entry, and one without an id',
      input: `{"title": "x", "catalogVersion": "2026.01.02", "count": 2, "vulnerabilities": [
  {"cveID": "CVE-2021-41773", "vendorProject": "Apache", "product": "HTTP Server", "vulnerabilityName": "Path traversal", "dateAdded": "2021-11-03", "shortDescription": "a \\"quoted\\" ] text", "dueDate": "2021-11-17", "knownRansomwareCampaignUse": "Known"},
  {"cveID": "none"}
]}`,
      expect: [
        {
          kind: 'exploited',
          cve: 'CVE-2021-41773',
          added: '2021-11-03',
          due: '2021-11-17',
          ransomware: true,
          title: 'Path traversal',
        },
        { kind: 'problem', problem: { line: 3, column: 3, code: 'bad_cve', value: '"none"' } },
      ],
    },
  ],
})
