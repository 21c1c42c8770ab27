import { type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { ErrorState, Loading } from '../../../components/States.tsx'
import { visibleText } from '../../../format/text.ts'
import { CiteChip } from '../cites/CiteChip.tsx'
import { useEditor } from '../editor/editor-context.ts'
import { useDeeds } from './use-deeds.ts'

/** Reasons that are codes; others are what failed, in the engine's words. */
const REASONS: ReadonlySet<string> = new Set(['no_address', 'no_capture', 'not_indexed', 'not_found', 'more_flows', 'enough'])

/** What came of the packets of each alert, and looking for them again. */
export function CarvesDialog({ onClose }: { onClose(): void }): ReactNode {
  const { t } = useTranslation('incidents')
  const { number } = useEditor()
  const { value, error, refresh } = useQuery('incidents.carves', { number })
  const { running, carve } = useDeeds()
  const again = (value?.carves ?? []).filter(({ state }) => state === 'none' || state === 'failed').map(({ alert }) => alert)
  return (
    <Dialog
      title={t('carves.title')}
      wide
      onClose={onClose}
      footer={
        <>
          <Button disabled={running || again.length === 0} onClick={() => void carve(again).then(refresh)}>
            {t('carves.again')}
          </Button>
          <Button kind="primary" data-autofocus="" onClick={onClose}>
            {t('common:close')}
          </Button>
        </>
      }
    >
      <p className="in-quiet">{t('carves.about')}</p>
      {error ? <ErrorState error={error} what={t('carves.failed')} onRetry={refresh} /> : null}
      <Loading waiting={value === null && !error} />
      {value?.carves.length === 0 ? <p className="in-none">{t('carves.none')}</p> : null}
      <ul className="in-carves">
        {value?.carves.map(({ alert, state, reason }) => (
          <li key={alert}>
            <CiteChip cite={{ kind: 'alert', alert }} />
            <span className={state === 'failed' ? 'in-fault' : undefined}>{t(`carves.state.${state}`)}</span>
            <span className="in-quiet">{REASONS.has(reason) ? t(`carves.reason.${reason}`) : visibleText(reason)}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
