/** What the queue shows: filter, order, range and grouping, their place in the route, and the tabs that begin them. */
import { showInvisible } from '../../../shared/query/escape.ts'
import { z } from 'zod'
import { AlertOrder, type SavedView } from '../../../shared/contract.ts'
import { AlertState } from '../../../shared/model/alert.ts'
import { termFor } from '../../../shared/query/print.ts'
import { ALL_TIME, rangeOfParams, rangeParams, type TimeRange } from '../../components/time-range.ts'
import { GROUPINGS, type Grouping } from './groups.ts'

export type Order = z.infer<typeof AlertOrder>
export const ORDERS = AlertOrder.options

export interface QueueView {
  /** Of the query language; '' is everything. */
  readonly where: string
  readonly states: readonly AlertState[]
  readonly order: Order
  readonly range: TimeRange
  readonly group: Grouping
}

export interface QueueTab {
  readonly id: string
  /** A name given by a person, or null where the tab is ours (`tabs.<id>`). */
  readonly name: string | null
  /** Always added to `where`: what makes the tab. */
  readonly base: string
  readonly view: QueueView
}

const OPEN: QueueView = { where: '', states: ['open'], order: 'urgency', range: ALL_TIME, group: 'none' }

/** The tabs that are always there. `operator` is the person's name as it stands in `owner`, where it is known. */
export const ownTabs = (operator: string | null): readonly QueueTab[] => [
  { id: 'open', name: null, base: '', view: OPEN },
  { id: 'mine', name: null, base: operator === null ? 'owner:*' : termFor('owner', operator), view: OPEN },
  { id: 'snoozed', name: null, base: '', view: { ...OPEN, states: ['snoozed'] } },
  { id: 'decided', name: null, base: '', view: { ...OPEN, states: ['decided'], order: 'newest' } },
]

const Params = z.record(z.string(), z.string().optional())
const Saved = z.object({
  where: z.string().max(8192).catch(''),
  states: z.array(AlertState).catch(['open']),
  order: AlertOrder.catch('urgency'),
  group: z.enum(GROUPINGS).catch('none'),
  range: Params.catch({}),
})

/** A saved view as a tab; its value may be from another version, so every part has a default. */
export function savedTab({ id, name, value }: SavedView): QueueTab {
  const { where, states, order, group, range } = Saved.parse(value)
  return { id, name, base: '', view: { where, states, order, group, range: rangeOfParams(range) } }
}

/** What `views.save` keeps. */
export const savedValue = (view: QueueView, base: string): SavedView['value'] => ({
  where: bothOf(base, view.where),
  states: [...view.states],
  order: view.order,
  group: view.group,
  range: rangeParams(view.range),
})

/** Two expressions that must both hold. */
export function bothOf(a: string, b: string): string {
  const [left, right] = [a.trim(), b.trim()]
  if (left === '' || left === '*') return right
  if (right === '' || right === '*') return left
  return `(${left}) and (${right})`
}

/** The tab that a route begins from: the one it names, else the one of its states, else the first. */
export function tabOfParams(tabs: readonly QueueTab[], params: Readonly<Record<string, string>>): QueueTab {
  const states = params['states']
  const found =
    params['tab'] !== undefined
      ? tabs.find(({ id }) => id === params['tab'])
      : states === undefined
        ? undefined
        : tabs.find(({ name, base, view }) => name === null && base === '' && view.states.join() === states)
  return found ?? (tabs[0] as QueueTab)
}

/** Whether the queue shows alerts in other states than the tab says. */
export const hasOtherStates = (tab: QueueTab, view: QueueView): boolean => view.states.join() !== tab.view.states.join()

/** The view that a route asks for: the tab's, changed by the parameters that are given. Nonsense is left out. */
export function viewOfParams(tab: QueueTab, params: Readonly<Record<string, string>>): QueueView {
  const states = params['states']?.split(',').filter((state): state is AlertState => AlertState.safeParse(state).success)
  const order = AlertOrder.safeParse(params['order'])
  const group = z.enum(GROUPINGS).safeParse(params['group'])
  return {
    where: params['where']?.trim() === '*' ? '' : showInvisible(params['where'] ?? tab.view.where),
    states: states && states.length > 0 ? states : tab.view.states,
    order: order.success ? order.data : tab.view.order,
    group: group.success ? group.data : tab.view.group,
    range: params['all'] === undefined ? rangeOfParams(params, tab.view.range) : ALL_TIME,
  }
}

/** Parameters of a route: only what differs from the tab. */
export function paramsOfView(tab: QueueTab, view: QueueView): Record<string, string> {
  const params: Record<string, string> = tab.id === 'open' ? {} : { tab: tab.id }
  if (view.where !== tab.view.where) params['where'] = view.where || '*'
  if (view.states.join() !== tab.view.states.join()) params['states'] = view.states.join()
  if (view.order !== tab.view.order) params['order'] = view.order
  if (view.group !== tab.view.group) params['group'] = view.group
  if (JSON.stringify(view.range) !== JSON.stringify(tab.view.range))
    Object.assign(params, view.range.kind === 'all' ? { all: '1' } : rangeParams(view.range))
  return params
}
