/** The contract's area of rule packs: rules that go from one desk to another as a folder or a zip, and where they came from. */
import { z } from 'zod'
import { RuleProblem } from './model/rule.ts'
import { Severity } from './model/severity.ts'
import { IsoTime } from './model/time.ts'
import { command, query } from './rpc/kinds.ts'

/** Documents of one pack, and rules of one export. */
export const MOST_PACK_RULES = 20_000

/** Names that Windows takes for devices, whatever their ending. */
export const DEVICE_NAME = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i
/** Also the name of its folder, on every file system. */
export const isPackName = (name: string): boolean =>
  name === name.normalize('NFC') &&
  /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M} ._-]{0,62}[\p{L}\p{N}\p{M}_-])?$/u.test(name) &&
  !DEVICE_NAME.test(name)
export const PackName = z.string().max(64).refine(isPackName, {
  error: 'is of letters, digits, spaces and . _ -, at most 64 of them, and begins with a letter or a digit',
})
export const PackDescription = z.string().max(4000)
export const PackAuthor = z.string().max(200)
export const PackLicense = z.string().max(200)
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** The desk that wrote it. */
export const PackMade = z.object({ at: IsoTime, by: z.string().max(200), version: z.string().max(64) })
export type PackMade = z.infer<typeof PackMade>

/** Of a file of a pack that is there, seen against what was imported. */
export const ChangedFile = z.object({ file: z.string(), how: z.enum(['changed', 'missing', 'added']) })
export type ChangedFile = z.infer<typeof ChangedFile>

/** An import whose place a later one took. */
export const FormerImport = z.object({ from: z.string(), sha256: Sha256, imported: IsoTime, by: z.string() })
export type FormerImport = z.infer<typeof FormerImport>

export const Pack = z.object({
  id: z.string(),
  name: z.string(),
  /** Rules that came of it have this folder. */
  folder: z.string(),
  description: z.string(),
  author: z.string(),
  license: z.string(),
  /** Rules and scenarios that are loaded from it, and documents that should have been. */
  rules: z.number().int(),
  failed: z.number().int(),
  /** Null, as the three below, where nothing says how it came here: somebody put the folder there. */
  from: z.string().nullable(),
  /** Of the zip, or of a folder's sums. */
  sha256: Sha256.nullable(),
  imported: IsoTime.nullable(),
  by: z.string().nullable(),
  made: PackMade.nullable(),
  /** The first thousand of them. */
  changed: z.array(ChangedFile),
  /** The newest first. */
  before: z.array(FormerImport),
})
export type Pack = z.infer<typeof Pack>

export const PACK_STATUSES = ['new', 'same', 'differs', 'failing'] as const
/** A rule, scenario or filter of a pack that is looked at. */
export const PackDocument = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum(['rule', 'scenario', 'filter', 'unknown']),
  level: Severity.nullable(),
  /** Its path in the pack. */
  file: z.string(),
  /** `same` and `differs`: the desk has one with its id. `failing`: it will not be loaded. */
  status: z.enum(PACK_STATUSES),
  /** Where the desk has one with its id: which of the two is used after the import, and where the desk's one is. */
  other: z.object({ used: z.enum(['this', 'other', 'both']), file: z.string() }).nullable(),
  problems: z.array(RuleProblem.omit({ file: true })),
})
export type PackDocument = z.infer<typeof PackDocument>

/** Why a file is not taken along. */
export const LEFT_OUT = ['no_rule_file', 'examples', 'hidden', 'no_rule', 'link', 'unlisted'] as const
export const LeftOut = z.object({ file: z.string(), why: z.enum(LEFT_OUT) })
export type LeftOut = z.infer<typeof LeftOut>

export const PackPreview = z.object({
  /** Null where there is no `pack.json`: a folder or zip of rules. */
  manifest: z.object({ description: PackDescription, author: PackAuthor, license: PackLicense, made: PackMade }).nullable(),
  /** Of the manifest, or made of the path. */
  name: z.string(),
  path: z.string(),
  sha256: Sha256,
  documents: z.array(PackDocument),
  /** Lists that its rules ask for, and log sources that they mean, which the desk lacks. */
  lists: z.array(z.string()),
  logSources: z.array(z.string()),
  /** The first thousand of them, and how many there are. */
  left: z.array(LeftOut),
  leftCount: z.number().int(),
  /** Files that are not as the manifest says: nothing is imported. */
  disagree: z.array(z.object({ file: z.string(), how: z.enum(['differs', 'missing']) })),
  /** The pack of this name whose place it takes. */
  replaces: z.object({ id: z.string(), sha256: Sha256.nullable(), imported: IsoTime.nullable() }).nullable(),
})
export type PackPreview = z.infer<typeof PackPreview>

const Path = z.string().min(1).max(4096)

export const packContract = {
  'packs.list': query('desk.read', z.object({}), z.object({ packs: z.array(Pack) })),
  /**
   * What is in a zip or folder, and what would become of it. Stores nothing. `invalid_input` names the entry that is refused;
   * `unsupported_format` where it is neither zip nor folder; `not_found` where nothing is there.
   */
  'packs.read': query('rules.manage', z.object({ path: Path }), PackPreview),
  /** Takes what was seen: `conflict` where it is another by now. A pack with its name is replaced. */
  'packs.import': command('rules.manage', z.object({ path: Path, sha256: Sha256 }), z.object({ id: z.string() })),
  'packs.remove': command('rules.manage', z.object({ id: z.string().max(200) }), z.object({})),
  /**
   * Writes the files of rules and scenarios and a manifest: a zip where the path ends in `.zip`, else a new folder. `conflict` where
   * something is there already, or a rule's file changed and was not loaded yet.
   */
  'packs.export': command(
    'rules.manage',
    z.object({
      path: Path,
      name: PackName,
      description: PackDescription.default(''),
      author: PackAuthor.default(''),
      license: PackLicense.default(''),
      ids: z.array(z.string().max(200)).min(1).max(MOST_PACK_RULES),
      /** Brings the rules that scenarios correlate. */
      steps: z.boolean().default(true),
    }),
    z.object({
      path: z.string(),
      bytes: z.number(),
      files: z.number().int(),
      rules: z.number().int(),
      /** Brought along because a scenario needs them. */
      steps: z.number().int(),
      filters: z.number().int(),
      /** Named in the manifest and not taken along. */
      lists: z.array(z.string()),
    }),
  ),
} as const
