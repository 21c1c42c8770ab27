import { Suspense, useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { navigate } from '../../../app/route.ts'
import { useQuery } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Icon } from '../../../components/Icon.tsx'
import { Pane } from '../../../components/Pane.tsx'
import { ErrorState, Loading } from '../../../components/States.tsx'
import { formatDateTime } from '../../../format/time.ts'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useKeys } from '../../../keys/use-keys.tsx'
import { nameOfFiles } from '../capture-name.ts'
import { PACKET_KEYS } from '../packet-keys.ts'
import { placeHash } from '../page-state.ts'
import { LibraryTool } from '../tools/define.ts'
import type { ToolId } from '../tools/tool-ids.ts'
import { DropZone } from './DropZone.tsx'
import { OpenDialog } from './OpenDialog.tsx'
import { useOpenCapture } from './open-capture.ts'

const fileOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? path

/** No capture is on screen: open one, take up one that was open, look into the library. `named`: files that the address opens, at a `packet`. */
export function OpenPage({
  tool,
  named,
  packet = null,
}: {
  readonly tool: ToolId | null
  readonly named: readonly string[]
  readonly packet?: number | null
}): ReactNode {
  const { t } = useTranslation('packets')
  const format = useFormat()
  const [choosing, setChoosing] = useState(false)
  const { open, running, error } = useOpenCapture()
  useEffect(() => open(named, true, packet), [named, open, packet])
  const list = useQuery('captures.list', {})
  useKeys('packets', PACKET_KEYS, {
    open: () => setChoosing(true),
    close: tool === 'library' ? () => navigate(placeHash({})) : undefined,
  })
  if (tool === 'library' && LibraryTool)
    return (
      <Suspense fallback={<Loading />}>
        <LibraryTool
          capture={null}
          view={null}
          filter=""
          packet={null}
          flow={null}
          onPacket={() => undefined}
          onFilter={() => undefined}
          onTool={() => undefined}
          onCapture={(id) => navigate(placeHash({ capture: id }))}
          onClose={() => navigate(placeHash({}))}
        />
      </Suspense>
    )
  const opened = list.value?.open ?? []
  const recent = (list.value?.recent ?? []).filter(({ id }) => !opened.some((one) => one.id === id))
  return (
    <DropZone onPaths={open} onUnknown={() => setChoosing(true)}>
      <Pane label={t('title')} className="pk-open">
        <div className="pk-open-inner">
          <h2>{t('open.heading')}</h2>
          <p className="dim">{t('open.lead')}</p>
          <div className="pk-open-actions">
            <Button kind="primary" icon="folder" keys="Ctrl+O" onClick={() => setChoosing(true)} disabled={running}>
              {t('open.choose')}
            </Button>
            <Button icon="search" onClick={() => navigate(placeHash({ tool: 'library' }))}>
              {t('open.library')}
            </Button>
          </div>
          <Loading waiting={running} />
          {error ? (
            <ErrorState
              error={error}
              what={t('open.failed')}
              {...(named.length > 0 ? { onRetry: () => open(named, true, packet) } : {})}
            />
          ) : null}
          {list.error ? <ErrorState error={list.error} what={t('open.listFailed')} onRetry={list.refresh} /> : null}
          {opened.length > 0 ? (
            <section>
              <h3>{t('open.opened')}</h3>
              <ul className="pk-captures">
                {opened.map((capture) => (
                  <li key={capture.id}>
                    <a href={placeHash({ capture: capture.id })}>
                      <Icon name="file" size={14} />
                      <span className="ellipsis">{visibleText(nameOfFiles(capture.files.map(({ name }) => name)))}</span>
                      <em>{t('bar.packets', { count: capture.packets, figure: format.number(capture.packets) })}</em>
                      <em>{t(`state.${capture.state}`)}</em>
                    </a>
                  </li>
                ))}
              </ul>
            </section>
          ) : null}
          {recent.length > 0 ? (
            <section>
              <h3>{t('open.recent')}</h3>
              <ul className="pk-captures">
                {recent.map(({ id, paths, opened: when, packets, bytes }) => (
                  <li key={id}>
                    <button type="button" title={paths.map(visibleText).join('\n')} onClick={() => open(paths)}>
                      <Icon name="file" size={14} />
                      <span className="ellipsis">{visibleText(nameOfFiles(paths.map(fileOf)))}</span>
                      <em>{t('bar.packets', { count: packets, figure: format.number(packets) })}</em>
                      <em>{format.bytes(bytes)}</em>
                      <em className="mono">{formatDateTime(when)}</em>
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          ) : null}
          <p className="dim">{t(window.watchfloorHost?.pathOf ? 'open.dropHint' : 'open.dropNot')}</p>
        </div>
      </Pane>
      {choosing ? <OpenDialog onOpen={open} onClose={() => setChoosing(false)} /> : null}
    </DropZone>
  )
}
