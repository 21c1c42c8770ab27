/** Files that were transferred, as sensors tell of them: EVE fileinfo and http, Zeek's files, http, smb_files and ftp, events of captures. */
import type { CaseEvent } from '../case.ts'
import { onceEach } from './once-each.ts'
import { listOf, numberOf, plainAddress, textOf } from './values.ts'

export interface Transfer {
  /** Microseconds. */
  readonly time: number
  /** Who sent it, and who received it. */
  readonly from: string
  readonly to: string
  readonly fromPort: number | null
  readonly toPort: number | null
  /** As the record has it: a name, or the path of the request. */
  readonly name: string
  readonly url: string
  readonly size: number | null
  /** Content type or what the bytes look like. */
  readonly type: string
  /** Lower case. */
  readonly hashes: readonly string[]
  /** All of it came; null where the record does not tell. */
  readonly whole: boolean | null
  readonly status: number | null
  readonly events: readonly string[]
}

const isZeek = (format: string): boolean => format.startsWith('zeek') || format === 'capture'
const hashesOf = (fields: CaseEvent['fields']): string[] =>
  ['file.sha256', 'file.sha1', 'file.md5'].map((name) => textOf(fields, name).toLowerCase()).filter((hash) => hash !== '')
const flag = (fields: CaseEvent['fields'], name: string): boolean | null => {
  const text = textOf(fields, name)
  return /^(?:true|T)$/.test(text) ? true : /^(?:false|F)$/.test(text) ? false : null
}

/** Null where the record tells of none. */
export const transferOf = onceEach(readTransfer)

function readTransfer(event: CaseEvent): Transfer | null {
  const { format, type, fields } = event
  const source = plainAddress(textOf(fields, 'src.ip'))
  const destination = plainAddress(textOf(fields, 'dst.ip'))
  const sourcePort = numberOf(fields, 'src.port')
  const destinationPort = numberOf(fields, 'dst.port')
  const way = (turned: boolean): Pick<Transfer, 'from' | 'to' | 'fromPort' | 'toPort'> =>
    turned
      ? { from: destination, to: source, fromPort: destinationPort, toPort: sourcePort }
      : { from: source, to: destination, fromPort: sourcePort, toPort: destinationPort }
  const common = {
    time: event.time,
    url: textOf(fields, 'http.url'),
    status: numberOf(fields, 'http.status'),
    events: [event.id],
  }
  if (format === 'eve' && type === 'fileinfo') {
    // Source and destination are those of the packets that carry the file.
    const state = textOf(fields, 'fileinfo.state')
    const gaps = flag(fields, 'fileinfo.gaps')
    return {
      ...common, ...way(false),
      name: textOf(fields, 'file.name'),
      size: numberOf(fields, 'file.size'),
      type: `${textOf(fields, 'file.type')} ${textOf(fields, 'fileinfo.magic')}`.trim(),
      hashes: hashesOf(fields),
      whole: state === '' ? null : state === 'CLOSED' && gaps !== true,
    } // prettier-ignore
  }
  if (isZeek(format) && type === 'files') {
    const sender = plainAddress(listOf(fields, 'tx_hosts')[0] ?? '')
    const receiver = plainAddress(listOf(fields, 'rx_hosts')[0] ?? '')
    const byClient = flag(fields, 'is_orig')
    const ends =
      sender !== '' && receiver !== '' ? { ...way(byClient === false), from: sender, to: receiver } : way(byClient === false)
    const seen = numberOf(fields, 'seen_bytes')
    const total = numberOf(fields, 'file.size')
    const missing = numberOf(fields, 'missing_bytes')
    const whole =
      flag(fields, 'complete') ??
      (flag(fields, 'timedout') === true || (missing ?? 0) > 0 ? false : seen === null || total === null ? null : seen >= total)
    return { ...common, ...ends, name: textOf(fields, 'file.name'), size: total ?? seen, type: textOf(fields, 'file.type'), hashes: hashesOf(fields), whole } // prettier-ignore
  }
  if (type === 'http' && (format === 'eve' || isZeek(format))) {
    const size = numberOf(fields, 'http.length')
    const kind = textOf(fields, 'http.content_type')
    if (common.status === null || size === null || size === 0) return null
    const names = listOf(fields, 'resp_filenames')
    return { ...common, ...way(true), name: names[0] ?? common.url.split('?', 1)[0] ?? '', size, type: kind, hashes: [], whole: null } // prettier-ignore
  }
  if (isZeek(format) && type === 'smb_files') {
    const action = textOf(fields, 'action')
    if (!/WRITE|READ/.test(action)) return null
    return { ...common, ...way(action.includes('READ')), name: textOf(fields, 'file.name'), size: numberOf(fields, 'file.size'), type: '', hashes: [], whole: null } // prettier-ignore
  }
  if (isZeek(format) && type === 'ftp') {
    const command = textOf(fields, 'command').toUpperCase()
    const code = numberOf(fields, 'reply_code')
    if (!/^(?:RETR|STOR|STOU|APPE)$/.test(command) || code === null) return null
    return { ...common, ...way(command === 'RETR'), name: textOf(fields, 'arg'), size: numberOf(fields, 'file.size'), type: textOf(fields, 'file.type'), hashes: [], whole: code === 226 || code === 250 ? true : code >= 400 ? false : null } // prettier-ignore
  }
  return null
}

/** In order of time. */
export const transfersOf = onceEach((events: readonly CaseEvent[]): readonly Transfer[] =>
  events.flatMap((event) => transferOf(event) ?? []).sort((a, b) => a.time - b.time),
)

export type FileKind = 'program' | 'script' | 'archive' | 'other'

const PROGRAM_TYPE =
  /x-dosexec|x-msdownload|portable-executable|x-executable|x-elf|x-sharedlib|x-mach|java-archive|x-msi\b|PE32|MS-DOS executable|\bELF\b|Mach-O/i
const SCRIPT_TYPE =
  /x-sh\b|shellscript|x-python|x-perl|x-php|x-powershell|x-bat|\bhta\b|shell script|Python script|PHP script|Perl script/i
const ARCHIVE_TYPE = /\bzip\b|x-rar|x-7z|gzip|x-tar|x-xz|cab-compressed|iso9660|Zip archive|RAR archive/i
const PROGRAM_NAME = /\.(?:exe|dll|scr|elf|msi|jar|war|com|pif|sys|ko|so)$/i
const SCRIPT_NAME = /\.(?:ps1|bat|cmd|vbs|vbe|wsf|hta|sh|py|pl|php\d?|phtml|jspx?|aspx?|ashx)$/i
const ARCHIVE_NAME = /\.(?:zip|rar|7z|gz|tgz|tar|cab|iso|img|xz)$/i

/** What the bytes are counts more than what they are called. */
export function kindOfFile({ type, name }: Pick<Transfer, 'type' | 'name'>): FileKind {
  const plain = name.split(/[?#]/, 1)[0] ?? ''
  if (PROGRAM_TYPE.test(type)) return 'program'
  if (SCRIPT_TYPE.test(type)) return 'script'
  // What calls itself a page or an image is one, whatever its name: index.php gives HTML.
  if (/^(?:text\/html|image\/|text\/css|application\/json|font\/)/i.test(type)) return 'other'
  if (PROGRAM_NAME.test(plain)) return 'program'
  if (SCRIPT_NAME.test(plain)) return 'script'
  return ARCHIVE_TYPE.test(type) || ARCHIVE_NAME.test(plain) ? 'archive' : 'other'
}

/** What the first bytes say: PE, ELF, a script with an interpreter. */
export const kindOfBytes = (text: string): FileKind | null =>
  /^MZ[\s\S]{58}/.test(text) || text.startsWith('\x7fELF')
    ? 'program'
    : /^#! ?\/(?:usr\/)?(?:local\/)?bin\//.test(text) || text.startsWith('<?php')
      ? 'script'
      : /^(?:PK\x03\x04|Rar!\x1a|7z\xbc\xaf|\x1f\x8b)/.test(text)
        ? 'archive'
        : null
