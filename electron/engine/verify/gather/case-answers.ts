/** What is asked of the store for one case after the other, and kept between them. */
import type { Store } from '../../store/types.ts'
import { EarlierValues, type AsksValues } from './earlier-values.ts'
import { NamingRecords } from './naming-records.ts'
import { TargetEvents } from './target-events.ts'
import { UsualAnswers } from './usual-answers.ts'

export class CaseAnswers {
  readonly targets: TargetEvents
  readonly naming: NamingRecords
  readonly earlier: EarlierValues
  readonly usual: UsualAnswers

  constructor(events: Pick<Store['events'], 'search'> & AsksValues) {
    this.targets = new TargetEvents(events)
    this.naming = new NamingRecords(events)
    this.earlier = new EarlierValues(events)
    this.usual = new UsualAnswers(events)
  }

  /** Events of these times (microseconds, both included) were stored. */
  stored(from: number, to: number): void {
    for (const kept of [this.targets, this.naming, this.earlier, this.usual]) kept.forget(from, to)
  }
}
