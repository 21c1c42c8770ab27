/** The desk's lists, by whose values placeholders of rules are filled: one file each in the data folder, a value a line. */
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { writeWhole } from '../../write-whole.ts'
import type { Lists } from './fill-placeholders.ts'
import { LIST_NAME } from './placeholder-text.ts'

export const MOST_LISTS = 200
export const MOST_LIST_VALUES = 100_000
export const LONGEST_VALUE = 1024
/** Bytes of a file. */
const MAX_LIST = 16 * 1024 * 1024
const ENDING = '.txt'

export interface OwnList {
  readonly name: string
  readonly values: readonly string[]
  /** Microseconds. */
  readonly changed: number
}

/** Values of a text with one on a line, each once; text: why it is no list. */
export function valuesOf(text: string): readonly string[] | string {
  const values = [
    ...new Set(
      text
        .replace(/^\uFEFF/, '')
        .split('\n')
        .map((line) => line.trim()),
    ),
  ].filter((value) => value !== '')
  if (values.length > MOST_LIST_VALUES) return `more than ${MOST_LIST_VALUES} values`
  const long = values.findIndex((value) => value.length > LONGEST_VALUE)
  return long < 0 ? values : `a value is longer than ${LONGEST_VALUE} characters: ${values[long]!.slice(0, 40)}…`
}

/** A list file. The error is for a person. */
export async function readList(file: string): Promise<Result<readonly string[]>> {
  try {
    if ((await stat(file)).size > MAX_LIST)
      return fail({ code: 'invalid_input', message: `${file} is longer than ${MAX_LIST} bytes` })
    const values = valuesOf(await readFile(file, 'utf8'))
    return typeof values === 'string' ? fail({ code: 'invalid_input', message: `${file}: ${values}` }) : ok(values)
  } catch (error) {
    return fail({ code: 'not_found', message: `${file}: ${error instanceof Error ? error.message : String(error)}` })
  }
}

export class OwnLists {
  readonly folder: string
  #lists: readonly OwnList[] = []
  /** What was read, by file, size and time. */
  #read = new Map<string, OwnList>()

  constructor(folder: string) {
    this.folder = folder
  }

  get all(): readonly OwnList[] {
    return this.#lists
  }

  get values(): Lists {
    return new Map(this.#lists.map(({ name, values }) => [name, values]))
  }

  /** Reads what changed; gives why lists could not be read. True in `changed` where any list did. */
  async load(): Promise<{ readonly changed: boolean; readonly problems: readonly { file: string; message: string }[] }> {
    const names = (await readdir(this.folder).catch(() => []))
      .filter((name) => name.endsWith(ENDING) && LIST_NAME.test(name.slice(0, -ENDING.length)))
      .sort()
    const problems: { file: string; message: string }[] = []
    if (names.length > MOST_LISTS)
      problems.push({ file: this.folder, message: `more than ${MOST_LISTS} lists; the rest is left out` })
    const read = new Map<string, OwnList>()
    for (const name of names.slice(0, MOST_LISTS)) {
      const file = join(this.folder, name)
      const info = await stat(file).catch(() => null)
      if (info === null) continue
      const key = `${name} ${info.size} ${info.mtimeMs}`
      const known = this.#read.get(key)
      if (known !== undefined) {
        read.set(key, known)
        continue
      }
      const values = await readList(file)
      if (values.ok)
        read.set(key, { name: name.slice(0, -ENDING.length), values: values.value, changed: Math.round(info.mtimeMs * 1000) })
      else problems.push({ file, message: values.error.message })
    }
    const changed = read.size !== this.#read.size || [...read.keys()].some((key) => !this.#read.has(key))
    this.#read = read
    this.#lists = [...read.values()]
    return { changed, problems }
  }

  /** Writes a list; it is used from the next load on. */
  async save(name: string, text: string): Promise<Result<void>> {
    if (!LIST_NAME.test(name))
      return fail({ code: 'invalid_input', message: 'A name is of letters, digits, _ and -, at most 64 of them', path: 'name' })
    const values = valuesOf(text)
    if (typeof values === 'string') return fail({ code: 'invalid_input', message: values, path: 'values' })
    // Also where the file system takes them for one: rules would ask for the one or the other by mistake.
    const other = this.#lists.find((list) => list.name !== name && list.name.toLowerCase() === name.toLowerCase())
    if (other !== undefined) return fail({ code: 'conflict', message: `There is a list ${other.name} already` })
    if (this.#lists.length >= MOST_LISTS && !this.#lists.some((list) => list.name === name))
      return fail({ code: 'conflict', message: `There are ${MOST_LISTS} lists already` })
    await writeWhole(join(this.folder, name + ENDING), values.map((value) => `${value}\n`).join(''))
    return ok(undefined)
  }

  async remove(name: string): Promise<Result<void>> {
    if (!this.#lists.some((list) => list.name === name)) return fail({ code: 'not_found', message: `There is no list ${name}` })
    await rm(join(this.folder, name + ENDING), { force: true })
    return ok(undefined)
  }
}
