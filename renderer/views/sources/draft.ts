/** A source as it is being written in the form, and the settings that come of it. */
import type { SourceInput, SourceSettings } from '../../../shared/model/source.ts'
import { joinPath } from '../../widgets/path-chooser/join-path.ts'

/** Kinds a person can add. */
export const KINDS = ['file', 'folder', 'syslog-udp', 'syslog-tcp', 'syslog-tls'] as const
export type Kind = (typeof KINDS)[number]

export interface Draft {
  /** Null for a source of another kind (an import, standard input): its input stays as it is. */
  readonly kind: Kind | null
  readonly kept: SourceInput | null
  readonly name: string
  readonly path: string
  readonly pattern: string
  readonly address: string
  readonly port: string
  readonly cert: string
  readonly key: string
  readonly ca: string
  /** Parser id; '' recognises each file. */
  readonly format: string
  readonly zone: string
  readonly delimiter: string
  readonly header: boolean
  readonly time: string
  readonly timeFormat: string
  /** Lines `column = field`. */
  readonly columns: string
  readonly paused: boolean
}

export function emptyDraft(kind: Kind = 'file'): Draft {
  return {
    kind,
    kept: null,
    name: '',
    path: '',
    pattern: '*',
    address: '127.0.0.1',
    port: kind === 'syslog-tls' ? '6514' : '5514',
    cert: '',
    key: '',
    ca: '',
    format: '',
    zone: 'UTC',
    delimiter: ',',
    header: true,
    time: '',
    timeFormat: 'iso',
    columns: '',
    paused: false,
  }
}

export function draftOf(settings: SourceSettings): Draft {
  const { input, csv } = settings
  const kind = KINDS.find((one) => one === input.kind) ?? null
  return {
    ...emptyDraft(kind ?? 'file'),
    kind,
    kept: kind === null ? input : null,
    name: settings.name,
    format: settings.format ?? '',
    zone: settings.zone,
    paused: settings.paused,
    ...(input.kind === 'file' || input.kind === 'folder' ? { path: input.path } : {}),
    ...(input.kind === 'folder' ? { pattern: input.pattern } : {}),
    ...(input.kind === 'syslog-udp' || input.kind === 'syslog-tcp' || input.kind === 'syslog-tls'
      ? { address: input.address, port: String(input.port) }
      : {}),
    ...(input.kind === 'syslog-tls' ? { cert: input.cert, key: input.key, ca: input.ca ?? '' } : {}),
    ...(csv
      ? {
          delimiter: csv.delimiter === '\t' ? 'tab' : csv.delimiter,
          header: csv.header,
          time: csv.time ?? '',
          timeFormat: csv.timeFormat,
          columns: Object.entries(csv.columns)
            .map(([column, field]) => `${column} = ${field}`)
            .join('\n'),
        }
      : {}),
  }
}

export type Problem = 'path' | 'port' | 'address' | 'cert' | 'key' | 'delimiter' | 'columns' | 'zone'
export type Settled =
  { readonly ok: true; readonly settings: SourceSettings } | { readonly ok: false; readonly problems: ReadonlySet<Problem> }

const present = (text: string): string | undefined => (text.trim() === '' ? undefined : text.trim())

function knownZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** The settings, or which fields stand in the way. A name that was left out is made from the rest. */
export function settle(draft: Draft): Settled {
  const problems = new Set<Problem>()
  const path = draft.path.trim()
  const port = Number(draft.port)
  if ((draft.kind === 'file' || draft.kind === 'folder') && path === '') problems.add('path')
  if (draft.kind?.startsWith('syslog')) {
    if (draft.port.trim() === '' || !Number.isInteger(port) || port < 0 || port > 65_535) problems.add('port')
    if (draft.address.trim() === '') problems.add('address')
  }
  if (draft.kind === 'syslog-tls') {
    if (draft.cert.trim() === '') problems.add('cert')
    if (draft.key.trim() === '') problems.add('key')
  }
  if (!knownZone(draft.zone)) problems.add('zone')
  const columns = columnsOf(draft.columns)
  const delimiter = draft.delimiter === 'tab' || draft.delimiter === '\\t' ? '\t' : draft.delimiter
  if (draft.format === 'csv') {
    if (delimiter.length !== 1) problems.add('delimiter')
    if (columns === null) problems.add('columns')
  }
  if (problems.size > 0) return { ok: false, problems }
  const ca = present(draft.ca)
  const time = present(draft.time)
  const input: SourceInput =
    draft.kind === null
      ? (draft.kept ?? { kind: 'stdin' })
      : draft.kind === 'file'
        ? { kind: 'file', path }
        : draft.kind === 'folder'
          ? { kind: 'folder', path, pattern: present(draft.pattern) ?? '*' }
          : draft.kind === 'syslog-tls'
            ? {
                kind: 'syslog-tls',
                address: draft.address.trim(),
                port,
                cert: draft.cert.trim(),
                key: draft.key.trim(),
                ...(ca === undefined ? {} : { ca }),
              }
            : { kind: draft.kind, address: draft.address.trim(), port }
  return {
    ok: true,
    settings: {
      name: (present(draft.name) ?? suggestedName(draft)).slice(0, 120),
      input,
      format: present(draft.format) ?? null,
      zone: draft.zone,
      paused: draft.paused,
      ...(draft.format === 'csv'
        ? {
            csv: {
              delimiter,
              header: draft.header,
              columns: columns ?? {},
              ...(time === undefined ? {} : { time }),
              timeFormat: present(draft.timeFormat) ?? 'iso',
            },
          }
        : {}),
    },
  }
}

/** `a = b` lines → a record; null where a line is neither that nor empty. */
export function columnsOf(text: string): Record<string, string> | null {
  const columns: Record<string, string> = {}
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    const at = line.indexOf('=')
    const [column, field] = [line.slice(0, Math.max(0, at)).trim(), line.slice(at + 1).trim()]
    if (at < 0 || column === '' || field === '' || column === '__proto__') return null
    columns[column] = field
  }
  return columns
}

/** Last part of a path, or the port. */
export function suggestedName(draft: Pick<Draft, 'kind' | 'path' | 'port'>): string {
  if (draft.kind === 'file' || draft.kind === 'folder') {
    return draft.path.trim().split(/[\\/]/).filter(Boolean).at(-1) ?? draft.kind
  }
  return draft.kind === null ? 'source' : `${draft.kind.replace('-', ' ')} ${draft.port}`
}

/** Where a source reads from, in its own notation. */
export function placeOf(input: SourceInput): string {
  switch (input.kind) {
    case 'file':
      return input.path
    case 'folder':
      return joinPath(input.path, input.pattern)
    case 'syslog-udp':
    case 'syslog-tcp':
    case 'syslog-tls':
      return `${input.address.includes(':') ? `[${input.address}]` : input.address}:${input.port}`
    case 'import':
      return input.paths.length === 1 ? (input.paths[0] ?? '') : `${input.paths[0] ?? ''} +${input.paths.length - 1}`
    case 'stdin':
      return '–'
  }
}
