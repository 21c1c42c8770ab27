import { defineImpactTest } from '../define.ts'
import { mayFollow } from '../reading/attribution.ts'
import { effectsAfter } from '../reading/effects.ts'
import { alerted, ATTACKER, HOST, windows } from '../reading/made-records.ts'
import { weighEffects } from '../reading/weigh-effect.ts'

const EVENTLOG = { 'win.provider': 'Microsoft-Windows-Eventlog' } as const

export default defineImpactTest({
  id: 'log-cleared-after',
  family: 'next',
  title: { en: 'A log is cleared', ko: '로그 삭제' },
  reasoning: {
    en: 'Who clears a log right after an attack has something to hide in it, and the rights to do so.',
    ko: '공격 직후 로그를 삭제한 사람은 숨길 것이 있고 그럴 권한도 있습니다.',
  },
  spec: 'https://attack.mitre.org/techniques/T1070/001/',
  appliesTo: 'Attacks that, if they work, give power over the host: Security 1102 and System 104 of the target.',
  reads: ['own', 'flow', 'before', 'after', 'attacker', 'target', 'asset'],
  applies: mayFollow,
  test: (of) => weighEffects(of, effectsAfter(of, ['log_cleared']), { ordinary: false, odd: 0.8, plain: 0.65 }),
  examples: [
    {
      name: 'in a session that the attacker opened',
      of: {
        title: 'RDP brute force',
        targetName: HOST,
        own: [alerted(0)],
        after: [
          windows(20, 4624, 'Security', {
            'src.ip': ATTACKER,
            'target.user': 'kim',
            TargetLogonId: '0x7f01',
            outcome: 'success',
          }),
          windows(300, 1102, 'Security', { ...EVENTLOG, 'user.name': 'kim', SubjectLogonId: '0x7f01' }),
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'by nobody knows whom',
      of: {
        title: 'Remote code execution',
        targetName: HOST,
        own: [alerted(0)],
        after: [windows(300, 104, 'System', { ...EVENTLOG, 'user.name': 'SYSTEM', Channel: 'Application' })],
      },
      expect: 'likely',
    },
    {
      name: 'number 104 of another program',
      of: {
        title: 'Remote code execution',
        targetName: HOST,
        own: [alerted(0)],
        after: [
          windows(300, 104, 'System', {
            'win.provider': 'Microsoft-Windows-TaskScheduler',
            'win.channel': 'Microsoft-Windows-TaskScheduler/Operational',
          }),
        ],
      },
      expect: null,
    },
    {
      name: 'on the collector, which saw the target too',
      of: {
        title: 'Remote code execution',
        targetName: HOST,
        own: [alerted(0)],
        after: [windows(300, 1102, 'Security', { ...EVENTLOG, 'host.name': 'collector-01', 'user.name': 'adm' })],
      },
      expect: null,
    },
    {
      name: 'the attack was blocked',
      of: {
        title: 'Remote code execution',
        targetName: HOST,
        own: [alerted(0, { action: 'blocked' })],
        after: [windows(300, 1102, 'Security', { ...EVENTLOG, 'user.name': 'adm' })],
      },
      expect: null,
    },
  ],
})
