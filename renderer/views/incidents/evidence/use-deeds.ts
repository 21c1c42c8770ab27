/** What a screen does with evidence of the open incident: each says what came of it. */
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MOST_UPLOAD } from '../../../../shared/incident-evidence-contract.ts'
import type { Evidence } from '../../../../shared/model/incident.ts'
import { useClient } from '../../../client/hooks.ts'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useNotice } from '../../../state/notice.ts'
import { useEditor } from '../editor/editor-context.ts'
import { uploadEvidence } from './upload.ts'

export interface Deeds {
  readonly running: boolean
  /** Pictures are screenshots, everything else is a file. */
  addFiles(files: readonly File[]): Promise<void>
  exportItem(item: Evidence): Promise<void>
  /** Looks for the packets of alerts again. */
  carve(alerts: readonly string[]): Promise<void>
}
const PICTURE = /^image\/(png|jpeg|gif|webp)$/

export function useDeeds(): Deeds {
  const { t } = useTranslation('incidents')
  const format = useFormat()
  const client = useClient()
  const { number } = useEditor()
  const say = useNotice((state) => state.say)
  const [running, setRunning] = useState(false)
  const during = useCallback(async (work: () => Promise<void>): Promise<void> => {
    setRunning(true)
    try {
      await work()
    } finally {
      setRunning(false)
    }
  }, [])
  const addFiles = useCallback(
    (files: readonly File[]) =>
      during(async () => {
        const added: string[] = []
        const percent = new Intl.NumberFormat(format.language, { style: 'percent' })
        for (const file of files) {
          if (file.size > MOST_UPLOAD) {
            say(t('evidence.tooLarge', { name: visibleText(file.name), most: format.bytes(MOST_UPLOAD) }), 'fault')
            continue
          }
          const kind = PICTURE.test(file.type) ? 'screenshot' : 'file'
          const done = await uploadEvidence(client, number, kind, file, (sent) => {
            if (file.size > sent)
              say(t('evidence.sending', { name: visibleText(file.name), part: percent.format(sent / file.size) }))
          })
          if (!done.ok)
            return say(t('evidence.notAdded', { name: visibleText(file.name), reason: visibleText(done.error.message) }), 'fault')
          added.push(done.value.id)
        }
        if (added.length > 0) say(t('evidence.addedNow', { count: added.length, ids: format.list(added) }))
      }),
    [client, number, during, say, t, format],
  )
  const exportItem = useCallback(
    (item: Evidence) =>
      during(async () => {
        const done = await client.command('incidents.exportEvidence', { number, id: item.id })
        if (done.ok) say(t('evidence.exported', { path: visibleText(done.value.path) }))
        else say(t('evidence.notExported', { reason: visibleText(done.error.message) }), 'fault')
      }),
    [client, number, during, say, t],
  )
  const carve = useCallback(
    (alerts: readonly string[]) =>
      during(async () => {
        let count = 0
        for (const alert of alerts) {
          const done = await client.command('incidents.addPackets', { number, from: { kind: 'alert', alert } })
          if (!done.ok) return say(t('evidence.notCarved', { reason: visibleText(done.error.message) }), 'fault')
          count += done.value.ids.length
        }
        say(t('evidence.carved', { count, figure: format.number(count) }))
      }),
    [client, number, during, say, t, format],
  )
  return { running, addFiles, exportItem, carve }
}
