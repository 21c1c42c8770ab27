/** A run of a playbook as the pane shows it, read from its JSON: what cannot be read is not shown. */
import { z } from 'zod'

const Said = z.object({ en: z.string(), ko: z.string() })
const Run = z.object({
  playbook: z.object({
    title: Said,
    steps: z
      .array(
        z.object({
          id: z.string(),
          kind: z.string(),
          title: Said,
          due: z.object({ within: z.number(), after: z.string().nullable() }).nullable().catch(null),
        }),
      )
      .max(200),
  }),
  started: z.object({ at: z.string(), by: z.string() }),
  steps: z
    .array(
      z.object({
        id: z.string(),
        status: z.enum(['open', 'started', 'done', 'skipped']),
        assignee: z.string().nullable(),
        end: z
          .object({ at: z.string(), by: z.string(), note: z.string().nullable().catch(null), answered: z.unknown() })
          .nullable(),
      }),
    )
    .max(200),
})

export interface StepView {
  readonly id: string
  readonly kind: string
  readonly title: { readonly en: string; readonly ko: string }
  readonly status: 'open' | 'started' | 'done' | 'skipped'
  readonly assignee: string | null
  readonly ended: { readonly at: string; readonly by: string; readonly note: string | null; readonly auto: boolean } | null
  /** Milliseconds since 1970; null where it has no time. */
  readonly due: number | null
}
export interface RunView {
  readonly title: { readonly en: string; readonly ko: string }
  readonly steps: readonly StepView[]
  readonly done: number
}

/** Null where it is no run. */
export function runOf(json: unknown): RunView | null {
  const read = Run.safeParse(json)
  if (!read.success) return null
  const { playbook, started, steps } = read.data
  const byId = new Map(steps.map((step) => [step.id, step]))
  const shown = playbook.steps.flatMap(({ id, kind, title, due }): StepView[] => {
    const step = byId.get(id)
    if (!step) return []
    const base = due === null ? null : due.after === null ? started.at : (byId.get(due.after)?.end?.at ?? null)
    return [
      {
        id,
        kind,
        title,
        status: step.status,
        assignee: step.assignee,
        ended: step.end && {
          at: step.end.at,
          by: step.end.by,
          note: step.end.note,
          auto: step.end.answered !== null && step.end.answered !== undefined,
        },
        due: due === null || base === null ? null : Date.parse(base) + due.within,
      },
    ]
  })
  return {
    title: playbook.title,
    steps: shown,
    done: shown.filter(({ status }) => status === 'done' || status === 'skipped').length,
  }
}
