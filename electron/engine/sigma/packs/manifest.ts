/** `pack.json`: what a pack says of itself. */
import { z } from 'zod'
import { ok, type Result } from '../../../../shared/model/result.ts'
import {
  MOST_PACK_RULES,
  PackAuthor,
  PackDescription,
  PackLicense,
  PackMade,
  PackName,
  Sha256,
} from '../../../../shared/pack-contract.ts'
import { isRuleFile, TakenNames, wrongName } from './entry-name.ts'
import { MOST_ENTRIES } from './limits.ts'
import { refuse } from './refusal.ts'

export const MANIFEST = 'pack.json'

export const ORIGINS = ['shipped', 'own', 'pack', 'folder'] as const
/** Where the desk that made the pack had the rule from. */
export const RuleOrigin = z.object({
  origin: z.enum(ORIGINS),
  /** Of the pack or the folder; '' of own and shipped rules. */
  name: z.string().max(256),
  /** An own rule that stands above another with its id; a file of a pack that was changed since its import. */
  modified: z.boolean(),
})
export type RuleOrigin = z.infer<typeof RuleOrigin>

const ManifestFile = z.object({
  path: z
    .string()
    .refine((path) => wrongName(path) === null && isRuleFile(path), { error: 'is no path of a rule file in a pack' }),
  sha256: Sha256,
  rules: z
    .array(
      z.object({
        id: z.string().max(128),
        title: z.string().max(1024),
        kind: z.enum(['rule', 'scenario', 'filter']),
        from: RuleOrigin,
      }),
    )
    .max(MOST_PACK_RULES),
})
export type ManifestFile = z.infer<typeof ManifestFile>

export const Manifest = z.object({
  watchfloorPack: z.literal(1),
  name: PackName,
  description: PackDescription,
  author: PackAuthor,
  license: PackLicense,
  made: PackMade,
  /** Lists that its rules ask for: their names only, since what is in them may be confidential. */
  lists: z.array(z.string().min(1).max(64)).max(1000),
  logSources: z.array(z.string().min(1).max(64)).max(1000),
  files: z.array(ManifestFile).max(MOST_ENTRIES),
})
export type Manifest = z.infer<typeof Manifest>

/** The error says what is wrong, and where. */
export function readManifest(bytes: Uint8Array): Result<Manifest> {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return refuse(MANIFEST, 'is no JSON')
  }
  const read = Manifest.safeParse(json)
  if (!read.success) {
    const issue = read.error.issues[0]
    return refuse(MANIFEST, issue === undefined ? 'is damaged' : `${issue.path.join('.')}: ${issue.message}`)
  }
  const names = new TakenNames()
  for (const { path } of read.data.files) {
    const taken = names.add(path)
    if (taken !== null) return refuse(path, `${taken} (${MANIFEST})`)
  }
  return ok(read.data)
}

export const manifestText = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 2)}\n`
