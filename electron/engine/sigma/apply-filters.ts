/**
 * Sigma filters: what is tuned for many rules at once. A rule then matches where its own condition and the filter's hold, so a filter
 * that is to leave events out says `not selection`.
 *
 * The specification of filters (2.0) leaves open how the two conditions are joined: its example says `condition: selection` of accounts
 * that are to be left out. Rules are joined here as pySigma, the reference implementation, joins them, and as the filters that are
 * written with it say: `(rule) and (filter)`. The other reading would let exactly the wrong events through for all of those.
 */
import type { Detection, Expression, Item } from './detection.ts'
import type { Problem } from './read-rule.ts'
import type { SigmaFilter, SigmaRule } from './types.ts'

/** The rules, with what is filtered; and what a filter says of rules that are not there, or that it cannot be for. */
export function applyFilters(
  rules: readonly SigmaRule[],
  filters: readonly SigmaFilter[],
): { readonly rules: SigmaRule[]; readonly problems: Problem[] } {
  const filtered = [...rules]
  const problems: Problem[] = []
  const places = new Map<string, number>()
  for (const [place, { id, name }] of rules.entries())
    for (const key of name === undefined ? [id] : [id, name]) if (!places.has(key)) places.set(key, place)
  for (const filter of filters) {
    const say = (message: string): void =>
      void problems.push({
        file: filter.file,
        line: filter.line,
        column: 1,
        message: `${filter.title}: ${message}`,
        fatal: false,
      })
    const wanted = filter.rules === 'any' ? rules.keys() : new Set(filter.rules.map((key) => ({ key, place: places.get(key) })).flatMap(({ key, place }) => (place === undefined ? (say(`there is no rule ${key} to filter`), []) : [place]))) // prettier-ignore
    for (const place of wanted) {
      const rule = filtered[place]!
      if (filterFits(filter, rule)) filtered[place] = { ...rule, detection: joined(rule.detection as Detection, filter) }
      else if (filter.rules !== 'any') say(`the rule ${rule.id} is for another log source and is not filtered`)
    }
  }
  return { rules: filtered, problems }
}

/** The filters that a rule is joined with. */
export const filtersOf = (rule: SigmaRule, filters: readonly SigmaFilter[]): SigmaFilter[] =>
  filters.filter(
    (filter) =>
      filterFits(filter, rule) &&
      (filter.rules === 'any' || filter.rules.includes(rule.id) || (rule.name !== undefined && filter.rules.includes(rule.name))),
  )

/** Whether what the filter names of the log source is the rule's too; what it does not name may be anything. */
export function filterFits({ logsource: filter }: SigmaFilter, { logsource: rule }: SigmaRule): boolean {
  return (['category', 'product', 'service'] as const).every((part) => filter[part] === undefined || filter[part] === rule[part])
}

function joined(rule: Detection, filter: SigmaFilter): Detection {
  const { searches, condition } = filter.detection as Detection
  const first = rule.searches.length
  return {
    searches: [
      ...rule.searches,
      ...searches.map(({ name, expression }) => ({
        name: `${filter.title}: ${name}`,
        expression: moved(expression, first, filter.title),
      })),
    ],
    condition: { op: 'and', of: [rule.condition, moved(condition, first, filter.title)] },
  }
}

/** An expression of the filter among the rule's searches. Its lines are not those of the rule's text. */
function moved(expression: Expression, first: number, title: string): Expression {
  switch (expression.op) {
    case 'search':
      return { op: 'search', search: expression.search + first }
    case 'item':
      return { op: 'item', item: renamed(expression.item, title) }
    case 'not':
      return { op: 'not', of: moved(expression.of, first, title) }
    default:
      return { ...expression, of: expression.of.map((one) => moved(one, first, title)) }
  }
}
const renamed = (item: Item, title: string): Item => ({
  ...item,
  values: item.values.map((value) => ({ ...value, path: `${title}: ${value.path}`, line: 0 })),
})
