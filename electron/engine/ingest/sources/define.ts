/**
 * What a source is. One `*.source.ts` file per kind default-exports `defineSource({...})`; `registry.ts` finds it by glob.
 * A source imports this file and the reading helpers beside it, never a sibling source and never the registry.
 */
import type { Sentence } from '../../../../shared/model/sentence.ts'
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
  /** `done` and `failed` are final. */
  state(state: SourceState, problem: Sentence | null): void
  /** What could not be read or was lost, beside the state; replaces the last one. */
  warning(warning: Sentence | null): void
  /** What is as it should be and worth knowing (where it listens); replaces the last one. */
  notice(notice: Sentence | null): void
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
  /** Id of the parser that it is known to be for, whatever the first records are. */
  readonly format?: string
}

/** Why nothing can be looked at. */
export interface NoSample {
  readonly problem: Sentence
}

export interface SourceDefinition<K extends SourceKind = SourceKind> {
  readonly kind: K
  readonly title: string
  /** Two or three sentences: what it reads, what it survives, what it does not. */
  readonly doc: string
  /** Begins at once; must not throw. */
  start(context: SourceContext<K>): RunningSource
  /** Looks at the beginning; stores nothing. */
  sample(input: InputOfKind<K>): Promise<Sample | NoSample>
}

export const defineSource = <K extends SourceKind>(definition: SourceDefinition<K>): SourceDefinition<K> => definition
