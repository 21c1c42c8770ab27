import { useState, type DragEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNotice } from '../../../state/notice.ts'
import { hasFiles, pathsOf } from './dropped.ts'

/** The page takes files that are dropped onto it. `onUnknown`: their place cannot be told here, so they must be chosen. */
export function DropZone({
  children,
  onPaths,
  onUnknown,
}: {
  readonly children: ReactNode
  onPaths(paths: readonly string[]): void
  onUnknown(): void
}): ReactNode {
  const { t } = useTranslation('packets')
  const say = useNotice((state) => state.say)
  const [over, setOver] = useState(false)
  const dragged = (event: DragEvent): void => {
    if (!hasFiles(event.dataTransfer)) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'copy'
    setOver(true)
  }
  const dropped = (event: DragEvent): void => {
    if (!hasFiles(event.dataTransfer)) return
    event.preventDefault()
    setOver(false)
    const { paths, unknown } = pathsOf([...event.dataTransfer.files], window.watchfloorHost?.pathOf)
    if (paths.length > 0) onPaths(paths)
    else if (unknown > 0) {
      say(t('open.dropUnknown'), 'fault')
      onUnknown()
    }
  }
  return (
    <div
      className={`pk-drop ${over ? 'pk-drop-over' : ''}`}
      onDragEnter={dragged}
      onDragOver={dragged}
      onDragLeave={(event) => event.currentTarget === event.target && setOver(false)}
      onDrop={dropped}
    >
      {children}
      {over ? <div className="pk-drop-here">{t('open.drop')}</div> : null}
    </div>
  )
}
