import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Pack } from '../../../../shared/pack-contract.ts'
import { Button } from '../../../components/Button.tsx'
import { Pane, PaneHead } from '../../../components/Pane.tsx'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { Facts } from './Facts.tsx'
import { MOST_CHANGED } from './file-state.ts'
import { momentOf } from './moment.ts'
import { RemovePack } from './RemovePack.tsx'
import { visibleLines } from './visible-lines.ts'

/** One pack: what it says of itself, how it came here, and what became of its files since. */
export function PackPanel({
  pack,
  onRules,
  onProblems,
  onExport,
  onRemoved,
  onClose,
}: {
  readonly pack: Pack
  onRules(): void
  onProblems(): void
  onExport(): void
  onRemoved(): void
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('packs')
  const format = useFormat()
  const [leaving, setLeaving] = useState(false)
  const name = visibleText(pack.name)
  const { made } = pack
  return (
    <Pane label={name} as="aside" className="ru-panel">
      <header className="ru-panel-head">
        <h2>{name}</h2>
        <Button small kind="quiet" keys="Escape" className="ru-right" aria-label={t('common:close')} onClick={onClose} />
      </header>
      <div className="ru-panel-body">
        {pack.description === '' ? null : <p className="rp-said">{visibleLines(pack.description)}</p>}
        <Facts
          facts={[
            pack.author === '' ? null : [t('author'), visibleText(pack.author)],
            pack.license === '' ? null : [t('license'), visibleText(pack.license)],
            [t('column.rules'), format.number(pack.rules)],
            pack.failed === 0
              ? null
              : [
                  t('column.failed'),
                  <button key="failed" type="button" className="link" onClick={onProblems}>
                    {t('panel.problems', { count: pack.failed, figure: format.number(pack.failed) })}
                  </button>,
                ],
            [
              t('panel.folder'),
              <code key="folder" className="ru-break">
                {visibleText(pack.folder)}
              </code>,
            ],
          ]}
        />
        <section aria-label={t('provenance.title')}>
          <PaneHead title={t('provenance.title')} />
          {pack.imported === null ? (
            <p className="ru-statistics">{t('panel.byHand')}</p>
          ) : (
            <Facts
              facts={[
                [
                  t('column.from'),
                  <code key="from" className="ru-break">
                    {visibleText(pack.from ?? '')}
                  </code>,
                ],
                [
                  'SHA-256',
                  <code key="sum" className="ru-break">
                    {pack.sha256}
                  </code>,
                ],
                [t('column.imported'), t('importedBy', { time: momentOf(pack.imported), name: visibleText(pack.by ?? '') })],
                made === null
                  ? null
                  : [
                      t('made'),
                      t('madeBy', {
                        time: momentOf(made.at),
                        name: visibleText(made.by),
                        version: visibleText(made.version),
                      }),
                    ],
              ]}
            />
          )}
        </section>
        {pack.imported === null ? null : (
          <section aria-label={t('panel.changed')}>
            <PaneHead title={t('panel.changed')} />
            {pack.changed.length === 0 ? (
              <p className="ru-statistics">{t('panel.unchanged')}</p>
            ) : (
              <>
                <ul className="ru-list">
                  {pack.changed.map(({ file, how }) => (
                    <li key={file}>
                      <code className="ru-break">{visibleText(file)}</code> {t(`how.${how}`)}
                    </li>
                  ))}
                </ul>
                {pack.changed.length < MOST_CHANGED ? null : <p className="ru-statistics">{t('panel.moreChanged')}</p>}
              </>
            )}
          </section>
        )}
        {pack.before.length === 0 ? null : (
          <section aria-label={t('panel.before')}>
            <PaneHead title={t('panel.before')} />
            <ul className="ru-list">
              {pack.before.map(({ from, sha256, imported, by }) => (
                <li key={`${imported} ${sha256}`}>
                  {t('importedBy', { time: momentOf(imported), name: visibleText(by) })}
                  <br />
                  <code className="ru-break">{visibleText(from)}</code>
                  <br />
                  <code className="ru-break dim">{sha256}</code>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
      <footer className="ru-panel-foot">
        <Button kind="primary" disabled={pack.rules === 0} onClick={onRules}>
          {t('panel.rules', { count: pack.rules, figure: format.number(pack.rules) })}
        </Button>
        <Button keys="x" disabled={pack.rules === 0} onClick={onExport}>
          {t('panel.export')}
        </Button>
        <Button className="ru-right" onClick={() => setLeaving(true)}>
          {t('remove.open')}
        </Button>
      </footer>
      {leaving ? <RemovePack pack={pack} onRemoved={onRemoved} onClose={() => setLeaving(false)} /> : null}
    </Pane>
  )
}
