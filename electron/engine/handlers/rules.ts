/** Rules (contract area `rules`). */
import type { WatchfloorContract } from '../../../shared/contract.ts'
import { ok } from '../../../shared/model/result.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import type { RuleLibrary } from '../sigma/library.ts'

type RuleHandlers = Pick<
  HandlersOf<WatchfloorContract>,
  'rules.list' | 'rules.get' | 'rules.enable' | 'rules.addFolder' | 'rules.removeFolder' | 'rules.watch'
>

export function ruleHandlers(library: RuleLibrary): RuleHandlers {
  return {
    async 'rules.list'() {
      return ok(await library.list())
    },
    async 'rules.get'({ id }) {
      const found = await library.get(id)
      if (!found.ok) return found
      const { summary, rule } = found.value
      return ok({
        rule: summary,
        text: rule.text,
        description: rule.description,
        references: [...rule.references],
        falsePositives: [...rule.falsePositives],
        about: {
          ...rule.about,
          scope: [...rule.about.scope],
          related: rule.about.related.map((one) => ({ ...one, title: library.titleOf(one.id) })),
        },
      })
    },
    async 'rules.enable'({ ids, enabled }) {
      const done = await library.enable(ids, enabled)
      return done.ok ? ok({}) : done
    },
    async 'rules.addFolder'({ path }) {
      return library.addFolder(path)
    },
    async 'rules.removeFolder'({ path }) {
      const done = await library.removeFolder(path)
      return done.ok ? ok({}) : done
    },
    async 'rules.watch'(_input, emit, { signal }) {
      let wake = (): void => undefined
      const remove = library.onChange(() => wake())
      const aborted = (): void => wake()
      signal.addEventListener('abort', aborted)
      try {
        while (!signal.aborted) {
          const { revision } = library
          await emit({ revision, rules: library.counts.enabled, failed: library.counts.failed })
          if (library.revision === revision && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve))
        }
      } finally {
        remove()
        signal.removeEventListener('abort', aborted)
      }
      return ok(undefined)
    },
  }
}
