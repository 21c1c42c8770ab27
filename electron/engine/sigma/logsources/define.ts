/**
 * Which events a rule's log source means, as data. One `*.logsource.ts` file per product or family default-exports
 * `defineLogSources({...})`; `registry.ts` finds it by glob.
 */

/** As a rule states it. A rule fits where everything it states is the same; it may state less. */
export interface LogSourceName {
  readonly category?: string
  readonly product?: string
  readonly service?: string
}

/** Parts of a URL that rules ask for and events do not hold as a field of its own. */
export type Derived = 'url' | 'stem' | 'query' | 'extension'

/** How a rule's field is read: from the first of these fields that is set, or made from the URL. */
export type FieldSource = string | readonly string[] | { readonly derive: Derived }

export interface LogSource {
  readonly names: readonly LogSourceName[]
  readonly when: {
    /** Parser ids. */
    readonly format: readonly string[]
    /** The event's type is one of these. */
    readonly type?: readonly string[]
    /** Each of these fields has one of the values, without regard to case. */
    readonly fields?: Readonly<Record<string, readonly (string | number)[]>>
    /** These fields are set. */
    readonly has?: readonly string[]
  }
  /** The rule's name of a field → where it is, where the parser's aliases do not say it. */
  readonly fields?: Readonly<Record<string, FieldSource>>
}

export interface LogSourceDefinition {
  readonly id: string
  readonly title: string
  readonly spec: string
  readonly doc: string
  readonly sources: readonly LogSource[]
}

export const TAXONOMY = 'https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-appendix-taxonomy.md'
export const defineLogSources = (definition: LogSourceDefinition): LogSourceDefinition => definition
