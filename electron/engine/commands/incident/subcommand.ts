/** A subcommand of `watchfloor incident`: one `*.subcommand.ts` file each, found by glob in `incident.command.ts`. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { defaultDataDir } from '../../data-dir.ts'
import { aliasTable } from '../../ingest/parsers/registry.ts'
import { deskPath, partitionDays } from '../../store/partition-files.ts'
import type { DeskScope } from '../../store/queries/alerts.ts'
import { Desk } from '../../store/queries/desk.ts'
import type { Search } from '../../store/queries/events.ts'
import { Library } from '../../store/queries/library.ts'
import type { Result } from '../../../../shared/model/result.ts'
import { talk, type CommandInput, type CommandOption } from '../define.ts'

export interface Subcommand {
  readonly name: string
  /** After the name. */
  readonly usage: string
  readonly summary: string
  /** Besides those that all have. */
  readonly options: Readonly<Record<string, CommandOption>>
  /** `positionals` without the subcommand's name. Gives the exit code. */
  run(input: CommandInput, positionals: readonly string[]): Promise<number>
}
export const defineSubcommand = (definition: Subcommand): Subcommand => definition

/** Reads a desk that may be open meanwhile; 1 where there is none. */
export async function readingDesk(input: CommandInput, work: (scope: DeskScope) => Promise<number>): Promise<number> {
  const dataDir = resolve(input.text('data') ?? defaultDataDir())
  if (!existsSync(deskPath(dataDir))) {
    talk(`There is no desk in ${dataDir}`)
    return 1
  }
  const library = new Library(dataDir)
  library.setDays(partitionDays(dataDir))
  const desk = new Desk(dataDir)
  try {
    return await work({ dataDir, library, desk, aliases: (name) => aliasTable.get(name) ?? [], now: Date.now() * 1000 })
  } finally {
    desk.close()
    library.close()
  }
}

/** The end of a search. */
export function answered<T>(search: Search<T>): Result<T> {
  let step = search.next()
  while (step.done !== true) step = search.next()
  return step.value
}
