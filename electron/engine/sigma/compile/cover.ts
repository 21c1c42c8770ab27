/**
 * Covers: literals of which at least one stands in every event that a rule matches, so that only events that have one need be asked.
 */
import type { Detection, Expression, Item } from '../detection.ts'
import type { Atom } from './atoms.ts'
import { worthFinding } from './literal-index.ts'

/** An item of a rule, and what is known of its values. */
export interface CoverItem {
  readonly item: Item
  readonly atoms: readonly Pick<Atom, 'slot' | 'literals'>[]
}
export interface Trigger {
  readonly slot: number
  readonly text: string
  readonly place: 'whole' | 'start' | 'end' | 'anywhere'
}
export interface Cover {
  readonly triggers: readonly Trigger[]
  readonly cost: number
}

const triggerKey = ({ slot, text, place }: Trigger): string => `${slot}\n${place}\n${text}`

function triggersOf({ slot, literals }: Pick<Atom, 'slot' | 'literals'>): readonly Trigger[] | null {
  if (literals === null || literals.some(({ text, place }) => place !== 'whole' && !worthFinding(text))) return null
  return literals.map(({ text, place }) => ({ slot, text, place }))
}

/** How many rules ask for each trigger: what many rules ask for stands in many events. */
export function popularity(items: readonly ReadonlyMap<Item, CoverItem>[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const rule of items)
    for (const { atoms } of rule.values())
      for (const atom of atoms)
        for (const trigger of triggersOf(atom) ?? []) counts.set(triggerKey(trigger), (counts.get(triggerKey(trigger)) ?? 0) + 1)
  return counts
}

/** Whole values that stand in most events which have the field at all. */
const COMMON = new Set(
  'get post 200 true false tcp udp a 0x0 0 1 443 80 53 system high medium'
    .split(' ')
    .concat('microsoft corporation', 'nt authority\\system'),
)

/** What stands in very many events: a literal that stands in one of these tells little. */
const USUAL = [
  'c:\\windows\\system32\\windowspowershell\\v1.0\\powershell.exe -',
  '"c:\\windows\\system32\\cmd.exe" /c ',
  'c:\\windows\\syswow64\\svchost.exe -k',
  'c:\\windows\\explorer.exe',
  'c:\\windows\\temp\\',
  'c:\\program files (x86)\\',
  'c:\\program files\\',
  'c:\\programdata\\microsoft\\windows\\',
  'c:\\users\\public\\',
  'c:\\users\\user\\appdata\\local\\temp\\',
  'c:\\users\\user\\appdata\\roaming\\microsoft\\windows\\',
  'c:\\windows\\system32\\ntdll.dll',
  'hklm\\system\\currentcontrolset\\services\\',
  'hklm\\software\\microsoft\\windows nt\\currentversion\\',
  'hku\\s-1-5-21-software\\microsoft\\windows\\currentversion\\explorer\\',
  'nt authority\\system autorite nt',
  'https://www.http://',
] as const
const OFTEN = 0.3

/** Roughly how often the trigger stands in an event: what many rules ask for, short text, event ids and ports are common. */
function costOf({ slot, text, place }: Trigger, popular: ReadonlyMap<string, number>): number {
  const { length } = text
  const often = 0.005 * (popular.get(triggerKey({ slot, text, place })) ?? 0)
  if (place === 'whole') return often + (COMMON.has(text) ? 1 : /^\d{1,6}$/.test(text) ? 0.3 : 0.02)
  // A beginning or an end says more than the same text anywhere, but is as usual where it is the usual one.
  if (USUAL.some((usual) => usual.includes(text))) return often + OFTEN
  return often + (length === 1 ? 0.02 : length === 2 ? 0.3 : length === 3 ? 0.05 : 0.32 / (length * length))
}

export function coverOf(
  expression: Expression,
  detection: Detection,
  items: ReadonlyMap<Item, CoverItem>,
  popular: ReadonlyMap<string, number>,
): Cover | null {
  const of = (one: Expression) => coverOf(one, detection, items, popular)
  switch (expression.op) {
    case 'and':
      return cheapest(expression.of.map(of))
    case 'or':
    case 'count':
      return together(expression.of.map(of))
    case 'not':
      return null
    case 'search':
      return of(detection.searches[expression.search]!.expression)
    case 'item': {
      const { item, atoms } = items.get(expression.item)!
      if (item.negate) return null
      const covers = atoms.map((atom): Cover | null => {
        const triggers = triggersOf(atom)
        return triggers === null ? null : { triggers, cost: triggers.reduce((sum, trigger) => sum + costOf(trigger, popular), 0) }
      })
      return item.join === 'all' ? cheapest(covers) : together(covers)
    }
  }
}

const cheapest = (covers: readonly (Cover | null)[]): Cover | null =>
  covers.reduce((best, cover) => (cover !== null && (best === null || cover.cost < best.cost) ? cover : best), null)

function together(covers: readonly (Cover | null)[]): Cover | null {
  const triggers: Trigger[] = []
  let cost = 0
  for (const cover of covers) {
    if (cover === null) return null
    triggers.push(...cover.triggers)
    cost += cover.cost
  }
  return { triggers, cost }
}
