import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useCommand } from '../../../../client/hooks.ts'
import { Button } from '../../../../components/Button.tsx'
import { Dialog } from '../../../../components/Popover.tsx'
import { Segmented } from '../../../../components/Segmented.tsx'
import { ErrorState } from '../../../../components/States.tsx'
import { useFormat } from '../../../../i18n/use-format.ts'
import { TypedField } from '../shared/TypedField.tsx'
import { Saved } from '../shared/Saved.tsx'
import type { FollowAs } from './use-stream.ts'

const SIDES = ['both', 'client', 'server'] as const
type Side = (typeof SIDES)[number]

/** Writes a stream to a file, one direction or both, as it is. */
export function SaveStream({
  capture,
  flow,
  as,
  onClose,
}: {
  readonly capture: string
  readonly flow: number
  readonly as: FollowAs
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('packet-tools')
  const format = useFormat()
  const save = useCommand('packets.saveStream')
  const [side, setSide] = useState<Side>('both')
  const [path, setPath] = useState('')
  const [saved, setSaved] = useState<{ path: string; bytes: number; sha256: string } | null>(null)
  const run = async (): Promise<void> => {
    setSaved(null)
    const direction = side === 'both' ? null : side === 'client' ? 0 : 1
    const result = await save.run({ capture, flow, as, direction, path: path.trim() || null })
    if (result.ok) setSaved(result.value)
  }
  return (
    <Dialog
      title={t('follow.saveTitle')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('close')}</Button>
          <Button kind="primary" disabled={save.running} onClick={() => void run()}>
            {t('follow.saveRun')}
          </Button>
        </>
      }
    >
      <Segmented
        label={t('follow.direction')}
        value={side}
        onChange={setSide}
        segments={SIDES.map((value) => ({ value, label: t(`follow.only.${value}`) }))}
      />
      <TypedField label={t('saved.file')} note={t('saved.fileNote')} value={path} onChange={setPath} />
      {save.error ? <ErrorState error={save.error} what={t('follow.saveFailed')} /> : null}
      {saved ? (
        <Saved what={t('follow.saved', { bytes: format.bytes(saved.bytes) })} path={saved.path} sha256={saved.sha256} />
      ) : null}
    </Dialog>
  )
}
