import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { OutputOf } from '../../../client/types.ts'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { Facts } from './Facts.tsx'

/** What an export wrote, and what stayed here. */
export function Written({ written }: { readonly written: OutputOf<'packs.export'> }): ReactNode {
  const { t } = useTranslation('packs')
  const format = useFormat()
  const { path, bytes, files, rules, steps, filters, lists } = written
  return (
    <div role="status" className="rp-written">
      <p>{t('written.done')}</p>
      <Facts
        facts={[
          [
            t('export.path'),
            <code key="path" className="ru-break">
              {visibleText(path)}
            </code>,
          ],
          [t('written.size'), format.bytes(bytes)],
          [t('written.files'), format.number(files)],
          [t('column.rules'), format.number(rules)],
          steps === 0 ? null : [t('written.steps'), format.number(steps)],
          filters === 0 ? null : [t('written.filters'), format.number(filters)],
          lists.length === 0
            ? null
            : [
                t('written.lists'),
                <span key="lists">
                  <span className="mono">{lists.map((name) => `%${visibleText(name)}%`).join(', ')}</span>
                  <em className="ru-why"> {t('written.listsWhy')}</em>
                </span>,
              ],
        ]}
      />
    </div>
  )
}
