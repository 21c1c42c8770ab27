/** The desk's own log source files, in its data folder: changed ones in the place of those that are shipped, and added ones. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { writeWhole } from '../../write-whole.ts'
import type { LogSource } from './log-source.ts'
import { LOG_SOURCE_ID, readLogSource, type TextProblem } from './read-log-source.ts'
import { runExamples } from './run-examples.ts'
import { MOST_OWN, readLogSources, type LogSourceTable } from './table.ts'

/**
 * What is wrong with a text: as it is written, and where its examples do not come true beside the other log sources of the desk.
 * `id`: what it must be; null for whatever it says.
 */
export function checkLogSource(text: string, id: string | null, table: LogSourceTable): readonly TextProblem[] {
  const { definition, problems } = readLogSource(text)
  if (definition === null) return problems
  if (id !== null && definition.id !== id) return [{ line: 1, column: 1, message: `its id is ${definition.id}, not ${id}` }]
  const others: readonly LogSource[] = table.entries.flatMap((entry) =>
    entry.id === definition.id ? [] : (entry.definition?.sources ?? []),
  )
  return runExamples(definition, [...definition.sources, ...others])
}

export class OwnLogSources {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  /** Shipped ones and these. */
  read(): LogSourceTable {
    return readLogSources(this.folder)
  }

  /** Writes a file that has nothing wrong; it is used from the next load of the rules on. */
  async save(id: string, text: string): Promise<Result<void>> {
    if (!LOG_SOURCE_ID.test(id))
      return fail({
        code: 'invalid_input',
        message: 'An id is of small letters, digits, - and _, at most 64 of them',
        path: 'id',
      })
    const table = this.read()
    const [wrong] = checkLogSource(text, id, table)
    const file = join(this.folder, `${id}.yml`)
    if (wrong !== undefined) return fail({ code: 'rule_syntax', file, ...wrong })
    const own = table.entries.filter(({ changed }) => changed)
    if (own.length >= MOST_OWN && !own.some((entry) => entry.id === id))
      return fail({ code: 'conflict', message: `There are ${MOST_OWN} changed log source files already` })
    await writeWhole(file, text)
    return ok(undefined)
  }

  /** Takes the desk's own file away: the shipped one is used again, where there is one. */
  async reset(id: string): Promise<Result<void>> {
    if (this.read().entries.find((entry) => entry.id === id)?.changed !== true)
      return fail({ code: 'not_found', message: `The log sources ${id} are not changed` })
    await rm(join(this.folder, `${id}.yml`), { force: true })
    return ok(undefined)
  }
}
