/**
 * What a source is. One `*.source.ts` file per kind default-exports `defineSource({...})`; `registry.ts` finds it by glob.
 * A source imports this file and the reading helpers beside it, never a sibling source and never the registry.
 */
import type { Result } from '../../../../shared/model/result.ts'
import type { SourceInput, SourceSettings, SourceState } from '../../../../shared/model/source.ts'
import type { Position } from '../../store/batch.ts'
import type { CommitSink } from '../../store/types.ts'
import type { ImportOptions } from '../importer.ts'
import type { Feed } from '../pipeline.ts'

export type SourceKind = SourceInput['kind']
type InputOfKind<K extends SourceKind> = Extract<SourceInput, { kind: K }>

export interface SourceContext<K extends SourceKind = SourceKind> {
  readonly id: string
  readonly input: InputOfKind<K>
  readonly settings: SourceSettings
  readonly feed: Feed
  /** Where reading of each file stood when the source was last open; everything of it is committed. */
  readonly positions: readonly Position[]
  /** The same as it is now. */
  stored(): Promise<readonly Position[]>
  readonly importedContent: CommitSink['importedContent']
  readonly captures?: ImportOptions['captures']
  /** `done` and `failed` are final. `problem` is English, for the user. */
  state(state: SourceState, problem: string | null): void
  /** What could not be read or was lost, beside the state; replaces the last one. English, for the user. */
  warning(text: string | null): void
  /** What is as it should be and worth knowing (where it listens); replaces the last one. English, for the user. */
  notice(text: string | null): void
}

export interface RunningSource {
  /** Bytes known to wait. */
  waiting(): number
  /** Stops reading. What was read is in the feed when it resolves. */
  close(): Promise<void>
}

/** First bytes (or records) of a source, for trying it. */
export interface Sample {
  readonly fileName: string
  readonly origin: string
  /** Raw bytes of the beginning, at most 64 KiB; null where nothing can be looked at before it arrives. */
  readonly head: Uint8Array | null
  readonly whole: boolean
}

export interface SourceDefinition<K extends SourceKind = SourceKind> {
  readonly kind: K
  readonly title: string
  /** Two or three sentences: what it reads, what it survives, what it does not. */
  readonly doc: string
  /** Begins at once; must not throw. */
  start(context: SourceContext<K>): RunningSource
  /** Looks at the beginning; stores nothing. An error says why it cannot be read. */
  sample(input: InputOfKind<K>): Promise<Result<Sample>>
}

export const defineSource = <K extends SourceKind>(definition: SourceDefinition<K>): SourceDefinition<K> => definition
