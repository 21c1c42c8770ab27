import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/Button.tsx'
import { useFormat } from '../../../i18n/use-format.ts'
import { useEditor } from '../editor/editor-context.ts'
import { incidentWay } from '../ways.ts'

/** Linked incidents in the head: as many as there is room for, each opened by a click; the button has all. */
export function HeadLinks({ onLinks }: { onLinks(): void }): ReactNode {
  const { t } = useTranslation('incidents')
  const format = useFormat()
  const { links } = useEditor().incident
  return (
    <>
      {links.length === 0 ? null : (
        <span className="in-headlinks">
          {links.map(({ to, kind }) => (
            <a key={to} className="in-chip" href={incidentWay(to)} title={t(`link.is.${kind}`, { number: to })}>
              {t(`link.kind.${kind}`)} {to}
            </a>
          ))}
        </span>
      )}
      <Button keys="L" onClick={onLinks}>
        {links.length === 0 ? t('link.button') : t('link.buttonOf', { figure: format.number(links.length) })}
      </Button>
    </>
  )
}
