/** What protection on a host says it did with a file: Microsoft Defender's own log, and what others send as CEF, LEEF, JSON. */
import type { CaseEvent } from '../case.ts'
import { onceEach } from './once-each.ts'
import { numberOf, textOf } from './values.ts'

export interface Removal {
  /** Microseconds. */
  readonly time: number
  readonly threat: string
  /** Paths, in lower case; empty where not said. */
  readonly paths: readonly string[]
  /** Removed, or kept from running; false: the record says that it was not; null: only found. */
  readonly done: boolean | null
  /** A program that ran was stopped: not a file that lay there. */
  readonly running: boolean
  readonly event: string
}

const DONE = /^(?:quarantined?|remov(?:e|ed)|clean(?:ed)?|delet(?:e|ed)|block(?:ed)?|prevent(?:ed)?|kill(?:ed)?|isolated?)$/i
const PRODUCT =
  /defender|falcon|crowdstrike|sentinel|carbon black|sophos|eset|kaspersky|symantec|norton|trend|mcafee|trellix|bitdefender|avast|f-secure|malware|anti-?virus|endpoint|\bedr\b|cortex|cylance|v3|alyac|clamav/i

/** `file:_C:\a\b.exe; process:_pid:12` → paths. */
const pathsOf = (text: string): string[] =>
  text
    .slice(0, 8192)
    .split(';')
    .map((part) => /(?:file|containerfile|webfile|amsi):_(.{1,1024})/.exec(part.trim())?.[1] ?? part.trim())
    .map((path) => path.split('->', 1)[0]!.toLowerCase())
    .filter((path) => path !== '' && path !== '-')
    .slice(0, 32)

/** Null where the record tells of none. */
export const removalOf = onceEach(readRemoval)

function readRemoval(event: CaseEvent): Removal | null {
  const { fields, time } = event
  const id = numberOf(fields, 'win.event_id')
  if (id !== null) {
    if (!/Defender/i.test(`${textOf(fields, 'win.provider')} ${textOf(fields, 'win.channel')}`)) return null
    if (id !== 1116 && id !== 1117 && id !== 1118 && id !== 1119) return null
    const path = textOf(fields, 'Path')
    const action = textOf(fields, 'ActionName')
    const error = numberOf(fields, 'ErrorCode') ?? 0
    const threat = textOf(fields, 'ThreatName')
    return {
      time,
      threat,
      paths: pathsOf(path),
      done: id === 1118 || id === 1119 ? false : id === 1116 ? null : DONE.test(action) && error === 0,
      running: /process:_|behavior:_/i.test(path) || /^Behavior:/i.test(threat),
      event: event.id,
    }
  }
  const product = `${textOf(fields, 'device.vendor')} ${textOf(fields, 'device.product')}`
  const action = textOf(fields, 'action')
  const path = textOf(fields, 'file.path') || textOf(fields, 'file.name')
  if (!PRODUCT.test(product) || action === '' || path === '') return null
  return {
    time,
    threat: textOf(fields, 'threat') || textOf(fields, 'name') || textOf(fields, 'message'),
    paths: pathsOf(path),
    done: DONE.test(action) ? textOf(fields, 'outcome') !== 'failure' : null,
    running: /process|kill|terminat/i.test(action),
    event: event.id,
  }
}
