/** Whether a tuning fits a detection. One function for hits as they come and for alerts there are. */
import type { TuningMatch } from '../../../../shared/model/triage.ts'
import { isCidr } from '../../../../shared/query/addresses.ts'
import { cidrRange, inRange } from '../queries/addresses.ts'

/** What is compared. */
export interface Tuned {
  readonly source: { readonly ip: string | null; readonly name: string | null }
  readonly destination: { readonly ip: string | null; readonly name: string | null }
  readonly asset: string
  readonly user: string | null
}

type Test = (of: Tuned) => boolean

/** All that a tuning names must fit; what it leaves out may be anything. Fields of events are the filter's of an exception. */
export function tuningTest({ source, destination, asset, user }: TuningMatch): Test {
  const tests: Test[] = []
  if (source !== null) tests.push(endTest(source, (of) => of.source))
  if (destination !== null) tests.push(endTest(destination, (of) => of.destination))
  if (asset !== null) tests.push(same(asset, (of) => of.asset))
  if (user !== null) tests.push(same(user, (of) => of.user))
  return (of) => tests.every((test) => test(of))
}

function same(wanted: string, value: (of: Tuned) => string | null): Test {
  const lower = wanted.toLowerCase()
  return (of) => value(of)?.toLowerCase() === lower
}

function endTest(wanted: string, end: (of: Tuned) => Tuned['source']): Test {
  const range = isCidr(wanted) ? cidrRange(wanted) : null
  if (range !== null) return (of) => inRange(end(of).ip ?? '', range)
  const [ip, name] = [same(wanted, (of) => end(of).ip), same(wanted, (of) => end(of).name)]
  return (of) => ip(of) || name(of)
}
