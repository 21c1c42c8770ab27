import type { ReactNode, Ref } from 'react'
import { useTranslation } from 'react-i18next'
import type { RuleFolder, RuleSummary } from '../../../../shared/model/rule.ts'
import type { Pack } from '../../../../shared/pack-contract.ts'
import type { QueryState } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Pane } from '../../../components/Pane.tsx'
import { EmptyState, ErrorState, Loading } from '../../../components/States.tsx'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useListKeys, type ListKeys } from '../sources/list-keys.ts'
import '../sources/sources.css'
import { exportChoices, packKey } from './export-choice.ts'
import { ExportPack } from './ExportPack.tsx'
import { ImportPack } from './ImportPack.tsx'
import { momentOf } from './moment.ts'
import { EXPORT, exported, IMPORT, opened } from './open-pack.ts'
import { PackPanel } from './PackPanel.tsx'
import './packs.css'

/** Packs that were imported: where each came from, and whether its files are still what came. */
export function Packs({
  open,
  packs: { value, error, loading, refresh },
  rules,
  folders,
  keys,
  onOpen,
  onRules,
  onProblems,
}: {
  /** What `open-pack.ts` reads. */
  readonly open: string
  readonly packs: QueryState<{ readonly packs: readonly Pack[] }>
  readonly rules: readonly RuleSummary[]
  readonly folders: readonly RuleFolder[]
  readonly keys: Ref<ListKeys>
  onOpen(open: string): void
  /** Shows the rules of a folder. */
  onRules(folder: string): void
  onProblems(): void
}): ReactNode {
  const { t } = useTranslation('packs')
  const format = useFormat()
  const body = useListKeys(keys)
  const packs = value?.packs ?? []
  const shown = opened(open)
  const pack = packs.find(({ id }) => id === shown)
  const out = exported(open)
  return (
    <>
      <Pane label={t('table')} className="rs-list">
        <div className="rs-bar">
          <p className="dim">{t('note')}</p>
          <Button small icon="plus" keys="i" className="ru-right" onClick={() => onOpen(IMPORT)}>
            {t('import.open')}
          </Button>
          <Button small keys="x" onClick={() => onOpen(EXPORT + (pack?.id ?? ''))}>
            {t(pack === undefined ? 'export.open' : 'panel.export')}
          </Button>
        </div>
        {error ? <ErrorState error={error} what={t('failed')} onRetry={refresh} /> : null}
        {loading && (!value || (shown !== '' && !pack)) ? <Loading /> : null}
        {value && packs.length === 0 ? (
          <EmptyState actions={<Button onClick={() => onOpen(IMPORT)}>{t('import.open')}</Button>}>{t('none')}</EmptyState>
        ) : null}
        <div ref={body} className="rs-scroll">
          {packs.length > 0 ? (
            <table className="rs-table rp-table">
              <thead>
                <tr>
                  <th scope="col">{t('column.name')}</th>
                  <th scope="col" className="num">
                    {t('column.rules')}
                  </th>
                  <th scope="col" className="num">
                    {t('column.failed')}
                  </th>
                  <th scope="col" className="num">
                    {t('column.changed')}
                  </th>
                  <th scope="col">{t('column.from')}</th>
                  <th scope="col">{t('column.imported')}</th>
                  <th scope="col">{t('column.by')}</th>
                </tr>
              </thead>
              <tbody>
                {packs.map((one) => (
                  <tr key={one.id}>
                    <th scope="row">
                      <button
                        type="button"
                        data-row=""
                        aria-pressed={one.id === shown}
                        className="rs-open"
                        onClick={() => onOpen(one.id === shown ? '' : one.id)}
                      >
                        {visibleText(one.name)}
                      </button>
                    </th>
                    <td className="num">{format.number(one.rules)}</td>
                    <td className={one.failed > 0 ? 'num ru-fault' : 'num dim'}>{format.number(one.failed)}</td>
                    <td className={one.changed.length > 0 ? 'num' : 'num dim'}>
                      {one.imported === null ? '–' : format.number(one.changed.length)}
                    </td>
                    <td className={one.from === null ? 'rp-from dim' : 'rp-from mono'} title={visibleText(one.from ?? '')}>
                      {one.from === null ? t('byHand') : visibleText(one.from)}
                    </td>
                    <td className="rp-when dim">{one.imported === null ? '–' : momentOf(one.imported)}</td>
                    <td className="rp-by dim">{one.by === null ? '–' : visibleText(one.by)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          ) : null}
        </div>
      </Pane>
      {pack ? (
        <PackPanel
          key={pack.id}
          pack={pack}
          onRules={() => onRules(pack.folder)}
          onProblems={onProblems}
          onExport={() => onOpen(EXPORT + pack.id)}
          onRemoved={() => (refresh(), onOpen(''))}
          onClose={() => onOpen('')}
        />
      ) : null}
      {open === IMPORT ? (
        <ImportPack
          onDone={(id) => {
            refresh()
            onOpen(id)
          }}
          onClose={() => onOpen('')}
        />
      ) : null}
      {out !== null && value ? (
        <ExportPack
          choices={exportChoices(rules, folders, packs)}
          chosen={out === '' ? null : packKey(out)}
          onClose={() => onOpen(out)}
        />
      ) : null}
    </>
  )
}
