/** Events of a run as sentences of a timeline, in both languages. */
import type { Bilingual } from '../../../../shared/model/impact.ts'
import type { Playbook, PlaybookPhase } from '../../../../shared/model/playbook.ts'
import type { RunEvent } from '../../../../shared/model/playbook-run.ts'

const PHASES: Readonly<Record<PlaybookPhase, Bilingual>> = {
  contained: { en: 'contained', ko: '격리·차단' },
  eradicated: { en: 'eradicated', ko: '제거' },
  recovered: { en: 'recovered', ko: '복구' },
}
const NOTHING: Bilingual = { en: '', ko: '' }
const both = (make: (language: 'en' | 'ko') => string): Bilingual => ({ en: make('en'), ko: make('ko') })

/** Minutes and hours, rounded down: `2 h 5 m`. */
function span(ms: number, language: 'en' | 'ko'): string {
  const minutes = Math.floor(ms / 60_000)
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  const [hour, minute] = language === 'en' ? [' h', ' m'] : ['시간', '분']
  return [hours > 0 ? `${hours}${hour}` : '', rest > 0 || hours === 0 ? `${rest}${minute}` : ''].filter(Boolean).join(' ')
}

/** One line of plain text; names and notes are as people wrote them. */
export function runEventText(event: RunEvent, playbook: Playbook): Bilingual {
  const step = playbook.steps.find(({ id }) => id === event.step)
  const title = step?.title ?? (event.step === null ? playbook.title : { en: event.step, ko: event.step })
  const choice = step?.kind === 'decide' ? step.choices.find(({ id }) => id === event.choice)?.title : undefined
  const note = event.note === null ? NOTHING : both(() => ` (${event.note})`)
  const late = event.late === null ? NOTHING : { en: `, ${span(event.late, 'en')} late`, ko: `, ${span(event.late, 'ko')} 지연` }
  const phase = event.phase === null ? NOTHING : PHASES[event.phase]
  const made = (en: string, ko: string): Bilingual => ({
    en: `${en}${late.en}${note.en}`,
    ko: `${ko}${late.ko}${note.ko}`,
  })
  switch (event.kind) {
    case 'run_started':
      return made(`Playbook begun: ${playbook.title.en} (version ${playbook.version})`, `플레이북 시작: ${playbook.title.ko} (버전 ${playbook.version})`) // prettier-ignore
    case 'assigned':
      return event.who === null ? made(`Nobody assigned: ${title.en}`, `담당 해제: ${title.ko}`) : made(`Assigned to ${event.who}: ${title.en}`, `담당 지정(${event.who}): ${title.ko}`) // prettier-ignore
    case 'started':
      return made(`Begun: ${title.en}`, `착수: ${title.ko}`)
    case 'done': {
      if (step?.kind === 'check')
        return event.outcome === 'success'
          ? made(`Checked, yes: ${title.en}`, `확인 결과 예: ${title.ko}`)
          : made(`Checked, no: ${title.en}`, `확인 결과 아니요: ${title.ko}`)
      return event.outcome === 'success' ? made(`Done: ${title.en}`, `완료: ${title.ko}`) : made(`Failed: ${title.en}`, `실패: ${title.ko}`) // prettier-ignore
    }
    case 'answered':
      return made(`Decided: ${title.en} → ${choice?.en ?? ''}`, `결정: ${title.ko} → ${choice?.ko ?? ''}`)
    case 'skipped':
      return made(`Skipped: ${title.en}`, `건너뜀: ${title.ko}`)
    case 'reopened':
      return made(`Opened again: ${title.en}`, `다시 열림: ${title.ko}`)
    case 'ready':
      return made(`Can begin: ${title.en}`, `착수 가능: ${title.ko}`)
    case 'round':
      return made(`Once more from: ${title.en}`, `다시 수행: ${title.ko}`)
    case 'phase':
      return made(`All steps done: ${phase.en}`, `단계 완료: ${phase.ko}`)
    case 'phase_left':
      return made(`No longer ${phase.en}`, `단계 완료 취소: ${phase.ko}`)
    case 'run_ended':
      return made(`Playbook done: ${playbook.title.en}`, `플레이북 완료: ${playbook.title.ko}`)
    case 'run_resumed':
      return made(`Playbook taken up again: ${playbook.title.en}`, `플레이북 재개: ${playbook.title.ko}`)
  }
}
