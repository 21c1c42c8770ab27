import { defineImpactTest } from '../define.ts'

export default defineImpactTest({
  id: 'not-exposed-to-cve',
  family: 'target',
  title: { en: 'The target does not have the weakness', ko: '해당 취약점 없음' },
  reasoning: {
    en: 'An exploit for a weakness that the asset was found not to have, or that was mended, finds nothing to use.',
    ko: '자산에 없거나 이미 조치된 취약점을 노린 공격은 이용할 것이 없습니다.',
  },
  spec: 'https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html#45-profile-5-vex',
  appliesTo: 'Detections that name CVEs, on an asset for which the state of all of them is known.',
  reads: ['alert', 'asset'],
  applies: ({ alert, asset }) => alert.cves.length > 0 && asset !== null,
  test({ alert, asset }) {
    if (asset === null) return null
    const rows = alert.cves.map((cve) => asset.weaknesses.filter((one) => one.cve.toUpperCase() === cve.toUpperCase()))
    // Several services may have several states: the worst counts.
    const closed = rows.every(
      (states) => states.length > 0 && states.every(({ state }) => state === 'not_affected' || state === 'fixed'),
    )
    if (!closed) return null
    const all = rows.flat()
    const fixed = all.every(({ state }) => state === 'fixed')
    return {
      result: 'failed',
      confidence: 0.8,
      reason: {
        en: `${asset.name} is ${fixed ? 'mended against' : 'not affected by'} ${alert.cves.slice(0, 8).join(', ')}.`,
        ko: `자산에 해당 취약점이 없습니다(${fixed ? '조치됨' : '영향 없음'}). 자산 ${asset.name}, ${alert.cves.slice(0, 8).join(', ')}`,
      },
      cites: all.slice(0, 8).map(({ row }) => ({ kind: 'asset', asset: asset.id, row })),
    }
  },
  examples: [
    {
      name: 'mended',
      of: {
        title: 'Log4j lookup',
        cves: ['CVE-2021-44228'],
        asset: { weaknesses: [{ cve: 'CVE-2021-44228', state: 'fixed', row: 'CVE-2021-44228' }] },
      },
      expect: 'failed',
    },
    {
      name: 'all of two',
      of: {
        title: 'Exchange exploit',
        cves: ['cve-2021-34473', 'CVE-2021-34523'],
        asset: {
          weaknesses: [
            { cve: 'CVE-2021-34473', state: 'not_affected', row: 'CVE-2021-34473' },
            { cve: 'CVE-2021-34523', state: 'fixed', row: 'CVE-2021-34523' },
          ],
        },
      },
      expect: 'failed',
    },
    {
      name: 'one of two is not known',
      of: {
        title: 'Exchange exploit',
        cves: ['CVE-2021-34473', 'CVE-2021-34523'],
        asset: { weaknesses: [{ cve: 'CVE-2021-34473', state: 'fixed', row: 'CVE-2021-34473' }] },
      },
      expect: null,
    },
    {
      name: 'mended in one service, exposed in another',
      of: {
        title: 'Log4j lookup',
        cves: ['CVE-2021-44228'],
        asset: {
          weaknesses: [
            { cve: 'CVE-2021-44228', state: 'fixed', row: 'services[0]' },
            { cve: 'CVE-2021-44228', state: 'exposed', row: 'services[1]' },
          ],
        },
      },
      expect: null,
    },
    { name: 'no asset', of: { title: 'Log4j lookup', cves: ['CVE-2021-44228'] }, expect: null },
  ],
})
