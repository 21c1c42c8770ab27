/** How much an effect on the target says of an attack on it. */
import type { Bilingual } from '../../../../shared/model/impact.ts'
import type { ImpactCase } from '../case.ts'
import type { Finding } from '../define.ts'
import { AT_ONCE } from './attribution.ts'
import { isOddProgram, type EffectKind, type LinkedEffect } from './effects.ts'
import { citesOf, secondsText } from './values.ts'

/** Within this the one follows from the other, where what follows is odd in itself. */
const NEAR = AT_ONCE
/** The account of a server does as it is told: a while later by another request. */
const SERVER_NEAR = 300_000_000
const NAMES: Readonly<Record<EffectKind, Bilingual>> = {
  service_installed: { en: 'A service was installed', ko: '서비스가 설치되었습니다' },
  account_created: { en: 'An account was created', ko: '계정이 생성되었습니다' },
  group_joined: { en: 'An account joined a group of administrators', ko: '관리자 그룹에 계정이 추가되었습니다' },
  log_cleared: { en: 'A log was cleared', ko: '로그가 삭제되었습니다' },
  task_created: { en: 'A scheduled task was created', ko: '예약 작업이 생성되었습니다' },
  protection_stopped: { en: 'Protection was stopped', ko: '보안 기능이 중지되었습니다' },
  memory_read: { en: 'The memory of LSASS was opened for reading', ko: 'LSASS 메모리가 읽기 권한으로 열렸습니다' },
  autostart_set: { en: 'A program was set to start by itself', ko: '자동 실행 프로그램이 등록되었습니다' },
  value_set: { en: 'A value of the registry was set', ko: '레지스트리 값이 설정되었습니다' },
  consumer_created: { en: 'An event consumer of WMI was registered', ko: 'WMI 이벤트 소비자가 등록되었습니다' },
  file_written: { en: 'A file was written', ko: '파일이 기록되었습니다' },
  account_renamed: { en: 'An account was renamed', ko: '계정 이름이 변경되었습니다' },
}

export interface Weights {
  /** Such things happen on a healthy host: what is odd about it must show. */
  readonly ordinary: boolean
  /** Without a link: confidence of `likely`, where it is odd and near, and where it is neither. */
  readonly odd: number
  readonly plain: number
}

/** The effects of those kinds as findings, the strongest only; null where there are none. */
export function weighEffects(
  of: ImpactCase,
  effects: readonly LinkedEffect[],
  { ordinary, odd, plain }: Weights,
): Finding | null {
  const findings = effects.flatMap((effect): Finding[] => {
    const { kind, what, runs, by, link, later, event, linkEvents } = effect
    const cites = citesOf([event.id, ...linkEvents])
    const named = [what, runs].filter((text) => text !== '').map((text) => text.slice(0, 200))
    const en = `${NAMES[kind].en}${named.length === 0 ? '' : ` (${named.join(', ')})`}`
    const ko = `${NAMES[kind].ko}.${named.length === 0 ? '' : ` 대상: ${named.join(', ')}.`}`
    if (link === 'session')
      return [
        {
          result: 'succeeded', confidence: 0.95, cites,
          reason: {
            en: `${en} in a session that ${of.attacker.ip ?? 'the attacker'} had opened.`,
            ko: `${ko} 공격자가 연 세션에서 수행되었습니다. 주소: ${of.attacker.ip ?? '?'}`,
          },
        },
      ] // prettier-ignore
    if (link === 'server')
      return [
        {
          result: later <= SERVER_NEAR ? 'succeeded' : 'likely', confidence: later <= SERVER_NEAR ? 0.93 : 0.5, cites,
          reason: { en: `${en} by ${by}, the account of a server.`, ko: `${ko} 서버 전용 계정이 수행했습니다. 계정: ${by}` },
        },
      ] // prettier-ignore
    const isOdd = isOddProgram(runs) || isOddProgram(what)
    const near = later <= NEAR
    if (ordinary && !isOdd && !near) return []
    // A service that runs a program out of nowhere, seconds after somebody was at the door for services.
    const lateral = of.attackClass === 'lateral_movement' && kind === 'service_installed' && isOdd && later <= NEAR / 2
    const confidence = isOdd && near ? odd : isOdd ? odd - 0.15 : plain
    if (confidence <= 0) return []
    return [
      {
        result: lateral ? 'succeeded' : 'likely',
        confidence: lateral ? 0.93 : Math.round(confidence * 100) / 100,
        cites,
        reason: {
          en: `${en} ${secondsText(later)} s after the attempt.`,
          ko: `${ko} 시도 후 ${secondsText(later)}초 뒤입니다.`,
        },
      },
    ]
  })
  const rank = ({ result, confidence }: Finding): number => (result === 'succeeded' ? 1 : 0) + confidence
  return findings.reduce<Finding | null>((best, one) => (best === null || rank(one) > rank(best) ? one : best), null)
}
