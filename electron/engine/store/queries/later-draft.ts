/** An alert that history raises, while its events are gathered. */
import type { Alert, DetectionText } from '../../../../shared/model/alert.ts'
import { severityRank, type Severity } from '../../../../shared/model/severity.ts'
import type { Parties } from '../../detection/asset.ts'
import { SLOT_MICROS } from '../hits.ts'
import type { LaterHit, ToldStep } from '../scenarios/told.ts'

const MOST_STEPS = 1000

interface LaterHead {
  readonly key: string
  readonly kind: Alert['kind']
  readonly detection: string
  readonly title: string
  readonly level: Severity
  readonly attack: readonly string[]
  readonly parties: Parties
  readonly group: readonly (readonly [string, string])[]
}

export class LaterDraft {
  readonly #head: LaterHead
  readonly #steps: ToldStep[] = []
  readonly #slots = new Map<number, number>()
  #count = 0
  #first = Infinity
  #last = -Infinity

  constructor(head: LaterHead) {
    this.#head = head
  }

  add(event: number, time: number, rule: string): this {
    this.#count++
    if (this.#steps.length < MOST_STEPS) this.#steps.push([event, time, rule])
    this.#first = Math.min(this.#first, time)
    this.#last = Math.max(this.#last, time)
    const slot = Math.floor(time / SLOT_MICROS)
    this.#slots.set(slot, (this.#slots.get(slot) ?? 0) + 1)
    return this
  }

  done(texts: Readonly<Record<string, DetectionText>>): LaterHit {
    const { key, kind, detection, title, level, attack, parties, group } = this.#head
    const { source, destination, asset, user } = parties
    return {
      key,
      kind,
      detection,
      title,
      severity: severityRank(level),
      attack,
      source,
      destination,
      asset,
      user,
      count: this.#count,
      first: this.#first,
      last: this.#last,
      slots: [...this.#slots],
      steps: this.#steps,
      group,
      text: Object.hasOwn(texts, detection) ? texts[detection]! : null,
    }
  }
}
