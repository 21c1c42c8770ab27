import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { LEFT_OUT, type LeftOut as Left } from '../../../../shared/pack-contract.ts'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'

/** Files that are not taken along, by why. */
export function LeftOut({ left, count }: { readonly left: readonly Left[]; readonly count: number }): ReactNode {
  const { t } = useTranslation('packs')
  const format = useFormat()
  return (
    <details className="rp-left">
      <summary>{t('left.count', { count, figure: format.number(count) })}</summary>
      {LEFT_OUT.map((why) => {
        const files = left.filter((one) => one.why === why)
        return files.length === 0 ? null : (
          <section key={why}>
            <h4>
              {t(`left.${why}`)} <span className="dim">{format.number(files.length)}</span>
            </h4>
            <ul className="ru-list">
              {files.map(({ file }) => (
                <li key={file}>
                  <code className="ru-break">{visibleText(file)}</code>
                </li>
              ))}
            </ul>
          </section>
        )
      })}
      {count > left.length ? (
        <p className="dim">{t('left.more', { count: count - left.length, figure: format.number(count - left.length) })}</p>
      ) : null}
    </details>
  )
}
