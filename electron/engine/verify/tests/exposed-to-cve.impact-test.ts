import { defineImpactTest } from '../define.ts'

export default defineImpactTest({
  id: 'exposed-to-cve',
  family: 'target',
  title: { en: 'The target has the weakness', ko: '해당 취약점 노출' },
  reasoning: {
    en: 'An exploit for a weakness that the asset has may well work; that it did, others must show.',
    ko: '자산에 있는 취약점을 노린 공격은 성공할 수 있습니다. 실제 성공 여부는 다른 증거로 확인해야 합니다.',
  },
  spec: 'https://www.cisa.gov/known-exploited-vulnerabilities-catalog',
  appliesTo: 'Detections that name CVEs, on an asset that is exposed to one of them.',
  reads: ['alert', 'asset'],
  applies: ({ alert, asset }) => alert.cves.length > 0 && asset !== null,
  test({ alert, asset }) {
    if (asset === null) return null
    const cves = new Set(alert.cves.map((cve) => cve.toUpperCase()))
    const exposed = asset.weaknesses.filter(({ cve, state }) => state === 'exposed' && cves.has(cve.toUpperCase()))
    if (exposed.length === 0) return null
    const names = [...new Set(exposed.map(({ cve }) => cve))].slice(0, 8).join(', ')
    return {
      result: 'likely',
      confidence: 0.4,
      reason: {
        en: `${asset.name} is exposed to ${names}, which the attack uses.`,
        ko: `공격이 이용하는 취약점이 자산에 있습니다. 자산 ${asset.name}, ${names}`,
      },
      cites: exposed.slice(0, 8).map(({ row }) => ({ kind: 'asset', asset: asset.id, row })),
    }
  },
  examples: [
    {
      name: 'exposed',
      of: {
        title: 'Log4j lookup',
        cves: ['CVE-2021-44228'],
        asset: { weaknesses: [{ cve: 'CVE-2021-44228', state: 'exposed', row: 'CVE-2021-44228' }] },
      },
      expect: 'likely',
    },
    {
      name: 'one of two',
      of: {
        title: 'Exchange exploit',
        cves: ['CVE-2021-34473', 'CVE-2021-34523'],
        asset: {
          weaknesses: [
            { cve: 'cve-2021-34523', state: 'exposed', row: 'CVE-2021-34523' },
            { cve: 'CVE-2021-34473', state: 'fixed', row: 'CVE-2021-34473' },
          ],
        },
      },
      expect: 'likely',
    },
    {
      name: 'to another weakness',
      of: {
        title: 'Log4j lookup',
        cves: ['CVE-2021-44228'],
        asset: { weaknesses: [{ cve: 'CVE-2014-6271', state: 'exposed', row: 'CVE-2014-6271' }] },
      },
      expect: null,
    },
    {
      name: 'not known, and mended',
      of: {
        title: 'Exploit',
        cves: ['CVE-2021-44228', 'CVE-2021-45046'],
        asset: {
          weaknesses: [
            { cve: 'CVE-2021-44228', state: 'unknown', row: 'CVE-2021-44228' },
            { cve: 'CVE-2021-45046', state: 'fixed', row: 'CVE-2021-45046' },
          ],
        },
      },
      expect: null,
    },
  ],
})
