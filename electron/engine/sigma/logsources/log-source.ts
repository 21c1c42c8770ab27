/** Which events a rule's log source means, as plain data: it is passed along with the rules to every thread that matches. */

/** As a rule states it. A rule fits where everything it states is the same; it may state less. */
export interface LogSourceName {
  readonly category?: string | undefined
  readonly product?: string | undefined
  readonly service?: string | undefined
}

export const DERIVED = ['url', 'stem', 'query', 'extension'] as const
/** Parts of a URL that rules ask for and events do not hold as a field of its own. */
export type Derived = (typeof DERIVED)[number]

/** How a rule's field is read: from the first of these fields that is set, or made from the URL. */
export type FieldSource = string | readonly string[] | { readonly derive: Derived }
export type FieldMapping = Readonly<Record<string, FieldSource>>

export interface LogSource {
  readonly names: readonly LogSourceName[]
  readonly when: {
    /** Parser ids. */
    readonly format: readonly string[]
    /** The event's type is one of these. */
    readonly type?: readonly string[] | undefined
    /** Each of these fields has one of the values, without regard to case; `x*`: begins with x. */
    readonly fields?: Readonly<Record<string, readonly (string | number)[]>> | undefined
    /** These fields are set. */
    readonly has?: readonly string[] | undefined
  }
  /** The rule's name of a field → where it is, where the parser's aliases do not say it. */
  readonly fields?: FieldMapping | undefined
}

/** A record, and what it must be found to be. */
export interface LogSourceExample {
  readonly name: string
  readonly format: string
  readonly record: string
  readonly is: readonly LogSourceName[]
  readonly isNot: readonly LogSourceName[]
  /** A rule's field → the text it must read, by the first of `is`. */
  readonly reads: Readonly<Record<string, string | number | boolean>>
  /** 1-based, in its file. */
  readonly line: number
  readonly column: number
}

/** What one file of `resources/logsources`, or of the desk's own, says. */
export interface LogSourceDefinition {
  readonly id: string
  readonly title: string
  readonly doc: string
  readonly spec: string
  readonly sources: readonly LogSource[]
  readonly examples: readonly LogSourceExample[]
}

/** True where the rule's log source, or a wider one, is this. */
export function isMeant(rule: LogSourceName, name: LogSourceName): boolean {
  return (
    (rule.category === undefined || rule.category === name.category) &&
    (rule.product === undefined || rule.product === name.product) &&
    (rule.service === undefined || rule.service === name.service)
  )
}

/** False where none of the log sources can give events for the rule. */
export const reachable = (rule: { readonly logsource: LogSourceName }, sources: readonly LogSource[]): boolean =>
  sources.some(({ names }) => names.some((name) => isMeant(rule.logsource, name)))
