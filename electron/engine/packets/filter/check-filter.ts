/** A filter from its text to what can be evaluated. */
import { ok, type Result } from '../../../../shared/model/result.ts'
import { dissectedField, ownField, ownFields, type DissectorFields } from './catalogue.ts'
import { checkTerm, type Known } from './check.ts'
import type { CheckedFilter } from './checked.ts'
import type { FilterField } from './fields.ts'
import { parseFilter } from './parse.ts'
import { nearest } from './suggest.ts'
import type { Operand, Term } from './tree.ts'

const NAMES = ownFields.map(({ name }) => name)
/** More names than this are not asked about. */
const MOST_ASKED = 100

/** Knows own fields only: anything else is an unknown word. */
export function checkOwnFilter(text: string): Result<CheckedFilter> {
  const term = parseFilter(text)
  return term.ok ? checkTerm(text, term.value, { field: ownField, like: (name) => nearest(name, NAMES) }) : term
}

/** Asks the dissectors about names that are not own ones; without them such a name is unknown. */
export async function checkFilter(text: string, dissector: DissectorFields | null): Promise<Result<CheckedFilter>> {
  const parsed = parseFilter(text)
  if (!parsed.ok) return parsed
  const term = parsed.value
  if (term === null) return ok({ text, test: null, how: 'index', leaves: [], dissected: [] })
  const found = new Map<string, FilterField>()
  const like = new Set<string>()
  if (dissector !== null) {
    for (const name of [...namesIn(term)].slice(0, MOST_ASKED)) {
      if (ownField(name) !== undefined) continue
      const known = await dissector.find(name)
      if (known !== null) found.set(name, dissectedField(name, known.type, known.title))
      else {
        // What was meant probably has the same protocol.
        const dot = name.indexOf('.')
        if (dot > 0)
          for (const one of await dissector.like(name.slice(0, Math.max(dot + 1, name.length - 2)), 200)) like.add(one.name)
      }
    }
  }
  const known: Known = {
    field: (name) => ownField(name) ?? found.get(name),
    like: (name) => nearest(name, [...NAMES, ...[...like].filter((one) => ownField(one) === undefined)]),
  }
  return checkTerm(text, term, known)
}

const NAME = /^[A-Za-z_][\w.-]*$/
/** Beside a text such a word is a host's name, as a rule. */
const canBeField = (beside: Operand, word: string): boolean =>
  word.includes('.') && !(beside.kind === 'word' && ownField(beside.text)?.type === 'text')

/**
 * Words that stand where a field has to: not those on the right of a comparison that are literals unless they are own fields, so
 * that `http.request.method == GET` asks nobody.
 */
function namesIn(term: Term): Set<string> {
  const names = new Set<string>()
  const visit = (operand: Operand): void => {
    switch (operand.kind) {
      case 'word':
        if (NAME.test(operand.text)) names.add(operand.text)
        break
      case 'slice':
      case 'minus':
        visit(operand.of)
        break
      case 'arithmetic':
        visit(operand.left)
        visit(operand.right)
        break
      case 'call':
        operand.args.forEach(visit)
        break
      default:
    }
  }
  const walk = (at: Term): void => {
    switch (at.kind) {
      case 'and':
      case 'or':
      case 'xor':
        walk(at.left)
        walk(at.right)
        break
      case 'not':
        walk(at.inner)
        break
      case 'test':
        visit(at.operand)
        break
      case 'in':
      case 'contains':
      case 'matches':
        visit(at.left)
        break
      case 'compare': {
        visit(at.left)
        const { left, right } = at
        const constant = left.kind === 'string' || left.kind === 'character' || (left.kind === 'word' && !NAME.test(left.text))
        if (constant || right.kind !== 'word' || right.field || canBeField(left, right.text)) visit(right)
        break
      }
    }
  }
  walk(term)
  return names
}
