/** Banners of rules that are slow: named, never put aside by themselves, for what makes a rule slow may be what it is to find. */
import type { Banner } from '../../shared/contract.ts'
import { isoFromMicros } from '../../shared/model/time.ts'

const MOST = 3

/** Gives the banners for the rules that are slow at a time (milliseconds); remembers since when they are. */
export function ruleBanners(): (slow: readonly { readonly id: string; readonly title: string }[], now: number) => Banner[] {
  let since = new Map<string, string>()
  return (slow, now) => {
    since = new Map(slow.map(({ id }) => [id, since.get(id) ?? isoFromMicros(now * 1000)]))
    return slow.slice(0, MOST).map(({ id, title }) => ({
      id: `rule_slow:${id}`,
      tone: 'late',
      key: 'rule_slow',
      values: { title },
      since: since.get(id)!,
    }))
  }
}
