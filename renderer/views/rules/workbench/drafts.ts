/** Texts of rules that are being written and are not saved yet, by rule: they are there again after another view, and after a restart. */
import { useCallback } from 'react'
import { z } from 'zod'
import { settingStore } from '../../../client/setting-store.ts'

/** Those written last stay. */
const MOST = 20

const Draft = z.object({ text: z.string(), at: z.iso.datetime() })
export type Draft = z.infer<typeof Draft>
type Drafts = Readonly<Record<string, Draft>>

const useDrafts = settingStore<Drafts>('rules.drafts', (stored) => z.record(z.string(), Draft).safeParse(stored).data ?? {})

/** With the draft of a rule, or without it where there is nothing more to keep. */
export function withDraft(drafts: Drafts, id: string, draft: Draft | null): Drafts {
  const others = Object.entries(drafts).filter(([other]) => other !== id)
  const kept = others.sort(([, a], [, b]) => b.at.localeCompare(a.at)).slice(0, MOST - 1)
  return Object.fromEntries(draft === null ? others : [[id, draft], ...kept])
}

/** `draft` is undefined until it is known what was kept. */
export function useDraft(id: string): { readonly draft: Draft | null | undefined; keep(text: string | null): void } {
  const [drafts, change, loaded] = useDrafts()
  return {
    draft: loaded ? (drafts[id] ?? null) : undefined,
    keep: useCallback(
      (text: string | null) => change(withDraft(drafts, id, text === null ? null : { text, at: new Date().toISOString() })),
      [drafts, change, id],
    ),
  }
}
