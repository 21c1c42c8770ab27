import { defineImpactTest } from '../define.ts'

const FEW = 3

export default defineImpactTest({
  id: 'other-targets-answered',
  family: 'others',
  title: { en: 'How other targets fared', ko: '다른 표적의 결과' },
  reasoning: {
    en: 'The same attack of the same attacker on other hosts: where it worked it can work here, where all refused it is likely refused.',
    ko: '같은 공격자가 다른 호스트에 같은 공격을 한 결과입니다. 다른 곳의 성공은 이곳의 성공 가능성을, 모두 실패는 실패 가능성을 나타냅니다.',
  },
  spec: 'https://doi.org/10.1007/978-3-540-30143-1_16',
  appliesTo: 'Alerts for which the same detection of the same attacker was verified on other targets.',
  reads: ['otherTargets'],
  applies: ({ otherTargets }) => otherTargets.length > 0,
  test({ otherTargets, target }) {
    const others = otherTargets.filter((one) => one.target !== target.ip && one.target !== target.name)
    const won = others.filter(({ result }) => result === 'succeeded')
    const cites = (of: typeof others): { kind: 'alert'; alert: string }[] =>
      of.slice(0, 8).map(({ alert }) => ({ kind: 'alert', alert }))
    if (won.length > 0)
      return {
        result: 'likely',
        confidence: 0.4,
        reason: {
          en: `The same attack succeeded on ${won.slice(0, 4).map((one) => one.target).join(', ')}.`,
          ko: `같은 공격이 다른 표적에서 성공했습니다. 표적 ${won.slice(0, 4).map((one) => one.target).join(', ')}`,
        },
        cites: cites(won),
      } // prettier-ignore
    const lost = others.filter(({ result }) => result === 'failed' || result === 'blocked')
    if (lost.length >= FEW && lost.length === others.length)
      return {
        result: 'failed',
        confidence: 0.3,
        reason: {
          en: `The same attack failed on all ${lost.length} other targets.`,
          ko: `같은 공격이 다른 표적 ${lost.length}곳에서 모두 실패했습니다.`,
        },
        cites: cites(lost),
      }
    return null
  },
  examples: [
    {
      name: 'it worked next door',
      of: {
        title: 'SMB exploit',
        otherTargets: [
          { alert: '7', target: '10.1.2.4', result: 'succeeded' },
          { alert: '8', target: '10.1.2.5', result: 'failed' },
        ],
      },
      expect: 'likely',
    },
    {
      name: 'all refused',
      of: {
        title: 'SMB exploit',
        otherTargets: [4, 5, 6].map((n) => ({
          alert: String(n),
          target: `10.1.2.${n}`,
          result: n === 5 ? ('blocked' as const) : ('failed' as const),
        })),
      },
      expect: 'failed',
    },
    {
      name: 'of one nobody knows',
      of: {
        title: 'SMB exploit',
        otherTargets: [
          { alert: '4', target: '10.1.2.4', result: 'failed' },
          { alert: '5', target: '10.1.2.5', result: 'failed' },
          { alert: '6', target: '10.1.2.6', result: 'failed' },
          { alert: '7', target: '10.1.2.7', result: null },
        ],
      },
      expect: null,
    },
    {
      name: 'one is too few, and the target itself does not count',
      of: {
        title: 'SMB exploit',
        otherTargets: [
          { alert: '4', target: '10.1.2.4', result: 'failed' },
          { alert: '5', target: '10.1.2.3', result: 'succeeded' },
        ],
      },
      expect: null,
    },
  ],
})
