import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExportObject } from '../../../../../shared/model/capture.ts'
import { useCommand } from '../../../../client/hooks.ts'
import type { OutputOf } from '../../../../client/types.ts'
import { Button } from '../../../../components/Button.tsx'
import { Dialog } from '../../../../components/Popover.tsx'
import { ErrorState } from '../../../../components/States.tsx'
import { visibleText } from '../../../../format/text.ts'
import { useFormat } from '../../../../i18n/use-format.ts'
import { TypedField } from '../shared/TypedField.tsx'
import { Saved } from '../shared/Saved.tsx'

/** Most that one command takes, and most files that are listed after it. */
const AT_ONCE = 10_000
const LISTED = 200

/** Writes objects below neutral names; the names they were sent with are only shown. */
export function SaveObjects({
  capture,
  objects,
  onClose,
}: {
  readonly capture: string
  readonly objects: readonly ExportObject[]
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('packet-tools')
  const format = useFormat()
  const save = useCommand('packets.saveObjects')
  const [folder, setFolder] = useState('')
  const [saved, setSaved] = useState<OutputOf<'packets.saveObjects'> | null>(null)
  const ids = objects.slice(0, AT_ONCE).map(({ id }) => id)
  const names = new Map(objects.map(({ id, name }) => [id, name]))
  const run = async (): Promise<void> => {
    setSaved(null)
    const result = await save.run({ capture, ids, folder: folder.trim() || null })
    if (result.ok) setSaved(result.value)
  }
  return (
    <Dialog
      title={t('objects.saveTitle', { count: ids.length, figure: format.number(ids.length) })}
      wide
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('close')}</Button>
          <Button kind="primary" disabled={save.running} onClick={() => void run()}>
            {t('objects.saveRun', { count: ids.length, figure: format.number(ids.length) })}
          </Button>
        </>
      }
    >
      <p className="pt-note">{t('objects.safety')}</p>
      <TypedField label={t('saved.folder')} note={t('saved.folderNote')} value={folder} onChange={setFolder} />
      {save.error ? <ErrorState error={save.error} what={t('objects.saveFailed')} /> : null}
      {saved ? (
        <>
          <Saved
            what={t('objects.saved', { count: saved.files.length, figure: format.number(saved.files.length) })}
            path={saved.folder}
          />
          <ul className="pt-files" tabIndex={0} aria-label={t('objects.files')}>
            {saved.files.slice(0, LISTED).map((file) => (
              <li key={file.id}>
                <code>{visibleText(file.path.split(/[\\/]/).at(-1) ?? '')}</code>
                <em>{visibleText((names.get(file.id) ?? '').slice(0, 200))}</em>
                <code>{file.sha256}</code>
                <span className="num">{format.bytes(file.size)}</span>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </Dialog>
  )
}
