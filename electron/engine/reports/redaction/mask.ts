/** Addresses and host names that are not the customer's own: the same mask for the same address, wherever and however it is written. */
import { BlockList, isIP } from 'node:net'
import { z } from 'zod'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { isNobodys, roughly, textOfKey, type AddressKey } from './addresses.ts'
import { replaceAddresses } from './find-addresses.ts'

/** More networks of a customer, or names of others' hosts, cannot be masked. */
export const MOST_NAMES = 100_000

export const MaskOptions = z.object({
  /** Addresses and networks (`192.0.2.0/24`, `2001:db8::/32`) that are the customer's and stay. */
  own: z.array(z.string().max(64)).max(MOST_NAMES),
  /** Names of hosts that are not the customer's, beginning with a letter or a digit. */
  hosts: z
    .array(
      z
        .string()
        .max(253)
        .regex(/^[\p{L}\p{N}]/u),
    )
    .max(MOST_NAMES),
})
export type MaskOptions = z.infer<typeof MaskOptions>

export class Masker {
  readonly #own: BlockList
  /** By their first letters and digits, the longest first. */
  readonly #hosts = new Map<string, (readonly [name: string, pattern: RegExp])[]>()
  readonly #numbers = new Map<string, number>()
  readonly #kept = new Map<AddressKey, boolean>()

  private constructor(own: BlockList, hosts: readonly string[]) {
    this.#own = own
    for (const host of [...new Set(hosts.map((host) => host.toLowerCase()))].sort(
      (a, b) => b.length - a.length || (a < b ? -1 : 1),
    )) {
      const [first = ''] = host.match(WORD) ?? []
      this.#hosts.set(first, [...(this.#hosts.get(first) ?? []), [host, patternOf(host)]])
    }
  }

  /** Fails where an address or network of the customer is none: what cannot be read would be masked, or worse, not be. */
  static of({ own, hosts }: MaskOptions): Result<Masker> {
    const list = new BlockList()
    for (const [index, entry] of own.entries()) {
      const [address = '', prefix, ...more] = entry.split('/')
      const family = isIP(address)
      const bits = prefix === undefined ? (family === 4 ? 32 : 128) : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1
      if (family === 0 || more.length > 0 || bits < 0 || bits > (family === 4 ? 32 : 128))
        return fail({
          code: 'invalid_input',
          message: `${JSON.stringify(entry)} is no address or network`,
          path: `mask.own.${index}`,
        })
      list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6')
    }
    return ok(new Masker(list, hosts))
  }

  /** Addresses and hosts that were masked so far. */
  get masked(): number {
    return this.#numbers.size
  }

  /** To be told of every text before the first is masked: only what is known is found in spellings that could be something else. */
  learn(text: string): void {
    replaceAddresses(text, (key, sure, written) => {
      if (!sure) return null
      if (!this.#stays(key)) this.#number(key)
      return written
    })
  }

  mask(text: string): string {
    const out = this.#hosts.size === 0 ? text : this.#withoutHosts(text)
    return replaceAddresses(out, (key, sure, written) => {
      if (!sure && !this.#numbers.has(key)) return null
      return this.#stays(key) ? written : `${roughly(key)} #${this.#number(key)}`
    })
  }

  #withoutHosts(text: string): string {
    let out = ''
    let copied = 0
    for (const { 0: word, index } of text.matchAll(WORDS)) {
      if (index < copied) continue
      for (const [host, pattern] of this.#hosts.get(word.toLowerCase()) ?? []) {
        pattern.lastIndex = index
        const [found] = pattern.exec(text) ?? []
        if (found === undefined) continue
        out += `${text.slice(copied, index)}host #${this.#number(`host ${host}`)}`
        copied = index + found.length
        break
      }
    }
    return out + text.slice(copied)
  }

  #stays(key: AddressKey): boolean {
    let stays = this.#kept.get(key)
    if (stays === undefined) {
      stays = isNobodys(key) || this.#own.check(textOfKey(key), key.startsWith('4:') ? 'ipv4' : 'ipv6')
      this.#kept.set(key, stays)
    }
    return stays
  }

  #number(key: string): number {
    let number = this.#numbers.get(key)
    if (number === undefined) {
      number = this.#numbers.size + 1
      this.#numbers.set(key, number)
    }
    return number
  }
}

/** Letters with endings of Korean behind them are words of their own. */
const WORD = /[a-z0-9]+|[^\P{L}a-z]/iu
const WORDS = new RegExp(WORD, 'giu')

/** A name at one place of a text, defanged or not. Hyphens and underscores part words, since names stand in names of files. */
function patternOf(host: string): RegExp {
  const escaped = host.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
  const spelled = escaped.replaceAll(String.raw`\.`, String.raw`(?:\.|\[\.\]|\(\.\)|\[dot\]|%2e)`)
  return new RegExp(`${spelled}(?![a-z0-9])`, 'iuy')
}
