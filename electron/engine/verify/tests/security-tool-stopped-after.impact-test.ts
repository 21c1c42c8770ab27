import { defineImpactTest } from '../define.ts'
import { mayFollow } from '../reading/attribution.ts'
import { effectsAfter } from '../reading/effects.ts'
import { alerted, ATTACKER, HOST, syslog, windows } from '../reading/made-records.ts'
import { eventsOf, isRecordOf, numberOf, textOf } from '../reading/values.ts'
import { weighEffects } from '../reading/weigh-effect.ts'

/** What an update or a restart stops comes back. */
const BACK = 300_000_000

export default defineImpactTest({
  id: 'security-tool-stopped-after',
  family: 'next',
  title: { en: 'Protection is stopped', ko: '보안 기능 중지' },
  reasoning: {
    en: 'Intruders switch off what watches them; protection that stops after an attack and does not come back was switched off.',
    ko: '침입자는 감시 기능을 끕니다. 공격 뒤 중지되어 다시 시작되지 않는 보안 기능은 꺼진 것입니다.',
  },
  spec: 'https://attack.mitre.org/techniques/T1562/001/',
  appliesTo:
    'Attacks that, if they work, give power over the host: Defender 5001, 5010, 5012, System 7036 and 7040, Sysmon 4, Security 4719, systemd.',
  reads: ['own', 'flow', 'before', 'after', 'attacker', 'target', 'asset'],
  applies: mayFollow,
  test(of) {
    const stopped = effectsAfter(of, ['protection_stopped'])
    if (stopped.length === 0) return null
    const records = eventsOf(of.own, of.after).filter((event) => isRecordOf(event, of.target, of.asset?.name))
    // The host goes down: everything stops. 1074 and 6006 on Windows, targets of systemd elsewhere.
    const down = records.filter(
      ({ fields }) =>
        [1074, 6006, 6008].includes(numberOf(fields, 'win.event_id') ?? 0) ||
        (textOf(fields, 'log.program') === 'systemd' && /(?:target|Reached) .{0,40}(?:Shutdown|Reboot|Power-Off)|Shutting down/i.test(textOf(fields, 'message'))),
    ) // prettier-ignore
    const effects = stopped.filter(({ what, event }) => {
      if (down.some(({ time }) => Math.abs(time - event.time) < BACK)) return false
      return !records.some(
        ({ time, fields }) =>
          time >= event.time &&
          time - event.time < BACK &&
          ((textOf(fields, 'param1') === what && /^running$/i.test(textOf(fields, 'param2'))) ||
            (numberOf(fields, 'win.event_id') === 5000 && what === 'Microsoft Defender') ||
            (textOf(fields, 'log.program') === 'systemd' && /^Start(?:ed|ing) /.test(textOf(fields, 'message')) && textOf(fields, 'message').includes(what))),
      ) // prettier-ignore
    })
    return weighEffects(of, effects, { ordinary: false, odd: 0.75, plain: 0.6 })
  },
  examples: [
    {
      name: 'Defender is switched off',
      of: {
        title: 'Remote code execution',
        targetName: HOST,
        own: [alerted(0)],
        after: [windows(40, 5001, 'Defender', {})],
      },
      expect: 'likely',
    },
    {
      name: 'in a session that the attacker opened',
      of: {
        title: 'RDP brute force',
        targetName: HOST,
        own: [alerted(0)],
        after: [
          windows(5, 4624, 'Security', { 'src.ip': ATTACKER, 'target.user': 'kim', TargetLogonId: '0xab12', outcome: 'success' }),
          windows(40, 4719, 'Security', { 'user.name': 'kim', SubjectLogonId: '0xab12', AuditPolicyChanges: '%%8448' }),
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'an update: stopped and running again',
      of: {
        title: 'Remote code execution',
        targetName: HOST,
        own: [alerted(0)],
        after: [
          windows(40, 7036, 'System', { param1: 'Microsoft Defender Antivirus Service', param2: 'stopped' }),
          windows(52, 7036, 'System', { param1: 'Microsoft Defender Antivirus Service', param2: 'running' }),
        ],
      },
      expect: null,
    },
    {
      name: 'the host is restarted',
      of: {
        title: 'Remote code execution',
        targetName: HOST,
        own: [alerted(0)],
        after: [
          windows(35, 1074, 'System', { 'win.provider': 'User32' }),
          windows(40, 7036, 'System', { param1: 'Sysmon64', param2: 'stopped' }),
        ],
      },
      expect: null,
    },
    {
      name: 'another service',
      of: {
        title: 'Remote code execution',
        targetName: HOST,
        own: [alerted(0)],
        after: [
          windows(40, 7036, 'System', { param1: 'Windows Update', param2: 'stopped' }),
          syslog(50, 'systemd', 'Stopped Daily apt download activities.'),
        ],
      },
      expect: null,
    },
    {
      name: 'the log service is started again, as its rotation does',
      of: {
        title: 'Remote code execution',
        targetName: HOST,
        own: [alerted(0)],
        after: [
          syslog(50, 'systemd', 'Stopped System Logging Service rsyslog.'),
          syslog(51, 'systemd', 'Started System Logging Service rsyslog.'),
        ],
      },
      expect: null,
    },
  ],
})
