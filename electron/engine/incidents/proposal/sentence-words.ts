/** How sentences are put together: time and ends stand in front, so that no Korean particle depends on a value. */
import type { Bilingual } from '../../../../shared/model/impact.ts'
import { shownHost, type RouteHost } from './hosts.ts'

const clock = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)}`

/** `2026-11-19 18:03:10–18:03:46 UTC`; `begin`: only the first. */
export function whenOf({ first, last }: { readonly first: string; readonly last: string }, begin = false): string {
  const [from, to] = [clock(first), clock(last)]
  if (begin || from === to) return `${from} UTC`
  return `${from}–${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to} UTC`
}

export const endsOf = (from: RouteHost, to: RouteHost): string =>
  from === to ? shownHost(to) : `${shownHost(from)} → ${shownHost(to)}`

/** Lead, what happened, and why that is said. */
export const both = (lead: string, said: Bilingual, why: Bilingual | null): Bilingual => ({
  en: `${lead} ${said.en}${why === null ? '' : ` ${ended(why.en)}`}`,
  ko: `${lead} ${ended(said.ko)}${why === null ? '' : ` 근거: ${ended(why.ko)}`}`,
})
const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)
