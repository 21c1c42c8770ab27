/** Rules (contract area `rules`). */
import type { WatchfloorContract } from '../../../shared/contract.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import { fail, ok } from '../../../shared/model/result.ts'
import { filtersOf } from '../sigma/apply-filters.ts'
import { isScenario, type RuleLibrary } from '../sigma/library.ts'
import type { RuleSchedules } from '../sigma/schedule/rule-schedules.ts'
import type { ScheduledRuns } from '../sigma/schedule/scheduled-runs.ts'
import { Changes } from './changes.ts'

type RuleHandlers = Pick<
  HandlersOf<WatchfloorContract>,
  | 'rules.list'
  | 'rules.get'
  | 'rules.enable'
  | 'rules.schedule'
  | 'rules.runNow'
  | 'rules.stopRun'
  | 'rules.addFolder'
  | 'rules.removeFolder'
  | 'rules.watch'
>

/** Milliseconds between two things that are told of a run. */
const TOLD_EVERY = 300

export function ruleHandlers(library: RuleLibrary, schedules: RuleSchedules, runs: ScheduledRuns): RuleHandlers {
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
        filters: (isScenario(rule) ? [] : filtersOf(rule, library.known.filters)).map(({ title, file, line, text }) => ({
          title,
          file,
          line,
          text,
        })),
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
    async 'rules.schedule'({ ids, hours }) {
      const done = await library.schedule(ids, hours)
      if (!done.ok) return done
      runs.look()
      return ok({})
    },
    async 'rules.runNow'({ ids }) {
      const not = ids.find((id) => !library.mayRun(id) || !schedules.has(id))
      if (not !== undefined)
        return fail({ code: 'conflict', message: `The rule ${not} is off, has no schedule, or is a step of a live scenario` })
      schedules.ask(ids)
      runs.look()
      return ok({})
    },
    async 'rules.stopRun'() {
      runs.stop()
      return ok({})
    },
    async 'rules.addFolder'({ path }) {
      return library.addFolder(path)
    },
    async 'rules.removeFolder'({ path }) {
      const done = await library.removeFolder(path)
      return done.ok ? ok({}) : done
    },
    async 'rules.watch'(_input, emit, { signal }) {
      const changes = new Changes(TOLD_EVERY)
      const removes = [library.onChange(() => changes.mark()), runs.onChange(() => changes.mark())]
      changes.mark()
      try {
        while (await changes.next(signal)) {
          const { revision, counts } = library
          await emit({ revision, rules: counts.enabled, failed: counts.failed, runs: runs.runs, running: runs.progress })
        }
      } finally {
        for (const remove of removes) remove()
      }
      return ok(undefined)
    },
  }
}
