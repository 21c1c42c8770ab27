import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { PackPreview } from '../../../../shared/pack-contract.ts'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { Documents } from './Documents.tsx'
import { Facts } from './Facts.tsx'
import { LeftOut } from './LeftOut.tsx'
import { momentOf } from './moment.ts'
import { hindrance, usable } from './shown-documents.ts'
import { visibleLines } from './visible-lines.ts'

/** What is in a pack, and what would become of it here. */
export function Preview({ preview }: { readonly preview: PackPreview }): ReactNode {
  const { t } = useTranslation('packs')
  const format = useFormat()
  const { manifest, replaces, disagree, lists, logSources, documents } = preview
  const why = hindrance(preview)
  return (
    <>
      {why === 'disagree' ? (
        <div className="wf-error" role="alert">
          <b>{t('preview.disagree', { count: disagree.length, figure: format.number(disagree.length) })}</b>
          <span>{t('preview.disagreeWhy')}</span>
          <ul className="ru-list rp-files">
            {disagree.map(({ file, how }) => (
              <li key={file}>
                <code className="ru-break">{visibleText(file)}</code> {t(`disagree.${how}`)}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {why === 'nothing' ? (
        <div className="wf-error" role="alert">
          <b>{t('preview.nothing')}</b>
        </div>
      ) : null}
      {why === null && usable(documents) === 0 ? <p>{t('preview.noneUsed')}</p> : null}
      <Facts
        facts={[
          [t('column.name'), <b key="name">{visibleText(preview.name)}</b>],
          manifest === null || manifest.description === ''
            ? null
            : [
                t('description'),
                <span key="description" className="rp-said">
                  {visibleLines(manifest.description)}
                </span>,
              ],
          manifest === null || manifest.author === '' ? null : [t('author'), visibleText(manifest.author)],
          manifest === null || manifest.license === '' ? null : [t('license'), visibleText(manifest.license)],
          manifest === null
            ? [t('made'), t('preview.noManifest')]
            : [
                t('made'),
                t('madeBy', {
                  time: momentOf(manifest.made.at),
                  name: visibleText(manifest.made.by),
                  version: visibleText(manifest.made.version),
                }),
              ],
          [
            t('column.from'),
            <code key="from" className="ru-break">
              {visibleText(preview.path)}
            </code>,
          ],
          [
            'SHA-256',
            <code key="sum" className="ru-break">
              {preview.sha256}
            </code>,
          ],
          replaces === null
            ? null
            : [
                t('preview.replaces'),
                <span key="replaces">
                  {replaces.imported === null
                    ? visibleText(replaces.id)
                    : t('preview.replacesOf', { name: visibleText(replaces.id), time: momentOf(replaces.imported) })}
                  {replaces.sha256 === preview.sha256 ? <em className="ru-why"> {t('preview.sameBytes')}</em> : null}
                </span>,
              ],
          lists.length === 0
            ? null
            : [
                t('preview.lists'),
                <span key="lists">
                  <span className="mono">{lists.map((name) => `%${visibleText(name)}%`).join(', ')}</span>
                  <em className="ru-why"> {t('preview.listsWhy')}</em>
                </span>,
              ],
          logSources.length === 0
            ? null
            : [
                t('preview.logSources'),
                <span key="sources">
                  <span className="mono">{logSources.map(visibleText).join(', ')}</span>
                  <em className="ru-why"> {t('preview.logSourcesWhy')}</em>
                </span>,
              ],
        ]}
      />
      {documents.length > 0 ? <Documents documents={documents} /> : null}
      {preview.leftCount > 0 ? <LeftOut left={preview.left} count={preview.leftCount} /> : null}
    </>
  )
}
