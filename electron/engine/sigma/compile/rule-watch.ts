/**
 * What rules cost, and which are slow. Every 64th event is timed rule by rule, and rules with regular expressions on every event that
 * they are asked about; so the figures are estimates. What a rule asks that another has asked before costs it nothing.
 */
import type { RuleCost, SlowRule } from '../types.ts'

const EVERY = 64
/** Milliseconds for one event: so often within so many of a rule's evaluations, and it is slow. */
const LONG_MS = 50
const TIMES = 3
const WITHIN = 1024
/** A rule that takes more than this share of all the time that matching takes is slow, where an event costs it that much too. */
const SHARE = 0.25
const LEAST_MICROS = 100
/** Nothing is said of shares before so many milliseconds were spent. */
const BEFORE_SHARES_MS = 1000

export class RuleWatch {
  /** By rule: 1 where it is not evaluated any more. */
  readonly aside: Uint8Array
  readonly #now: () => number
  readonly #evaluated: Float64Array
  readonly #millis: Float64Array
  readonly #longest: Float64Array
  readonly #timed: Float64Array
  /** Evaluations that took long, and after how many the first of them came. */
  readonly #long: Uint8Array
  readonly #since: Float64Array
  readonly #slow = new Map<number, SlowRule['why']>()
  #events = 0
  #spent = 0

  /** `now`: milliseconds. */
  constructor(rules: number, now: () => number = () => performance.now()) {
    this.#now = now
    this.aside = new Uint8Array(rules)
    this.#evaluated = new Float64Array(rules)
    this.#millis = new Float64Array(rules)
    this.#longest = new Float64Array(rules)
    this.#timed = new Float64Array(rules)
    this.#long = new Uint8Array(rules)
    this.#since = new Float64Array(rules)
  }

  /** An event comes: when it came, where it is one of those that are timed; else -1. */
  begin(): number {
    return ++this.#events % EVERY === 0 ? this.#now() : -1
  }

  /** A timed event is done. */
  end(began: number): void {
    this.#spent += (this.#now() - began) * EVERY
  }

  /** Evaluates a rule (what `run` does from its first step on) and times it. `always`: it is timed on every event. */
  timed(rule: number, always: boolean, run: (first: number) => boolean, first: number): boolean {
    const began = this.#now()
    const answer = run(first)
    const millis = this.#now() - began
    const weight = always ? 1 : EVERY
    const evaluated = (this.#evaluated[rule]! += weight)
    const spent = (this.#millis[rule]! += millis * weight)
    if (millis > this.#longest[rule]!) this.#longest[rule] = millis
    const timed = ++this.#timed[rule]!
    if (millis > LONG_MS) this.#tookLong(rule, timed)
    if (
      this.#spent > BEFORE_SHARES_MS &&
      spent > SHARE * this.#spent &&
      spent * 1000 > LEAST_MICROS * evaluated &&
      !this.#slow.has(rule)
    )
      this.#slow.set(rule, 'share')
    return answer
  }

  #tookLong(rule: number, timed: number): void {
    if (this.#long[rule] === 0 || timed - this.#since[rule]! > WITHIN) {
      this.#long[rule] = 0
      this.#since[rule] = timed
    }
    if (++this.#long[rule]! < TIMES) return
    this.#long[rule] = 0
    this.#slow.set(rule, 'event')
  }

  costs(): readonly RuleCost[] {
    const costs: RuleCost[] = []
    this.#evaluated.forEach((events, rule) => {
      if (events > 0) costs.push({ rule, events, micros: Math.round(this.#millis[rule]! * 1000) })
    })
    return costs
  }

  get slow(): readonly SlowRule[] {
    return [...this.#slow].map(([rule, why]) => ({
      rule,
      why,
      longestMicros: Math.round(this.#longest[rule]! * 1000),
      share: this.#spent === 0 ? 0 : Math.min(1, this.#millis[rule]! / this.#spent),
    }))
  }

  putAside(rule: number): void {
    if (rule >= 0 && rule < this.aside.length) this.aside[rule] = 1
    this.#slow.delete(rule)
  }
}
