/** Why something cannot be read, as a sentence for a person. */
import { say, type Sentence } from '../../../shared/model/sentence.ts'
import { inEnglish } from '../../../shared/model/sentence-english.ts'

/** Why a file cannot be read as a log. Its message is the English of `why`; what is said only where there is no screen of a source may be English alone. */
export class ReadProblem extends Error {
  readonly why: Sentence

  constructor(why: Sentence | string) {
    const sentence = typeof why === 'string' ? say('unexpected', { text: why }) : why
    super(inEnglish(sentence))
    this.why = sentence
  }
}

/** What an error says: of the operating system's those that are common by their meaning, the rest by their name. */
export function sentenceOf(error: unknown): Sentence {
  if (error instanceof ReadProblem) return error.why
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  switch (code) {
    case 'ENOENT':
      return say('missing')
    case 'EACCES':
    case 'EPERM':
      return say('no_permission')
    case 'EISDIR':
      return say('is_folder')
    case 'ENOTDIR':
      return say('not_folder')
    case 'ENOSPC':
      return say('disk_full')
    case 'ELOOP':
      return say('link_circle')
    case 'EMFILE':
    case 'ENFILE':
      return say('too_many_open')
    case 'EIO':
      return say('device_fault')
    case 'ENAMETOOLONG':
      return say('name_too_long')
  }
  // Node's own errors have codes too (`ERR_…`), but those are no names that an administrator knows.
  if (/^E[A-Z0-9]+$/.test(code)) return say('system_error', { errno: code })
  return say('unexpected', { text: error instanceof Error ? error.message : String(error) })
}

/** The same in English. */
export const reasonOf = (error: unknown): string => inEnglish(sentenceOf(error))
