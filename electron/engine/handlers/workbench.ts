/** The rule workbench (contract area `rules`): texts are checked, completed, stored, compared, and run over history. */
import { basename, dirname } from 'node:path'
import type { WatchfloorContract } from '../../../shared/contract.ts'
import { CANONICAL_FIELDS } from '../../../shared/model/fields.ts'
import { fail, ok } from '../../../shared/model/result.ts'
import { isoFromMicros } from '../../../shared/model/time.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import { workbenchContract } from '../../../shared/workbench-contract.ts'
import type { RuleLibrary } from '../sigma/library.ts'
import { checkText, DRAFT } from '../sigma/workbench/check-text.ts'
import { complete } from '../sigma/workbench/complete.ts'
import { historyTask } from '../sigma/workbench/history-task.ts'
import type { OwnRules } from '../sigma/workbench/own-rules.ts'
import type { Store } from '../store/types.ts'

type WorkbenchHandlers = Pick<HandlersOf<WatchfloorContract>, keyof typeof workbenchContract>

const FIELDS = CANONICAL_FIELDS.map(({ name }) => name)

export function workbenchHandlers(store: Store, library: RuleLibrary, own: OwnRules): WorkbenchHandlers {
  const isOwn = (file: string): boolean => dirname(file) === own.folder
  const find = (id: string) => [...library.known.rules, ...library.known.scenarios].find((rule) => rule.id === id)
  return {
    async 'rules.check'({ text }) {
      const { problems, documents } = checkText(text, library.known)
      return ok({ problems: [...problems], documents: [...documents] })
    },
    async 'rules.complete'({ text, offset }) {
      return ok(complete(text, Math.min(offset, text.length), { ...library.known, fields: FIELDS }))
    },
    async 'rules.save'({ file, text }, { caller }) {
      const checked = checkText(text, library.known)
      const wrong = checked.problems.find(({ fatal }) => fatal)
      if (wrong !== undefined)
        return fail({ code: 'rule_syntax', message: wrong.message, file: file ?? DRAFT, line: wrong.line, column: wrong.column })
      if (file !== null && !own.isName(file))
        return fail({ code: 'invalid_input', message: `${file} is no name of a rule file`, path: 'file' })
      const title = checked.documents[0]?.title ?? ''
      const ids = checked.documents.map(({ id }) => id)
      const name = file ?? (await own.newName(title))
      const elsewhere = [...library.known.rules, ...library.known.scenarios].find(
        (rule) => ids.includes(rule.id) && isOwn(rule.file) && basename(rule.file) !== name,
      )
      if (elsewhere !== undefined)
        return fail({
          code: 'conflict',
          message: `The id ${elsewhere.id} belongs to ${basename(elsewhere.file)}, one of your own rules`,
        })
      await own.write(name, text)
      const noted = await store.rules.addVersion(ids, text, caller.name)
      if (!noted.ok) return noted
      await library.reload()
      return ok({ file: name, ids })
    },
    async 'rules.discard'({ id }) {
      const rule = find(id)
      if (rule === undefined) return fail({ code: 'not_found', message: `There is no rule ${id}` })
      if (!isOwn(rule.file))
        return fail({ code: 'conflict', message: 'Only your own rules can be removed; switch others off instead' })
      await own.remove(basename(rule.file))
      await library.reload()
      return ok({})
    },
    async 'rules.versions'({ id }) {
      const rule = find(id)
      const versions = await store.rules.versions(id)
      if (rule === undefined && versions.length === 0) return fail({ code: 'not_found', message: `There is no rule ${id}` })
      const shipped = library.shipped(id)
      const mine = rule !== undefined && isOwn(rule.file)
      return ok({
        own: mine,
        file: mine ? basename(rule.file) : null,
        versions: versions.map(({ at, by, text }) => ({ at: isoFromMicros(at), by, text })),
        shipped: shipped ?? (rule !== undefined && !mine ? rule.text : null),
      })
    },
    async 'rules.statistics'({ id }) {
      return ok(await store.rules.statistics(id))
    },
    async 'rules.history'({ text, from, to, samples, raise }, progress, { signal }) {
      const checked = checkText(text, library.known)
      const wrong = checked.problems.find(({ fatal }) => fatal)
      if (wrong !== undefined)
        return fail({ code: 'rule_syntax', message: wrong.message, file: DRAFT, line: wrong.line, column: wrong.column })
      const done = await store.history(
        { ...historyTask(checked), from, to, samples, raise },
        ({ scanned, of, count }) => progress({ scanned, of, matches: count }),
        signal,
      )
      if (!done.ok) return done
      const { finds, scanned, seconds, cost, raised } = done.value
      return ok({ finds: [...finds], scanned, seconds, cost, raised })
    },
  }
}
