/** Why something foreign is not taken: always with the name of what it is about. */
import { fail, type WatchfloorError } from '../../../../shared/model/result.ts'

export type Refused = { readonly ok: false; readonly error: WatchfloorError }

const MOST_SHOWN = 200

/** Names come from outside: control characters in them are shown as what they are. */
export const shown = (name: string): string => {
  const text = JSON.stringify(name).slice(1, -1)
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text
}

/** `what` is the entry's name; '' where it is about the whole. */
export const refuse = (what: string, why: string): Refused =>
  fail({ code: 'invalid_input', message: what === '' ? why : `${shown(what)}: ${why}`, path: 'path' })

/** An error of the file system as a value; what is no such error is thrown on. */
export function refusedBySystem(error: unknown, what: string): Refused {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (typeof code !== 'string') throw error
  if (code === 'ENOENT') return fail({ code: 'not_found', message: `${shown(what)} is not there` })
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return fail({ code: 'disk_full', message: `${shown(what)} cannot be written: ${code}` })
  if (code === 'EEXIST' || code === 'ENOTEMPTY') return fail({ code: 'conflict', message: `${shown(what)} is there already` })
  return refuse(what, `cannot be used: ${code}`)
}
