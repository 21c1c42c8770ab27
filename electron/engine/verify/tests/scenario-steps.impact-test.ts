import { defineImpactTest } from '../define.ts'
import { effectOf } from '../reading/effects.ts'
import { sidesOf } from '../reading/flows.ts'
import { loginOf } from '../reading/logins.ts'
import { alerted, alertedOut, ATTACKER, HOST, windows } from '../reading/made-records.ts'
import { programsOf } from '../reading/programs.ts'
import { citesOf, eventsOf, numberOf, plainAddress, textOf } from '../reading/values.ts'

type Step = 'in' | 'login' | 'effect' | 'out' | 'program'

export default defineImpactTest({
  id: 'scenario-steps',
  family: 'others',
  title: { en: 'The later steps of the scenario', ko: '시나리오의 후속 단계' },
  reasoning: {
    en: 'A scenario has steps in order; a later step that only a success makes possible shows that the earlier one worked.',
    ko: '시나리오는 순서가 있는 단계로 이루어집니다. 성공해야만 가능한 후속 단계가 있으면 앞 단계가 성공한 것입니다.',
  },
  spec: 'https://sigmahq.io/sigma-specification/specification/sigma-correlation-rules-specification.html',
  appliesTo: 'Alerts of scenarios: their own events, in order of time.',
  reads: ['own', 'alert', 'target', 'attacker', 'isOurs'],
  applies: ({ alert, own }) => alert.kind === 'scn' && own.length > 1,
  test({ own, target, attacker, isOurs }) {
    const steps = eventsOf(own).flatMap((event): { readonly step: Step; readonly id: string; readonly time: number }[] => {
      const { fields } = event
      const at = (step: Step): { step: Step; id: string; time: number }[] => [{ step, id: event.id, time: event.time }]
      const effect = effectOf(event)
      if (effect !== null && !effect.refused) return at('effect')
      const login = loginOf(event)
      if (login !== null)
        return login.accepted && (attacker.ip === null || plainAddress(login.from) === attacker.ip) ? at('login') : []
      if (/^(?:blocked|drop|den)/i.test(textOf(fields, 'action'))) return []
      const { client, server } = sidesOf(event)
      if (server.ip !== '') {
        const status = numberOf(fields, 'http.status')
        if (status !== null && status >= 400) return []
        if (client.ip === target.ip && server.ip !== '' && !isOurs(server.ip) && server.port !== 53) return at('out')
        if (server.ip === target.ip && client.ip !== target.ip) return at('in')
        return []
      }
      return programsOf([event]).some(({ refused }) => !refused) ? at('program') : []
    })
    const first = steps[0]
    if (first === undefined) return null
    const after = (step: Step): (typeof steps)[number] | undefined =>
      steps.find((one) => one.step === step && one.time >= first.time && one !== first)
    const came = first.step === 'in' || first.step === 'login'
    if (!came) return null
    const effect = after('effect')
    const out = after('out')
    const program = after('program')
    const login = first.step === 'login' ? first : after('login')
    const kinds = [effect, out, program, login].filter((one) => one !== undefined)
    if (effect !== undefined && (login !== undefined || out !== undefined || program !== undefined))
      return {
        result: 'succeeded',
        confidence: 0.92,
        reason: {
          en: `The steps follow each other to an effect that the host itself recorded (${kinds.length} of them after the first).`,
          ko: `단계가 이어져 호스트가 스스로 기록한 결과에 이르렀습니다. 후속 단계 ${kinds.length}개`,
        },
        cites: citesOf([first.id, ...kinds.map(({ id }) => id)]),
      }
    const [later] = [effect, out, program].filter((one) => one !== undefined)
    if (later === undefined) return null
    const two = out !== undefined && program !== undefined
    return {
      result: 'likely',
      confidence: two ? 0.8 : 0.65,
      reason: {
        en: `After the first step ${out !== undefined ? 'the target called out' : effect !== undefined ? 'the host recorded an effect' : 'a program was started on it'}.`,
        ko: `첫 단계 이후 ${out !== undefined ? '표적이 외부로 연결했습니다' : effect !== undefined ? '호스트에 결과가 기록되었습니다' : '표적에서 프로그램이 실행되었습니다'}.`,
      },
      cites: citesOf([first.id, later.id]),
    }
  },
  examples: [
    {
      name: 'let in, and then an account is made',
      of: {
        kind: 'scn',
        title: 'Guessing, login, new account',
        targetName: HOST,
        own: [
          windows(0, 4624, 'Security', { 'src.ip': ATTACKER, 'target.user': 'kim', outcome: 'success' }),
          windows(60, 4720, 'Security', { 'user.name': 'kim', 'target.user': 'x2', outcome: 'success' }),
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'an attack, and a call out',
      of: { kind: 'scn', title: 'Exploit, then call home', own: [alerted(0), alertedOut(50, { 'dst.ip': '198.51.100.7' })] },
      expect: 'likely',
    },
    {
      name: 'two attempts',
      of: { kind: 'scn', title: 'Scan, then exploit', own: [alerted(0), alerted(50, { 'dst.port': 443 })] },
      expect: null,
    },
    {
      name: 'the call out came first',
      of: { kind: 'scn', title: 'Exploit and call', own: [alertedOut(0, { 'dst.ip': '198.51.100.7' }), alerted(50)] },
      expect: null,
    },
    {
      name: 'the attack was blocked, and the account was refused',
      of: {
        kind: 'scn',
        title: 'Exploit, then account',
        targetName: HOST,
        own: [alerted(0, { action: 'blocked' }), windows(60, 4720, 'Security', { 'target.user': 'x2', outcome: 'failure' })],
      },
      expect: null,
    },
    {
      name: 'the same steps, but no scenario',
      of: { title: 'Exploit', own: [alerted(0), alertedOut(50, { 'dst.ip': '198.51.100.7' })] },
      expect: null,
    },
  ],
})
