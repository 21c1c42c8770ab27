/**
 * JSON → fields of a row. Names are looked up in a tree that grows with the names seen, so that no path is built per record:
 * one map lookup for each key. Keys are only ever looked up in Maps: `__proto__` is a name like any other.
 */
import { CANONICAL_FIELDS, SYSTEM_FIELDS } from '../../../../shared/model/fields.ts'
import { isoFromMicros, microsFromIso } from '../../../../shared/model/time.ts'
import type { FieldRegistry } from '../../event/field-registry.ts'
import { MAX_LIST, type EventRow, type Scalar } from '../../event/row.ts'
import { address } from './address.ts'

/** Objects and arrays below this depth stay in the raw record only. */
const MAX_DEPTH = 64
/** Names remembered per parser; values of further ones stay in the raw record only. */
const MAX_NODES = 8192
const MAX_NAME = 256

const TYPES = new Map(CANONICAL_FIELDS.map((field) => [field.name, field.type]))
const SYSTEM = new Set(SYSTEM_FIELDS.map((field) => field.name))

/** What is done to a value on its way into its field. */
const KEEP = 0
const ADDRESS = 1
const LOWER = 2
const NUMBER = 3
const LIST = 4
const SKIP = 5
const TIME = 6
type Kind = typeof KEEP | typeof ADDRESS | typeof LOWER | typeof NUMBER | typeof LIST | typeof SKIP | typeof TIME

function kindOf(canonical: string): Kind {
  if (canonical === 'net.transport' || canonical === 'file.md5' || canonical.startsWith('file.sha')) return LOWER
  const type = TYPES.get(canonical)
  if (type === 'ip') return ADDRESS
  if (type === 'number' || type === 'port') return NUMBER
  return type === 'list' ? LIST : KEEP
}

/** No field yet: names of objects never get one. */
const UNKNOWN = -2

/** A place in the tree: where the values of one native name go. */
export class NameNode {
  /** The whole native name. */
  readonly name: string
  /** Name of the field, and of the one for a second value where that is taken by another native name. */
  readonly target: string
  readonly second: string
  readonly kind: Kind
  /** A list of one in a canonical field is that one. */
  readonly canonical: boolean
  field = UNKNOWN
  children: Map<string, NameNode> | null = null

  constructor(name: string, target: string, second: string, kind: Kind, canonical: boolean) {
    this.name = name
    this.target = target
    this.second = second
    this.kind = kind
    this.canonical = canonical
  }
}

/** Field name of a native name without an alias: names of system fields are taken. */
export const ownName = (native: string): string => (SYSTEM.has(native) ? `x.${native}` : native)

export interface NameRules {
  /** Native → canonical name. Natives of system fields (the time, the type) are read by the parser and are no fields. */
  readonly aliases: Readonly<Record<string, string>>
  /** Native → a name of our own, where the native one has another meaning among the canonical fields. */
  readonly renames?: Readonly<Record<string, string>>
  /** Native names whose values are times (ISO text or epoch seconds): kept as ISO text in one form. */
  readonly times?: readonly string[]
  /** Numbers are rounded to this many decimals. */
  readonly decimals?: number
  /** A list that holds one empty text and nothing else is an empty list. */
  readonly oneEmptyIsNone?: boolean
  /** Names of objects that are left out of the names inside them: `winlog.event_data.Image` → `Image`. */
  readonly transparent?: readonly string[]
}

export class JsonFields {
  readonly root = new NameNode('', '', '', KEEP, false)
  readonly #fields: FieldRegistry
  readonly #aliases: Map<string, string>
  readonly #renames: Map<string, string>
  readonly #transparent: Set<string>
  readonly #times: Set<string>
  readonly #scale: number
  readonly #oneEmptyIsNone: boolean
  #nodes = 0
  #text = ''
  #exact: Map<number, string | null> | null = null
  #ambiguous = false

  constructor(fields: FieldRegistry, rules: NameRules) {
    this.#fields = fields
    this.#aliases = new Map(Object.entries(rules.aliases))
    this.#renames = new Map(Object.entries(rules.renames ?? {}))
    this.#transparent = new Set(rules.transparent)
    this.#times = new Set(rules.times)
    this.#scale = rules.decimals === undefined ? 0 : 10 ** rules.decimals
    this.#oneEmptyIsNone = rules.oneEmptyIsNone === true
    // Canonical names first: a flood of invented names must not take their places.
    for (const canonical of TYPES.keys()) fields.id(canonical)
  }

  /**
   * Fills an empty row from an object that `JSON.parse` made of `text`. Integers that a double cannot hold become text with
   * all their digits.
   */
  object(value: object, text: string, row: EventRow): void {
    this.begin(text)
    this.#walk(value, this.root, row, 1, false)
    if (!this.#ambiguous) return
    const exact = withExactIntegers(text)
    if (exact === null) return
    row.clear()
    this.#walk(exact, this.root, row, 1, false)
  }

  /** Says which text the next values are from; {@link object} does it itself. */
  begin(text: string): void {
    this.#text = text
    this.#exact = null
    this.#ambiguous = false
  }

  /** Node of a name below another, for parsers that read names from elsewhere (columns, key=value); undefined where there are too many. */
  child(node: NameNode, key: string): NameNode | undefined {
    return node.children?.get(key) ?? this.#grow(node, key)
  }

  /** One value at a node. */
  put(node: NameNode, value: Scalar, row: EventRow): void {
    this.#scalar(node, value, row, false)
  }

  /** One more value of the list at a node. */
  add(node: NameNode, value: Scalar, row: EventRow): void {
    this.#scalar(node, value, row, true)
  }

  /** A list without values. */
  empty(node: NameNode, row: EventRow): void {
    if (node.kind === SKIP) return
    if (node.field === UNKNOWN) node.field = this.#fields.id(node.target)
    if (row.get(node.field) === undefined) row.set(node.field, [])
  }

  /** A JSON value of any shape at a node. */
  any(node: NameNode, value: unknown, row: EventRow): void {
    if (typeof value === 'object') {
      if (value !== null) this.#inner(value, node, row, 1, false)
    } else if (typeof value !== 'undefined') this.#scalar(node, value as Scalar, row, false)
  }

  #walk(object: object, node: NameNode, row: EventRow, depth: number, listed: boolean): void {
    for (const key in object) {
      const value = (object as Record<string, unknown>)[key]
      const child = node.children?.get(key) ?? this.#grow(node, key)
      if (child === undefined) continue
      if (typeof value === 'object') {
        if (value !== null) this.#inner(value, child, row, depth, listed)
      } else this.#scalar(child, value as Scalar, row, listed)
    }
  }

  #inner(value: object, node: NameNode, row: EventRow, depth: number, listed: boolean): void {
    if (depth >= MAX_DEPTH || node.kind === SKIP) return
    if (!Array.isArray(value)) {
      this.#walk(value, node, row, depth + 1, listed)
      return
    }
    if (value.length === 0 || (value.length === 1 && value[0] === '' && this.#oneEmptyIsNone)) {
      if (!listed) this.empty(node, row)
      return
    }
    const end = Math.min(value.length, MAX_LIST)
    for (let i = 0; i < end; i++) {
      const item: unknown = value[i]
      if (typeof item === 'object') {
        if (item !== null) this.#inner(item, node, row, depth + 1, true)
      } else this.#scalar(node, item as Scalar, row, true)
    }
  }

  #scalar(node: NameNode, value: Scalar, row: EventRow, listed: boolean): void {
    let out: Scalar = value
    if (typeof value === 'number') {
      if (value > Number.MAX_SAFE_INTEGER || value < -Number.MAX_SAFE_INTEGER) out = this.#digits(value)
      else if (this.#scale !== 0 && !Number.isInteger(value)) out = rounded(value, this.#scale)
    }
    let fits = true
    switch (node.kind) {
      case ADDRESS:
        if (typeof out !== 'string') break
        if (out.includes('.') || out.includes(':')) out = address(out)
        else fits = false
        break
      case LOWER:
        if (typeof out === 'string') out = out.toLowerCase()
        break
      case NUMBER:
        if (typeof out !== 'string') break
        out = numeric(out)
        fits = typeof out === 'number'
        break
      case TIME:
        out = timeText(out)
        break
      case SKIP:
        return
    }
    let field = node.field
    if (field === UNKNOWN) {
      field = this.#fields.id(node.target)
      node.field = field
    }
    if (!fits) {
      // A dash where an address belongs, a word where a number belongs: kept, but not where searches and charts expect better.
      field = this.#fields.id(node.second)
      if (listed) append(row, field, String(out))
      else row.set(field, out)
    } else if (node.kind === LIST) append(row, field, String(out))
    else if (!listed) {
      const held = node.canonical ? row.get(field) : undefined
      if (held === undefined) row.set(field, out)
      // Another native name of the same record came first.
      else if (held !== out) row.set(this.#fields.id(node.second), out)
    } else if (node.canonical && row.get(field) === undefined) row.set(field, out)
    else append(row, field, String(out))
  }

  #grow(node: NameNode, key: string): NameNode | undefined {
    if (this.#nodes >= MAX_NODES || key.length > MAX_NAME || node.name.length > MAX_NAME) return undefined
    this.#nodes++
    const word = key === '' ? '_' : key
    const child = this.#node(node === this.root || this.#transparent.has(node.name) ? word : `${node.name}.${word}`)
    node.children ??= new Map()
    node.children.set(key, child)
    return child
  }

  #node(name: string): NameNode {
    const renamed = this.#renames.get(name)
    if (renamed !== undefined) return new NameNode(name, renamed, renamed, KEEP, false)
    const alias = this.#aliases.get(name)
    if (alias !== undefined && SYSTEM.has(alias)) return new NameNode(name, '', '', SKIP, false)
    const target = alias ?? ownName(name)
    if (this.#times.has(name)) return new NameNode(name, target, target, TIME, false)
    return new NameNode(name, target, target === name ? `x.${name}` : ownName(name), kindOf(target), TYPES.has(target))
  }

  /** The digits of an integer that a double cannot hold, where the text has them once. */
  #digits(value: number): Scalar {
    const begin = beginOf(value)
    const digits = begin === '' ? this.#amongAll(value) : digitsIn(this.#text, begin, value)
    // Two numbers in the text round to this one: only the parser knows which is where.
    if (digits === null) this.#ambiguous = true
    return digits ?? (Number.isFinite(value) ? value : String(value))
  }

  #amongAll(value: number): string | null | undefined {
    if (this.#exact === null) {
      this.#exact = new Map()
      for (const [digits] of this.#text.matchAll(/-?\d{16,}/g)) {
        const number = Number(digits)
        const other = this.#exact.get(number)
        this.#exact.set(number, other === undefined || other === digits ? digits : null)
      }
    }
    return this.#exact.get(value)
  }
}

/** With so many digits all integers begin that a double's neighbours do not; flags and keywords come again and again. */
const BEGIN = 11
const begins = new Map<number, string>()
const MOST_BEGINS = 256

/** How every integer begins that rounds to this double, without its sign; empty where they do not all begin alike. */
function beginOf(value: number): string {
  const known = begins.get(value)
  if (known !== undefined) return known
  let begin = ''
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 64) {
    const size = BigInt(Math.abs(value))
    const near = size >> 52n
    const [least, most] = [String(size - near), String(size + near)]
    begin = least.slice(0, BEGIN)
    if (least.length !== most.length || !most.startsWith(begin)) begin = ''
  }
  if (begins.size >= MOST_BEGINS) begins.clear()
  begins.set(value, begin)
  return begin
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39

/** The integer in the text that rounds to `value`; null where there are several, undefined where there is none. */
function digitsIn(text: string, begin: string, value: number): string | null | undefined {
  let found: string | undefined
  for (let at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at + 1)) {
    if (isDigit(text.charCodeAt(at - 1))) continue
    let end = at + begin.length
    while (isDigit(text.charCodeAt(end))) end++
    if (end - at < 16) continue
    const digits = text.slice(text.charCodeAt(at - 1) === 0x2d ? at - 1 : at, end)
    if (Number(digits) !== value || digits === found) continue
    if (found !== undefined) return null
    found = digits
  }
  return found
}

/** To the nearest multiple of 1/scale, a tie to the even one, as C's printf does. */
function rounded(value: number, scale: number): number {
  const size = Math.abs(value) * scale
  if (size > Number.MAX_SAFE_INTEGER) return value
  const whole = Math.floor(size)
  const rest = size - whole
  const near = rest > 0.5 || (rest === 0.5 && whole % 2 === 1) ? whole + 1 : whole
  return near === 0 ? 0 : (Math.sign(value) * near) / scale
}

function withExactIntegers(text: string): object | null {
  const parse = JSON.parse as (
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ) => unknown
  try {
    const value = parse(text, (_key, item, { source }) =>
      typeof item === 'number' && !Number.isSafeInteger(item) && Number.isInteger(item) && source !== undefined ? source : item,
    )
    return typeof value === 'object' ? value : null
  } catch {
    return null
  }
}

/** ISO text or epoch seconds → ISO text with as many decimals as it needs; anything else as it is. */
function timeText(value: Scalar): Scalar {
  // Six decimals that are all needed: in that form already.
  if (
    typeof value === 'string' &&
    value.length === 27 &&
    value.charCodeAt(19) === 46 &&
    value.charCodeAt(26) === 90 &&
    !value.endsWith('000Z')
  )
    return value
  const micros =
    typeof value === 'number' ? Math.round(value * 1e6) : typeof value === 'string' ? microsFromIso(value) : undefined
  return micros === undefined || !(Math.abs(micros) < 8e15) ? value : isoFromMicros(micros)
}

/** Text of a decimal or 0x number → the number, where no digit is lost; else the text. */
export function numeric(text: string): string | number {
  if (text.length === 0 || text.length > 18) return text
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text)) {
    const number = Number(text)
    return Number.isSafeInteger(Math.trunc(number)) ? number : text
  }
  if (/^0x[0-9a-f]{1,13}$/i.test(text)) return Number(text)
  return text
}

/** Adds to the list in a field; a single value that is there already becomes its first. */
export function append(row: EventRow, field: number, text: string): void {
  const old = row.get(field)
  if (old === undefined) row.set(field, [text])
  else if (typeof old === 'object') {
    // Lists in a row are made here and nowhere else shared, so they may grow.
    if (old.length < MAX_LIST) (old as string[]).push(text)
  } else row.set(field, [String(old), text])
}
