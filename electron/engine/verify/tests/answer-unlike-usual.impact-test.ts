import type { ImpactCase } from '../case.ts'
import { defineImpactTest } from '../define.ts'
import { figure } from '../reading/figures.ts'
import { ownRequests } from '../reading/requests.ts'

const GIVES_MORE = new Set<ImpactCase['attackClass']>([
  'sql_injection', 'path_traversal', 'command_injection', 'xml_entity', 'server_side_request', 'information_leak', 'code_execution',
]) // prettier-ignore
const TIMES = 10
/** Bytes: smaller answers vary by what is written on them. */
const LEAST = 4096

export default defineImpactTest({
  id: 'answer-unlike-usual',
  family: 'answer',
  title: { en: 'The answer is far larger than usual', ko: '평소보다 훨씬 큰 응답' },
  reasoning: {
    en: 'A path that gives everybody about as much, and the attacker many times that, gave something else.',
    ko: '누구에게나 비슷한 크기로 응답하던 경로가 공격자에게만 몇 배로 응답했다면 다른 내용을 준 것입니다.',
  },
  spec: 'https://attack.mitre.org/techniques/T1190/',
  appliesTo: 'Injections answered with success, where others asked for the same path before.',
  reads: ['exchanges', 'usual'],
  applies: ({ attackClass, usual }) => GIVES_MORE.has(attackClass) && usual.length > 0,
  test(of) {
    for (const { path, status, length, cites } of ownRequests(of)) {
      if (status === null || status < 200 || status > 299 || length === null || length < LEAST) continue
      const usual = of.usual.find((one) => one.path === path && one.answers >= 5)
      if (usual === undefined || length < usual.median * TIMES || length < usual.largest * 2) continue
      const times = Math.round(length / Math.max(1, usual.median))
      return {
        result: 'likely',
        confidence: usual.answers >= 20 && times >= 20 ? 0.65 : 0.55,
        reason: {
          en: `The answer is ${figure(times)} times as large as usual: ${figure(length)} bytes, where ${usual.answers} others had ${figure(usual.median)} (the largest ${figure(usual.largest)}).`,
          ko: `응답이 평소의 ${figure(times)}배입니다: ${figure(length)}바이트, 이전 응답 ${usual.answers}건의 중앙값 ${figure(usual.median)}바이트, 최댓값 ${figure(usual.largest)}바이트`,
        },
        cites,
      }
    }
    return null
  },
  examples: [
    {
      name: 'all rows of a table',
      of: {
        title: 'SQL injection',
        exchanges: [{ url: "/i?id=1'or'1", length: 480_000 }],
        usual: [{ path: '/i', answers: 900, median: 2_100, largest: 3_000 }],
      },
      expect: 'likely',
    },
    {
      name: 'a path whose answers are of all sizes',
      of: {
        title: 'SQL injection',
        exchanges: [{ url: "/i?id=1'or'1", length: 480_000 }],
        usual: [{ path: '/i', answers: 900, median: 2_100, largest: 400_000 }],
      },
      expect: null,
    },
    {
      name: 'a large page of an error',
      of: {
        title: 'SQL injection',
        exchanges: [{ url: "/i?id=1'or'1", status: 500, length: 48_000 }],
        usual: [{ path: '/i', answers: 900, median: 2_100, largest: 3_000 }],
      },
      expect: null,
    },
    {
      name: 'hardly anybody had asked before',
      of: {
        title: 'SQL injection',
        exchanges: [{ url: "/i?id=1'or'1", length: 48_000 }],
        usual: [{ path: '/i', answers: 2, median: 100, largest: 120 }],
      },
      expect: null,
    },
    {
      name: 'ten times next to nothing',
      of: {
        title: 'SQL injection',
        exchanges: [{ url: "/i?id=1'or'1", length: 900 }],
        usual: [{ path: '/i', answers: 80, median: 12, largest: 20 }],
      },
      expect: null,
    },
  ],
})
