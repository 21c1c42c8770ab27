/**
 * Addresses in free text: dotted, with leading zeros, defanged (`198[.]51[.]100[.]47`), IPv6 in every spelling, reversed for the name
 * service. Of addresses that are known already also the spellings that could be anything else: with hyphens as in host and file names,
 * as one number, as hexadecimal digits.
 */
import { keyOfQuad, keyOfV6, type AddressKey } from './addresses.ts'

/**
 * What stands for an address that is written as `text`; null where it is not taken for one. `sure` is false of spellings that count
 * only where the address is known.
 */
export type Replace = (key: AddressKey, sure: boolean, text: string) => string | null

const DOT = String.raw`(?:\.|\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)|%2e)`
/** Four numbers and more. Maximal, so that a longer chain (an object identifier) is seen whole. */
const DOTTED = new RegExp(String.raw`\d{1,8}(?:${DOT}\d{1,8}){3,}`, 'gi')
const BETWEEN = new RegExp(DOT, 'gi')
const ARPA = /(?<![0-9a-z.])((?:[0-9a-f]\.){32})ip6\.arpa/gi
/** One dot at a time: ranges have two. */
const COLONS = /[0-9a-f:]+(?:\.[0-9a-f:]+)*/gi
const ONLY_COLONS = /[0-9a-f:]{2,}/gi
const HYPHENS = /\d{1,3}(?:[-_]\d{1,3}){3,}/g
const V6_HYPHENS = /(?<![0-9a-z])[0-9a-f]{0,4}(?:-[0-9a-f]{0,4}){2,7}(?![0-9a-z])/gi
const HEX = /(?<![0-9a-f])(?:0x)?([0-9a-f]{32}|[0-9a-f]{8})(?![0-9a-f])/gi
const DECIMAL = /(?<!\d)\d{8,10}(?!\d)/g

export function replaceAddresses(text: string, replace: Replace): string {
  if (!/[\d:]/.test(text)) return text
  let out = text
  if (out.includes(':')) {
    out = out.replace(COLONS, (run, at: number) => inColons(run, out[at - 1] ?? '', replace))
    // Dots end sentences and stand in ranges: what they part is looked at for itself.
    out = out.replace(ONLY_COLONS, (run, at: number) => inColons(run, out[at - 1] ?? '', replace))
  }
  out = out.replace(DOTTED, (run, at: number, whole: string) =>
    inDots(run, whole.slice(at + run.length, at + run.length + 13), replace),
  )
  out = out.replace(ARPA, (run: string, digits: string) => {
    const key = keyOfV6(grouped(digits.replaceAll('.', '').split('').reverse().join('')))
    return (key === null ? null : replace(key, true, run)) ?? run
  })
  const known = (key: AddressKey | null, run: string): string | null => (key === null ? null : replace(key, false, run))
  out = out.replace(HYPHENS, (run) => inChain(run.split(/[-_]/), run.match(/[-_]/g) ?? [], replace))
  out = out.replace(V6_HYPHENS, (run) => known(keyOfV6(run.replaceAll('-', ':')), run) ?? run)
  out = out.replace(HEX, (run, digits: string) => {
    const key = digits.length === 8 ? `4:${digits.toLowerCase()}` : keyOfV6(grouped(digits))
    return known(key, run) ?? run
  })
  return out.replace(DECIMAL, (run) => {
    const value = Number(run)
    return (value <= 0xffffffff ? known(`4:${value.toString(16).padStart(8, '0')}`, run) : null) ?? run
  })
}

const grouped = (digits: string): string => (digits.match(/.{4}/g) ?? []).join(':')

function inDots(run: string, behind: string, replace: Replace): string {
  const dots = run.match(BETWEEN) ?? []
  const parts = run.split(BETWEEN)
  if (parts.length === 4) {
    const key = keyOfQuad(parts)
    if (key === null) return inChain(parts, dots, replace)
    // 47.100.51.198.in-addr.arpa is 198.51.100.47.
    const reversed = /^\.in-addr\.arpa/i.test(behind) ? keyOfQuad(parts.toReversed()) : null
    return replace(reversed ?? key, true, run) ?? run
  }
  return inChain(parts, dots, replace)
}

/** Known addresses, either way round, in a chain of numbers, of which the outer may have other digits beside them. */
function inChain(parts: readonly string[], between: readonly string[], replace: Replace): string {
  let out = ''
  const rest = [...parts]
  for (let at = 0; at < rest.length;) {
    const found = at + 4 > rest.length ? null : knownQuad(rest.slice(at, at + 4), between.slice(at, at + 3), replace)
    if (found === null) {
      out += `${rest[at] ?? ''}${between[at] ?? ''}`
      at++
      continue
    }
    out += `${found.before}${found.mask}${found.behind === '' ? '' : ' '}`
    at += 3
    // Digits behind it may be the first of the next; they are set off, so that they are none of the mask's number.
    if (found.behind === '') out += between[at++] ?? ''
    else rest[at] = found.behind
  }
  return out
}

function knownQuad(
  four: readonly string[],
  between: readonly string[],
  replace: Replace,
): { before: string; mask: string; behind: string } | null {
  const [first = '', second = '', third = '', last = ''] = four
  const firsts = Number(first) <= 255 ? [first] : [3, 2, 1].map((digits) => first.slice(-digits))
  const lasts = Number(last) <= 255 ? [last] : [3, 2, 1].map((digits) => last.slice(0, digits))
  for (const a of firsts)
    for (const d of lasts) {
      const quad = [a, second, third, d]
      const written = `${a}${between[0] ?? ''}${second}${between[1] ?? ''}${third}${between[2] ?? ''}${d}`
      for (const key of [keyOfQuad(quad), keyOfQuad(quad.toReversed())]) {
        const mask = key === null ? null : replace(key, false, written)
        if (mask !== null) return { before: first.slice(0, first.length - a.length), mask, behind: last.slice(d.length) }
      }
    }
  return null
}

/** IPv6 has at most eight groups; both ends may be empty. */
const MOST_GROUPS = 9

/** `before` is the character that stands before the run. */
function inColons(run: string, before: string, replace: Replace): string {
  const groups = run.split(':')
  if (groups.length < 3) return run
  // `src:2001:db8::1`, `std::dead`: the first letters of the run may be the last of a word.
  const inWord = /[\p{L}\p{N}_]/u.test(before)
  const out: string[] = []
  next: for (let at = 0; at < groups.length;) {
    for (let count = Math.min(MOST_GROUPS, groups.length - at); count >= 3; count--) {
      const candidate = groups.slice(at, at + count).join(':')
      const bare = candidate.replace(/\.+$/, '')
      const key = bare.length > 45 ? null : keyOfV6(bare)
      const mask = key === null ? null : replace(key, at > 0 || !inWord, bare)
      if (mask === null) continue
      out.push(mask + candidate.slice(bare.length))
      at += count
      continue next
    }
    const glued = gluedV6(groups, at, replace)
    if (glued !== null) {
      out.push(glued.text)
      at += glued.count
      continue
    }
    out.push(groups[at] ?? '')
    at++
  }
  return out.join(':')
}

/** A known address of which the outer groups have other digits beside them. */
function gluedV6(groups: readonly string[], at: number, replace: Replace): { text: string; count: number } | null {
  const first = groups[at] ?? ''
  for (let count = Math.min(MOST_GROUPS, groups.length - at); count >= 3; count--) {
    const last = groups[at + count - 1] ?? ''
    if (first.length <= 4 && last.length <= 4) continue
    const inner = groups.slice(at + 1, at + count - 1)
    if (inner.some((group) => group.length > 4)) continue
    const firsts = first.length <= 4 ? [first] : [4, 3, 2, 1].map((digits) => first.slice(-digits))
    const lasts = last.length <= 4 ? [last] : [4, 3, 2, 1].map((digits) => last.slice(0, digits))
    for (const a of firsts)
      for (const d of lasts) {
        const written = [a, ...inner, d].join(':')
        const key = keyOfV6(written)
        const mask = key === null ? null : replace(key, false, written)
        if (mask !== null)
          return { text: `${first.slice(0, first.length - a.length)}${mask} ${last.slice(d.length)}`.trimEnd(), count }
      }
  }
  return null
}
