import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { RuleSummary } from '../../../../shared/model/rule.ts'
import type { Pack } from '../../../../shared/pack-contract.ts'
import { formatRoute } from '../../../app/route.ts'
import { PaneHead } from '../../../components/Pane.tsx'
import { visibleText } from '../../../format/text.ts'
import { Facts } from './Facts.tsx'
import { fileState, packOf } from './file-state.ts'
import { momentOf } from './moment.ts'

/** Of a rule that came in a pack: which one, from where, by whom, and whether it is still what came. Nothing of other rules. */
export function Provenance({ rule, packs }: { readonly rule: RuleSummary; readonly packs: readonly Pack[] }): ReactNode {
  const { t } = useTranslation('packs')
  const pack = packOf(packs, rule)
  if (pack === null) return null
  const state = fileState(pack, rule)
  return (
    <section aria-label={t('provenance.title')}>
      <PaneHead title={t('provenance.title')} />
      <Facts
        facts={[
          [
            t('column.name'),
            <a key="pack" className="link" href={formatRoute('rules', { show: 'packs' }, pack.id)}>
              {visibleText(pack.name)}
            </a>,
          ],
          pack.from === null
            ? [t('column.from'), t('byHand')]
            : [
                t('column.from'),
                <code key="from" className="ru-break">
                  {visibleText(pack.from)}
                </code>,
              ],
          pack.imported === null
            ? null
            : [t('column.imported'), t('importedBy', { time: momentOf(pack.imported), name: visibleText(pack.by ?? '') })],
          state === 'unknown' ? null : [t('provenance.state'), t(`provenance.${state}`)],
        ]}
      />
    </section>
  )
}
