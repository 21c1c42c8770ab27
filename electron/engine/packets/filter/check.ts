/**
 * Gives the words of a filter their meaning: fields are found, literals are read as the type they are compared with. Types are
 * Wireshark's; where it is stricter without need (a constant on the left, slices in sets), this is not.
 */
import { fail, ok, type Result, type WatchfloorError } from '../../../../shared/model/result.ts'
import type { CheckedFilter, Constant, Leaf, Test, Value } from './checked.ts'
import { constantOf, WrongLiteral } from './constants.ts'
import { filterError, type FilterErrorKey } from './errors.ts'
import type { FieldUse, FilterField, FilterType, How } from './fields.ts'
import { functionByName } from './functions.ts'
import { leafText } from './leaf-text.ts'
import { readPattern } from './regex.ts'
import type { LeafTerm, Operand, Span, Term } from './tree.ts'

export interface Known {
  /** The field or protocol of this name. */
  readonly field: (name: string) => FilterField | undefined
  /** Names like it. */
  readonly like: (name: string) => readonly string[]
}

/** How the checker leaves its recursion; never seen outside of this file. */
class Wrong extends Error {
  readonly why: WatchfloorError
  constructor(why: WatchfloorError) {
    super(why.message)
    this.why = why
  }
}

/** `term` is null for the empty filter. */
export function checkTerm(text: string, term: Term | null, known: Known): Result<CheckedFilter> {
  const checker = new Checker(text, known)
  try {
    const test = term === null ? null : checker.test(term)
    return ok({ text, test, how: checker.how, leaves: checker.leaves, dissected: [...checker.dissected] })
  } catch (error) {
    if (error instanceof Wrong) return fail(error.why)
    throw error
  }
}

const NAMED = new Set<FilterType>(['uint', 'int', 'bool'])
const SLOWER: readonly How[] = ['index', 'decode', 'dissect']
const NUMERIC = new Set<FilterType>(['uint', 'int', 'bool', 'float'])
const BYTES = new Set<FilterType>(['bytes', 'ether', 'protocol'])

/** Type in which two are compared; null where they cannot be. */
function common(left: FilterType, right: FilterType): FilterType | null {
  if (left === 'other' || right === 'other') return 'other'
  if (left === right) return left
  if (NUMERIC.has(left) && NUMERIC.has(right))
    return left === 'float' || right === 'float' ? 'float' : left === 'bool' ? right : left
  if (BYTES.has(left) && BYTES.has(right)) return 'bytes'
  // A slice of a text is bytes.
  if ((left === 'bytes' && right === 'text') || (left === 'text' && right === 'bytes')) return 'bytes'
  return null
}

class Checker {
  how: How = 'index'
  readonly dissected = new Set<string>()
  readonly leaves: Leaf[] = []
  readonly #text: string
  readonly #known: Known

  constructor(text: string, known: Known) {
    this.#text = text
    this.#known = known
  }

  #words({ start, end }: Span): string {
    return this.#text.slice(start, end)
  }
  #wrong(
    key: FilterErrorKey,
    at: Span,
    values: Readonly<Record<string, string>> = {},
    suggestions: readonly string[] = [],
  ): never {
    throw new Wrong(filterError(key, at, { found: this.#words(at), ...values }, suggestions))
  }
  #needs(how: How): void {
    if (SLOWER.indexOf(how) > SLOWER.indexOf(this.how)) this.how = how
  }

  test(term: Term): Test {
    switch (term.kind) {
      case 'and':
      case 'or':
      case 'xor':
        return { kind: term.kind, left: this.test(term.left), right: this.test(term.right) }
      case 'not':
        return { kind: 'not', inner: this.test(term.inner) }
      default: {
        const before = this.how
        this.how = 'index'
        const test = this.#leaf(term)
        this.leaves.push({ test, text: leafText(this.#text, term), how: this.how })
        this.#needs(before)
        return test
      }
    }
  }
  #leaf(term: LeafTerm): Test {
    switch (term.kind) {
      case 'test':
        return this.#alone(term.operand)
      case 'compare': {
        const { left, right, type } = this.#pair(term.left, term.right, term.operator)
        if (type === 'none') this.#none(term.left)
        return { kind: 'compare', comparison: term.comparison, quantifier: term.quantifier, left, right, type }
      }
      case 'contains':
        return this.#contains(term)
      case 'matches':
        return this.#matches(term)
      case 'in': {
        const type = this.#typeOf(term.left) ?? this.#unknown(term.left, 'in')
        if (type === 'none') this.#none(term.left)
        const left = this.#value(term.left, type)
        const items = term.items.map(({ low, high }) => ({
          low: this.#member(low, type, term.left),
          high: high === null ? null : this.#member(high, type, term.left),
        }))
        return { kind: 'in', quantifier: term.quantifier, left, items, type }
      }
    }
  }

  #none(operand: Operand): never {
    this.#wrong('value_none', operand, { field: this.#words(operand) })
  }
  #alone(operand: Operand): Test {
    if (operand.kind === 'word') {
      const field = this.#field(operand)
      if (field === undefined) return this.#unknown(operand, null)
      return { kind: 'exists', use: this.#use(operand, field, false, false) }
    }
    if (operand.kind === 'call') {
      this.#typeOf(operand)
      return this.#wrong('function_alone', { start: operand.start, end: operand.nameEnd })
    }
    const type = this.#typeOf(operand)
    if (type === null) return this.#unknown(operand, null)
    return { kind: operand.kind === 'slice' ? 'present' : 'nonzero', value: this.#value(operand, type) }
  }
  #contains(term: Term & { readonly kind: 'contains' | 'matches' }): Test {
    const type = this.#typeOf(term.left) ?? this.#unknown(term.left, 'contains')
    if (type !== 'text' && type !== 'other' && !BYTES.has(type)) this.#operatorType('contains', term.left, type)
    const left = this.#value(term.left, type, true)
    const rightType = this.#typeOf(term.right)
    const wanted = BYTES.has(type) ? 'bytes' : type
    if (rightType !== null && common(type, rightType) === null) this.#differ(term.left, type, term.right, rightType)
    return {
      kind: 'contains',
      quantifier: term.quantifier,
      left,
      right: this.#value(term.right, rightType ?? wanted, false, term.left),
    }
  }
  #matches(term: Term & { readonly kind: 'contains' | 'matches' }): Test {
    const type = this.#typeOf(term.left) ?? this.#unknown(term.left, 'matches')
    if (type !== 'text' && type !== 'other' && !BYTES.has(type)) this.#operatorType('matches', term.left, type)
    const { right } = term
    if (right.kind !== 'string') return this.#wrong('matches_string', right)
    const pattern = readPattern(right.binary)
    if (!pattern.ok) return this.#wrong('bad_regex', right, { reason: pattern.error })
    if (pattern.value.test === null) this.#needs('dissect')
    return { kind: 'matches', quantifier: term.quantifier, left: this.#value(term.left, type, true), pattern: pattern.value }
  }
  #member(operand: Operand, type: FilterType, left: Operand): Value {
    const own = this.#typeOf(operand)
    if (own !== null && common(type, own) === null) this.#differ(left, type, operand, own)
    return this.#value(operand, own ?? type, false, left)
  }
  #pair(
    left: Operand,
    right: Operand,
    operator: Span,
  ): { readonly left: Value; readonly right: Value; readonly type: FilterType } {
    const leftType = this.#typeOf(left)
    const rightType = this.#typeOf(right)
    if (leftType === null && rightType === null) this.#unknown(left, this.#words(operator))
    const type = leftType === null ? rightType! : rightType === null ? leftType : common(leftType, rightType)
    if (type === null) return this.#differ(left, leftType!, right, rightType!)
    return {
      left: this.#value(left, leftType ?? type, false, right),
      right: this.#value(right, rightType ?? type, false, left),
      type: type === 'ether' || type === 'protocol' ? 'bytes' : type,
    }
  }
  #differ(left: Operand, leftType: FilterType, right: Operand, rightType: FilterType): never {
    this.#wrong('types_differ', right, { left: this.#words(left), leftType, right: this.#words(right), rightType })
  }
  #operatorType(operator: string, operand: Operand, type: FilterType): never {
    this.#wrong('operator_type', operand, { operator, field: this.#words(operand), type })
  }

  #field(operand: Operand & { readonly kind: 'word' }): FilterField | undefined {
    const field = /^[A-Za-z_]/.test(operand.text) || operand.text.includes('.') ? this.#known.field(operand.text) : undefined
    if (field === undefined && (operand.field || operand.layers !== null || operand.raw)) this.#unknown(operand, null)
    return field
  }
  /** No field stands where one has to. */
  #unknown(operand: Operand, operator: string | null): never {
    let at = operand
    while (at.kind === 'slice' || at.kind === 'minus') at = at.of
    if (at.kind === 'arithmetic') at = at.left
    const name = at.kind === 'word' ? at.text : ''
    if (operator !== null && !(at.kind === 'word' && /^[A-Za-z_][\w.-]*$/.test(name) && readsAsName(name)))
      this.#wrong('needs_field', at, { operator })
    this.#wrong('unknown_field', at, { found: name === '' ? this.#words(at) : name }, name === '' ? [] : this.#known.like(name))
  }
  #use(operand: Operand & { readonly kind: 'word' }, field: FilterField, asValue: boolean, whole: boolean): FieldUse {
    const ofMessage = field.type === 'protocol' && asValue && field.how === 'index' && !field.header
    const how = ofMessage ? 'dissect' : field.type === 'protocol' && asValue ? 'decode' : field.how
    this.#needs(how === 'index' && (operand.layers !== null || operand.raw) ? 'decode' : how)
    if (how === 'dissect') this.dissected.add(field.name)
    if (operand.raw && field.type !== 'protocol' && field.known?.place === undefined) this.#needs('dissect')
    return { field, layers: operand.layers, raw: operand.raw, whole }
  }

  /** Null where it is a literal, whose type comes from what it is compared with. */
  #typeOf(operand: Operand): FilterType | null {
    switch (operand.kind) {
      case 'string':
      case 'character':
        return null
      case 'word': {
        const field = this.#field(operand)
        return field === undefined ? null : operand.raw ? 'bytes' : field.type
      }
      case 'minus':
        return signed(this.#typeOf(operand.of))
      case 'slice': {
        const of = this.#typeOf(operand.of)
        if (of === null) return this.#unknown(operand.of, '[')
        if (of !== 'text' && of !== 'ipv4' && of !== 'ipv6' && of !== 'other' && !BYTES.has(of))
          this.#wrong('slice_type', operand, { field: this.#words(operand.of), type: of })
        return of === 'other' ? 'other' : 'bytes'
      }
      case 'arithmetic': {
        const left = this.#typeOf(operand.left)
        const right = this.#typeOf(operand.right)
        if (left === null || right === null) return signed(left ?? right)
        if (operand.operator === '-' && left === 'time' && right === 'time') return 'duration'
        if ((left === 'time' && right === 'duration') || (left === 'duration' && NUMERIC.has(right))) return left
        return signed(common(left, right) ?? this.#differ(operand.left, left, operand.right, right))
      }
      case 'call': {
        const found = functionByName(operand.name)
        const name: Span = { start: operand.start, end: operand.nameEnd }
        if (found === undefined) return this.#wrong('unknown_function', name)
        const given = operand.args.length
        if (given < found.least || given > found.most)
          this.#wrong('function_arguments', name, {
            name: found.name,
            number: found.least === found.most ? '1' : `${found.least}–${found.most}`,
          })
        let type: FilterType | null = null
        for (const arg of operand.args) {
          const own = this.#typeOf(arg)
          if (own === null && (!found.literals || type === null)) {
            if (arg.kind === 'word' && readsAsName(arg.text)) this.#unknown(arg, null)
            this.#wrong('function_field', arg, { name: found.name })
          }
          if (own !== null && !found.takes.includes(own))
            this.#wrong('function_type', arg, { name: found.name, field: this.#words(arg), type: own })
          if (own !== null && type !== null && common(type, own) === null) this.#differ(operand.args[0]!, type, arg, own)
          type ??= own
        }
        return found.gives ?? type
      }
    }
  }

  /** `type`: the operand's own, or what a literal is read as. `whole` for protocols: their payload too. `beside`: what a literal is compared with. */
  #value(operand: Operand, type: FilterType, whole = false, beside: Operand | null = null): Value {
    switch (operand.kind) {
      case 'word': {
        const field = this.#field(operand)
        if (field === undefined) return this.#constant(operand, type, beside)
        if (field.type === 'none') this.#none(operand)
        const use = this.#use(operand, field, true, whole)
        if (field.type === 'other') this.#needs('dissect')
        return { kind: 'field', use, type: operand.raw ? 'bytes' : field.type }
      }
      case 'string':
      case 'character':
        return this.#constant(operand, type, beside)
      case 'slice':
        return {
          kind: 'slice',
          of: this.#value(operand.of, this.#typeOf(operand.of) ?? type),
          ranges: operand.ranges,
          type: 'bytes',
        }
      case 'minus':
        if (!calculates(type)) this.#operatorType('-', operand.of, type)
        return { kind: 'minus', of: this.#value(operand.of, this.#typeOf(operand.of) ?? type, false, beside), type }
      case 'arithmetic': {
        const { operator } = operand
        const left = this.#typeOf(operand.left)
        const right = this.#typeOf(operand.right)
        const own = left ?? right ?? type
        const masks = operator === '&' && (own === 'ipv4' || own === 'ipv6' || BYTES.has(own))
        if (!masks && !calculates(own)) this.#operatorType(operator, operand.left, own)
        const scaled = own === 'duration' && (operator === '*' || operator === '/')
        const literal = scaled ? 'float' : own === 'time' ? 'duration' : BYTES.has(own) ? 'bytes' : own === 'bool' ? 'uint' : own
        return {
          kind: 'arithmetic',
          operator,
          left: this.#value(operand.left, left ?? literal, false, operand.right),
          right: this.#value(operand.right, right ?? literal, false, operand.left),
          type: masks && BYTES.has(own) ? 'bytes' : type,
        }
      }
      case 'call': {
        const found = functionByName(operand.name)!
        const first = this.#typeOf(operand.args[0]!) ?? type
        const args = operand.args.map((arg) => this.#value(arg, this.#typeOf(arg) ?? first, false, operand.args[0]))
        if (found.name === 'vals' || found.name === 'hex') this.#needs('dissect')
        // The width of a number is not always known here.
        if (found.name === 'len' && (NUMERIC.has(first) || first === 'time' || first === 'duration' || first === 'none'))
          this.#needs('dissect')
        return { kind: 'call', name: found.name, args, type }
      }
    }
  }
  #constant(operand: Operand, type: FilterType, beside: Operand | null): Value {
    const field = beside === null ? '' : this.#words(beside)
    try {
      return { kind: 'constant', value: constantOf(operand, type, field) satisfies Constant, type }
    } catch (error) {
      if (!(error instanceof WrongLiteral)) throw error
      // Only the dissectors know the names of their values.
      const known = beside?.kind === 'word' ? this.#known.field(beside.text) : undefined
      if (known?.how === 'dissect' && NAMED.has(type) && operand.kind !== 'character')
        return { kind: 'constant', value: this.#words(operand), type: 'other' }
      return this.#wrong(error.key, operand, { field, type }, error.suggestions)
    }
  }
}

/** Arithmetic of true and false is that of numbers. */
const signed = (type: FilterType | null): FilterType | null => (type === 'bool' ? 'uint' : type)
const calculates = (type: FilterType): boolean => NUMERIC.has(type) || type === 'time' || type === 'duration' || type === 'other'
/** A word that is meant as a name: no number, address or bytes. */
const readsAsName = (word: string): boolean => /^[A-Za-z_]/.test(word) && !/^[0-9A-Fa-f]{2}(?:[:.-][0-9A-Fa-f]{2})+$/.test(word)
