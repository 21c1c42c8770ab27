import { defineImpactTest } from '../define.ts'
import { mayFollow } from '../reading/attribution.ts'
import { effectsAfter } from '../reading/effects.ts'
import { alerted, ATTACKER, HOST, windows } from '../reading/made-records.ts'
import { weighEffects } from '../reading/weigh-effect.ts'

export default defineImpactTest({
  id: 'service-installed-after',
  family: 'next',
  title: { en: 'A service is installed', ko: '서비스 설치' },
  reasoning: {
    en: 'Services are how programs are run from afar and kept running; one of the attacker, or one with an odd program right after the attack, is its work.',
    ko: '서비스는 원격 실행과 지속 실행에 쓰입니다. 공격자 세션이나 공격 직후에 설치된 수상한 서비스는 공격의 결과입니다.',
  },
  spec: 'https://attack.mitre.org/techniques/T1543/003/',
  appliesTo: 'Attacks that, if they work, give power over the host: System 7045 and Security 4697 of the target.',
  reads: ['own', 'flow', 'before', 'after', 'attacker', 'target', 'asset'],
  applies: mayFollow,
  test: (of) => weighEffects(of, effectsAfter(of, ['service_installed']), { ordinary: true, odd: 0.75, plain: 0.3 }),
  examples: [
    {
      name: 'out of the Windows folder, seconds after the administrative share was used',
      of: {
        title: 'ADMIN$ share used, lateral movement',
        targetName: HOST,
        own: [alerted(0, { 'dst.port': 445 })],
        after: [windows(4, 7045, 'System', { 'service.name': 'msupd', ImagePath: '%SystemRoot%\\msupd.exe' })],
      },
      expect: 'succeeded',
    },
    {
      name: 'in a session that the attacker opened',
      of: {
        title: 'RDP brute force',
        targetName: HOST,
        own: [alerted(0, { 'dst.port': 3389 })],
        after: [
          windows(30, 4624, 'Security', {
            'src.ip': ATTACKER,
            'target.user': 'kim',
            TargetLogonId: '0x51A2',
            outcome: 'success',
          }),
          windows(90, 4697, 'Security', {
            'service.name': 'helper',
            ServiceFileName: 'C:\\Tools\\h.exe',
            SubjectLogonId: '0x51a2',
            'user.name': 'kim',
          }),
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'a service that runs a command',
      of: {
        title: 'Remote code execution',
        targetName: HOST,
        own: [alerted(0)],
        after: [windows(60, 7045, 'System', { 'service.name': 'x', ImagePath: '%COMSPEC% /c powershell -enc AAAA' })],
      },
      expect: 'likely',
    },
    {
      name: "protection's drivers, as with every update",
      of: {
        title: 'Remote code execution',
        targetName: HOST,
        own: [alerted(0)],
        after: [
          windows(900, 7045, 'System', {
            'service.name': 'MpKslDrv',
            ImagePath: 'C:\\ProgramData2\\Definition Updates\\MpKslDrv.sys',
          }),
          windows(1200, 7045, 'System', { 'service.name': 'Printer', ImagePath: 'C:\\Program Files\\Maker\\printer.exe' }),
        ],
      },
      expect: null,
    },
    {
      name: 'on another host',
      of: {
        title: 'ADMIN$ share used, lateral movement',
        targetName: HOST,
        own: [alerted(0)],
        after: [
          windows(4, 7045, 'System', { 'host.name': 'file-09', 'service.name': 'msupd', ImagePath: '%SystemRoot%\\msupd.exe' }),
        ],
      },
      expect: null,
    },
    {
      name: 'after a scan',
      of: {
        title: 'Port scan',
        targetName: HOST,
        own: [alerted(0)],
        after: [windows(4, 7045, 'System', { 'service.name': 'msupd', ImagePath: '%SystemRoot%\\msupd.exe' })],
      },
      expect: null,
    },
  ],
})
