import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Pack } from '../../../../shared/pack-contract.ts'
import { useCommand } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { ErrorState } from '../../../components/States.tsx'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useNotice } from '../../../state/notice.ts'

/** Asks, then removes the pack with its files. */
export function RemovePack({ pack, onRemoved, onClose }: { readonly pack: Pack; onRemoved(): void; onClose(): void }): ReactNode {
  const { t } = useTranslation('packs')
  const format = useFormat()
  const say = useNotice((state) => state.say)
  const remove = useCommand('packs.remove')
  const name = visibleText(pack.name)
  return (
    <Dialog
      title={t('remove.title', { name })}
      onClose={onClose}
      footer={
        <>
          <Button data-autofocus="" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button
            kind="primary"
            disabled={remove.running}
            onClick={() =>
              void remove.run({ id: pack.id }).then((result) => {
                if (!result.ok) return
                say(t('remove.done', { name }))
                onRemoved()
              })
            }
          >
            {t('remove.now')}
          </Button>
        </>
      }
    >
      <p>{t('remove.text', { count: pack.rules, figure: format.number(pack.rules) })}</p>
      {pack.changed.length > 0 ? (
        <p>{t('remove.changed', { count: pack.changed.length, figure: format.number(pack.changed.length) })}</p>
      ) : null}
      {remove.error ? <ErrorState error={remove.error} what={t('remove.failed')} /> : null}
    </Dialog>
  )
}
