import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AlertDetail, Mark } from '../../../shared/model/alert.ts'
import { formatRoute } from '../../app/route.ts'
import { Button } from '../../components/Button.tsx'
import { Kbd } from '../../components/Kbd.tsx'
import { Marked } from '../../components/Marked.tsx'
import { PaneHead } from '../../components/Pane.tsx'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { excerpt, ruleText } from './rule-lines.ts'

/** The rule with what matched marked on the left, and what it matched on the right. */
export function RuleSection({ detail }: { readonly detail: AlertDetail }): ReactNode {
  const { t } = useTranslation('alerts')
  const format = useFormat()
  const [whole, setWhole] = useState(false)
  const { detection, marks } = detail
  const shown = useMemo(() => ruleText(detection.text, marks, whole), [detection.text, marks, whole])
  const hidden = shown.before + shown.after
  return (
    <section className="al-section" aria-label={t('why.title')}>
      <PaneHead title={t('why.title')}>
        {detection.file ? (
          <span className="mono ellipsis" title={visibleText(detection.file)}>
            {visibleText(detection.file.split(/[\\/]/).at(-1) ?? detection.file)}
          </span>
        ) : (
          <span className="mono">{detection.detection}</span>
        )}
        {detection.revision ? <span>{t('why.revision', { revision: visibleText(detection.revision) })}</span> : null}
        {detection.kind === 'sig' ? null : (
          <a className="link al-openrule" href={formatRoute('rules', {}, detection.detection)}>
            {t('why.open')} <Kbd keys="o" />
          </a>
        )}
      </PaneHead>
      {detection.description ? <p className="al-why-text">{visibleText(detection.description)}</p> : null}
      {shown.loose.length > 0 ? (
        <dl className="al-loose">
          {shown.loose.map((mark, index) => (
            <div key={index}>
              <dt className="mono">{visibleText(mark.field)}</dt>
              <dd className="mono">
                <MarkText mark={mark} most={120} />
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
      <pre
        className={detection.kind === 'sig' ? 'al-rule al-rule-sig mono' : 'al-rule mono'}
        tabIndex={0}
        role="region"
        aria-label={t('why.text')}
      >
        {shown.lines.map((line) => (
          <div key={line.number} className={line.marks.length > 0 ? 'al-rule-line on' : 'al-rule-line'}>
            <span>
              <Marked text={line.text} spans={line.spans} />
            </span>
            {line.marks.length > 0 ? <Found marks={line.marks} /> : null}
          </div>
        ))}
      </pre>
      {hidden > 0 || whole ? (
        <Button small kind="quiet" onClick={() => setWhole(!whole)}>
          {t(whole ? 'why.less' : 'why.whole', { lines: format.number(hidden) })}
        </Button>
      ) : null}
      {detection.falsePositives.length > 0 ? (
        <p className="al-why-text">{t('why.falsePositives', { list: format.list(detection.falsePositives.map(visibleText)) })}</p>
      ) : null}
    </section>
  )
}

function Found({ marks }: { readonly marks: readonly Mark[] }): ReactNode {
  const first = marks[0]
  if (!first) return null
  return (
    <span className="al-found" title={marks.map(({ field, value }) => `${visibleText(field)}: ${visibleText(value)}`).join('\n')}>
      <MarkText mark={first} most={44} />
      {marks.length > 1 ? <em> +{marks.length - 1}</em> : null}
    </span>
  )
}

function MarkText({ mark, most }: { readonly mark: Mark; readonly most: number }): ReactNode {
  const { text, span } = useMemo(() => excerpt(mark, most), [mark, most])
  return <Marked text={text} spans={[span]} />
}
