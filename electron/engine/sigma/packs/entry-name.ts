/** Names of files in a pack: such as mean one and the same place below a folder on every file system. */
import { DEVICE_NAME } from '../../../../shared/pack-contract.ts'
import { MAX_DEPTH, MAX_NAME } from './limits.ts'

/** Why a name (with `/` between folders, none at its end) is refused; null where it is not. */
export function wrongName(name: string): string | null {
  if (name === '') return 'the name is empty'
  if (Buffer.byteLength(name) > MAX_NAME) return `the name is longer than ${MAX_NAME} bytes`
  if (/\p{Cc}/u.test(name)) return 'control characters in the name'
  if (!name.isWellFormed()) return 'the name is no text'
  if (name.includes('\\')) return 'a backslash in the name'
  if (name.startsWith('/')) return 'an absolute path'
  if (/^[a-z]:/i.test(name)) return 'a drive letter in the name'
  const parts = name.split('/')
  if (parts.length > MAX_DEPTH) return `more than ${MAX_DEPTH} folders in each other`
  for (const part of parts) {
    if (part === '') return 'a part of the path is empty'
    if (part === '.' || part === '..') return `${part} in the path`
    // Windows takes such for another name, for a stream of a file, or for a device.
    if (/[<>:"|?*]/.test(part)) return 'characters that a file name cannot have everywhere'
    if (/[ .]$/.test(part)) return 'a part of the path ends in a blank or a dot'
    if (DEVICE_NAME.test(part)) return 'the name of a device'
  }
  return null
}

/** Two names with one key are one file on some disks. */
export const nameKey = (name: string): string => name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC')

/** Of a set of names: those that are one with another, or a folder of another file. Says which, and with what. */
export class TakenNames {
  readonly #files = new Map<string, string>()
  readonly #folders = new Map<string, string>()

  /** Why the file cannot be beside those that were added; null where it can, and then it is added. */
  add(name: string): string | null {
    const key = nameKey(name)
    const same = this.#files.get(key) ?? this.#folders.get(key)
    if (same !== undefined) return `is one with ${same} where case does not count`
    for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
      const folder = nameKey(name.slice(0, at))
      const file = this.#files.get(folder)
      if (file !== undefined) return `lies in ${file}, which is a file`
      this.#folders.set(folder, name.slice(0, at))
    }
    this.#files.set(key, name)
    return null
  }
}

/** What the rule library reads of a folder: examples beside a rule are no rules. */
export const isRuleFile = (name: string): boolean => /\.ya?ml$/i.test(name) && !isExamples(name)
export const isExamples = (name: string): boolean => /\.examples\.ya?ml$/i.test(name)
export const isHidden = (name: string): boolean => name.split('/').some((part) => part.startsWith('.') || part === '__MACOSX')
