import { csvRows } from '../reading/csv-rows.ts'
import { problem } from '../reading/row.ts'
import { defineVulnerabilities } from './define.ts'

export default defineVulnerabilities({
  id: 'epss-csv',
  title: 'EPSS scores (CSV)',
  spec: 'https://www.first.org/epss/data_stats',
  doc: 'The daily scores of the Exploit Prediction Scoring System: for each CVE the probability that it is exploited within 30 days. The first line names the day; scores of an older day do not take the place of newer ones.',
  recognises: (head) => (/^\ufeff?(?:#model_version[^\n]*\n)?"?cve"?,"?epss"?(?:,|\r?\n)/.test(head) ? 1 : 0),
  async *read(pieces, head) {
    const date = /score_date:\s*(\d{4}-\d\d-\d\d)/.exec(head.slice(0, 500))?.[1] ?? ''
    for await (const row of csvRows(pieces, ',')) {
      if (row.kind === 'problem') {
        yield row
        continue
      }
      const [cve = '', text = ''] = row.fields.map((field) => field.replace(/^\ufeff/, '').trim())
      if (cve.startsWith('#') || cve.toLowerCase() === 'cve') continue
      const epss = Number(text)
      if (!/^CVE-\d{4}-\d{4,19}$/i.test(cve)) yield { kind: 'problem', problem: problem(row.places[0]!, 'bad_cve', cve) }
      else if (text === '' || !(epss >= 0 && epss <= 1))
        yield { kind: 'problem', problem: problem(row.places[1] ?? row.places[0]!, 'bad_value', text) }
      else yield { kind: 'score', cve: cve.toUpperCase(), epss, date }
    }
  },
  examples: [
    {
      name: 'a day of scores',
      input:
        '#model_version:v2025.03.14,score_date:2026-01-02T00:00:00+0000\ncve,epss,percentile\nCVE-2021-41773,0.94403,0.99987\nCVE-2020-0001,1.5,0.1\n',
      expect: [
        { kind: 'score', cve: 'CVE-2021-41773', epss: 0.94403, date: '2026-01-02' },
        { kind: 'problem', problem: { line: 4, column: 15, code: 'bad_value', value: '1.5' } },
      ],
    },
  ],
})
