/** Which rules can be exported together: the desk's own ones, those of a folder, those of a pack. */
import type { RuleFolder, RuleSummary } from '../../../../shared/model/rule.ts'
import type { Pack } from '../../../../shared/pack-contract.ts'

export interface ExportChoice {
  /** Another for each. */
  readonly key: string
  /** `own`: neither shipped nor of a pack. `shown`: those that the list shows. */
  readonly kind: 'own' | 'shipped' | 'folder' | 'pack' | 'shown'
  /** Of the folder or the pack; '' of the others. */
  readonly name: string
  readonly ids: readonly string[]
  /** The pack whose name and description an export begins with. */
  readonly pack: Pack | null
}

/** Those that have rules. */
export function exportChoices(
  rules: readonly RuleSummary[],
  folders: readonly RuleFolder[],
  packs: readonly Pack[],
): ExportChoice[] {
  const idsIn = (folder: string): string[] => rules.filter((rule) => rule.folder === folder).map(({ id }) => id)
  const of = (kind: RuleFolder['kind']): readonly RuleFolder[] => folders.filter((folder) => folder.kind === kind)
  const choices: ExportChoice[] = [
    ...of('own').map(({ path }): ExportChoice => ({ key: 'own', kind: 'own', name: '', ids: idsIn(path), pack: null })),
    ...of('added').map(({ path }): ExportChoice => ({
      key: `folder ${path}`,
      kind: 'folder',
      name: path,
      ids: idsIn(path),
      pack: null,
    })),
    ...packs.map((pack): ExportChoice => ({
      key: packKey(pack.id),
      kind: 'pack',
      name: pack.name,
      ids: idsIn(pack.folder),
      pack,
    })),
    ...of('shipped').map(({ path }): ExportChoice => ({
      key: `shipped ${path}`,
      kind: 'shipped',
      name: '',
      ids: idsIn(path),
      pack: null,
    })),
  ]
  return choices.filter(({ ids }) => ids.length > 0)
}

export const packKey = (id: string): string => `pack ${id}`

/** Of the rules that the list shows. */
export const shownChoice = (rules: readonly RuleSummary[]): ExportChoice => ({
  key: 'shown',
  kind: 'shown',
  name: '',
  ids: rules.map(({ id }) => id),
  pack: null,
})
