/** What the library is asked for, as it is typed. */
import type { InputOf } from '../../../../client/types.ts'
import { momentOf } from '../shared/capture-time.ts'
import { addressField } from '../../filter/flow-filter.ts'

export interface LibraryForm {
  readonly one: string
  readonly other: string
  readonly port: string
  readonly communityId: string
  readonly from: string
  readonly to: string
}
export const EMPTY_FORM: LibraryForm = { one: '', other: '', port: '', communityId: '', from: '', to: '' }
export type FormProblem = 'one' | 'other' | 'port' | 'communityId' | 'from' | 'to' | 'backwards' | 'nothing'

const isHost = (text: string): boolean => addressField(text) === 'ip.addr' || addressField(text) === 'ipv6.addr'
const iso = (seconds: number): string => new Date(seconds * 1000).toISOString()

/** The search, or what is wrong with the form; `day` is what a time without a date belongs to (seconds since 1970). */
export function searchOf(
  form: LibraryForm,
  day: number | null,
): { readonly problems: ReadonlySet<FormProblem>; readonly search: InputOf<'library.search'> | null } {
  const problems = new Set<FormProblem>()
  const [one, other, port, communityId] = [form.one.trim(), form.other.trim(), form.port.trim(), form.communityId.trim()]
  if (one !== '' && !isHost(one)) problems.add('one')
  if (other !== '' && !isHost(other)) problems.add('other')
  if (port !== '' && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) problems.add('port')
  if (communityId !== '' && !/^1:[A-Za-z0-9+/]{27}=$/.test(communityId)) problems.add('communityId')
  const from = form.from.trim() === '' ? null : momentOf(form.from, day)
  const to = form.to.trim() === '' ? null : momentOf(form.to, day)
  if (form.from.trim() !== '' && from === null) problems.add('from')
  if (form.to.trim() !== '' && to === null) problems.add('to')
  if (from !== null && to !== null && from >= to) problems.add('backwards')
  const hosts = [one, other].filter((host) => host !== '')
  if (hosts.length === 0 && port === '' && communityId === '' && from === null && to === null) problems.add('nothing')
  if (problems.size > 0) return { problems, search: null }
  return {
    problems,
    search: {
      hosts,
      port: port === '' ? null : Number(port),
      communityId: communityId || null,
      from: from === null ? null : iso(from),
      to: to === null ? null : iso(to),
      limit: 200,
    },
  }
}
