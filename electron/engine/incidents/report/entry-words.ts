/** Titles of entries that the desk writes by itself, as the report says them. The screen has the same words in `renderer/i18n`. */
import type { Bilingual } from '../../../../shared/model/impact.ts'
import type { TimelineEntry } from '../../../../shared/model/incident.ts'
import type { PlaybookRun } from '../../../../shared/model/playbook-run.ts'

const STATUS: Readonly<Record<string, Bilingual>> = {
  occurred: { en: 'Occurred', ko: '발생' },
  detected: { en: 'Detected', ko: '탐지' },
  acknowledged: { en: 'Acknowledged', ko: '인지' },
  contained: { en: 'Contained', ko: '봉쇄' },
  eradicated: { en: 'Eradicated', ko: '제거' },
  recovered: { en: 'Recovered', ko: '복구' },
  closed: { en: 'Closed', ko: '종결' },
  opened: { en: 'Opened', ko: '개시' },
  reopened: { en: 'Reopened', ko: '다시 열림' },
  merged: { en: 'Merged into another incident', ko: '다른 인시던트에 병합' },
  merged_from: { en: 'Another incident was merged into it', ko: '다른 인시던트를 병합' },
  withdrawn: { en: 'Closed: the decision that opened it was taken back', ko: '종결: 개시한 판정이 취소됨' },
  task_added: { en: 'Task added', ko: '작업 추가' },
  task_skipped: { en: 'Task skipped', ko: '작업 건너뜀' },
  task_reopened: { en: 'Task reopened', ko: '작업 다시 열림' },
}
const STEP: Readonly<Record<string, Bilingual>> = {
  run_started: { en: 'Playbook begun', ko: '플레이북 시작' },
  run_ended: { en: 'Playbook done', ko: '플레이북 완료' },
  done: { en: 'Done', ko: '완료' },
  'done: success': { en: 'Done', ko: '완료' },
  'done: failure': { en: 'Failed, or answered no', ko: '실패 또는 아니요' },
  skipped: { en: 'Skipped', ko: '건너뜀' },
  reopened: { en: 'Opened again', ko: '다시 열림' },
  answered: { en: 'Decided', ko: '결정' },
}

/** Title and text of an entry; what people wrote stays as they wrote it. */
export function entryWords(
  { id, kind, title, text }: Pick<TimelineEntry, 'id' | 'kind' | 'title' | 'text'>,
  runs: readonly { readonly id: string; readonly run: PlaybookRun }[],
): { title: string | Bilingual; text: string | Bilingual } {
  if (kind === 'status') return { title: (Object.hasOwn(STATUS, title) ? STATUS[title] : undefined) ?? title, text }
  if (kind !== 'step') return { title, text }
  const run = runs.find((one) => id.startsWith(`step-${one.id}`))?.run
  // Steps keep their title in both languages in one line.
  const titles = run === undefined ? [] : [run.playbook.title, ...run.playbook.steps.map((step) => step.title)]
  return { title: titles.find(({ en, ko }) => `${en} · ${ko}` === title) ?? title, text: stepText(text) }
}

/** `done: success: what was noted` in words. */
function stepText(text: string): string | Bilingual {
  const code = Object.keys(STEP)
    .filter((one) => text === one || text.startsWith(`${one}: `))
    .sort((a, b) => b.length - a.length)[0]
  const words = code === undefined ? undefined : STEP[code]
  if (code === undefined || words === undefined) return text
  const note = text.slice(code.length)
  return { en: words.en + note, ko: words.ko + note }
}
