/**
 * Techniques of ATT&CK, Enterprise, version 18: their ids, names and tactics. © 2025 The MITRE Corporation. This work is reproduced and
 * distributed with the permission of The MITRE Corporation; its terms are in `LICENSE.md` beside this.
 */
import table from './techniques.json' with { type: 'json' }

export interface KnownTechnique {
  /** `T1059`, or `T1059.001`. */
  readonly id: string
  readonly name: string
  /** Ids, as `TA0002`. */
  readonly tactics: readonly string[]
}

/** By id. */
export const TECHNIQUES: ReadonlyMap<string, KnownTechnique> = new Map(
  Object.entries(table as Readonly<Record<string, readonly string[]>>).map(([id, [name = id, ...tactics]]) => [
    id,
    { id, name, tactics },
  ]),
)

/** The technique of a sub-technique, or the same. */
export const parentTechnique = (id: string): string => id.split('.')[0]!
