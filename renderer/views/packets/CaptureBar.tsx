import { useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Capture } from '../../../shared/model/capture.ts'
import { useClient } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { Icon } from '../../components/Icon.tsx'
import { Menu, type MenuItem } from '../../components/Menu.tsx'
import { clockOf, formatExact } from '../../format/time.ts'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { nameOfFiles } from './capture-name.ts'
import type { ToolId } from './tools/tool-ids.ts'

/** What is open, and how far it has been read. */
export function CaptureBar({
  capture,
  from,
  menu,
  onMenu,
  onTool,
  onOpen,
  onClose,
  onColours,
}: {
  readonly capture: Capture
  /** The alert or event that led here. */
  readonly from: ReactNode
  /** The menu of tools is open. */
  readonly menu: boolean
  onMenu(open: boolean): void
  onTool(tool: ToolId): void
  onOpen(): void
  onClose(): void
  onColours(): void
}): ReactNode {
  const { t } = useTranslation('packets')
  const format = useFormat()
  const client = useClient()
  const anchor = useRef<HTMLButtonElement>(null)
  const { files, state, progress, first, last, linkTypes } = capture
  const size = files.reduce((sum, file) => sum + file.size, 0)
  const reading = state === 'indexing' || state === 'reading'
  const share = progress.of > 0 ? Math.min(1, progress.bytes / progress.of) : 0
  const tool = (id: ToolId, keys?: string): MenuItem => ({
    id,
    label: t(`tools.${id}`),
    run: () => onTool(id),
    ...(keys ? { note: keys } : {}),
  })
  const items: MenuItem[] = [
    tool('conversations'),
    tool('endpoints'),
    tool('hierarchy'),
    tool('sequence'),
    tool('follow'),
    tool('objects'),
    { ...tool('find'), rule: true },
    tool('goto'),
    tool('carve'),
    tool('keys'),
    tool('library'),
    { id: 'colours', label: t('colours.title'), rule: true, run: onColours },
    { id: 'open', label: t('bar.open'), rule: true, run: onOpen },
    { id: 'close', label: t('bar.close'), run: onClose },
  ]
  return (
    <div className="pk-bar">
      <Icon name="file" />
      <b className="pk-bar-name ellipsis" title={files.map(({ path }) => visibleText(path)).join('\n')}>
        {visibleText(nameOfFiles(files.map(({ name }) => name)))}
      </b>
      {from}
      <span className="pk-bar-facts">
        {files.length > 1 ? <span>{t('bar.files', { count: files.length })}</span> : null}
        <span
          title={t('bar.bytesTitle', { captured: format.number(capture.capturedBytes), wire: format.number(capture.wireBytes) })}
        >
          {format.bytes(size)}
        </span>
        {first && last ? (
          <span title={`${formatExact(first)} – ${formatExact(last)}`}>
            {clockOf(first).date} {clockOf(first).time} –{' '}
            {clockOf(last).date === clockOf(first).date ? '' : `${clockOf(last).date} `}
            {clockOf(last).time} <em>UTC</em>
          </span>
        ) : null}
        <span>
          {visibleText(linkTypes.map(({ name }) => name).join(', '))}
          {capture.timeDigits > 6 ? `, ${t('bar.nanos')}` : ''}
        </span>
        {capture.secrets.embedded > 0 || capture.secrets.keyLog !== null ? (
          <span>{t('bar.secrets', { count: capture.secrets.embedded })}</span>
        ) : null}
      </span>
      <div className="grow" />
      {reading ? (
        <div className="pk-bar-progress">
          <span>{t(`bar.state.${state}`)}</span>
          <div
            className="pk-progress"
            role="progressbar"
            aria-label={t(`bar.state.${state}`)}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(share * 100)}
            title={t('bar.progressTitle', { done: format.bytes(progress.bytes), of: format.bytes(progress.of) })}
          >
            <i style={{ width: `${share * 100}%` }} />
          </div>
          <b>{Math.round(share * 100)} %</b>
          <span className="pk-bar-rate">
            {t('bar.packets', { count: capture.packets, figure: format.number(capture.packets) })}
            {progress.rate > 0 ? ` · ${t('bar.rate', { rate: format.rate(progress.rate) })}` : ''}
            {progress.secondsLeft !== null ? ` · ${t('bar.left', { age: format.age(progress.secondsLeft) })}` : ''}
          </span>
          <Button small onClick={() => void client.command('captures.stop', { capture: capture.id })} keys="Escape">
            {t('bar.stop')}
          </Button>
        </div>
      ) : state === 'stopped' ? (
        <div className="pk-bar-progress">
          <span className="pk-late">{t('bar.stopped', { count: capture.packets, figure: format.number(capture.packets) })}</span>
          <Button small onClick={() => void client.command('captures.resume', { capture: capture.id })}>
            {t('bar.resume')}
          </Button>
        </div>
      ) : (
        <span className="pk-bar-facts">
          {t('bar.packets', { count: capture.packets, figure: format.number(capture.packets) })}
        </span>
      )}
      <Button ref={anchor} small opens keys="o" aria-haspopup="menu" aria-expanded={menu} onClick={() => onMenu(!menu)}>
        {t('bar.tools')}
      </Button>
      {menu ? <Menu anchor={anchor} label={t('bar.tools')} align="end" items={items} onClose={() => onMenu(false)} /> : null}
    </div>
  )
}

/** Where and why reading stopped before the end of a file, and what can still be used. */
export function ReadingErrors({ capture }: { readonly capture: Capture }): ReactNode {
  const { t } = useTranslation('packets')
  const format = useFormat()
  const broken = capture.files.filter(({ error }) => error !== null)
  if (broken.length === 0 && capture.state !== 'failed') return null
  return (
    <div className="pk-errors" role="alert">
      {capture.state === 'failed' ? <p>{t('errors.failed', { reason: visibleText(capture.problem ?? '') })}</p> : null}
      {broken.slice(0, 3).map(({ path, name, error, packets }) => (
        <p key={path}>
          <b>{visibleText(name)}</b>{' '}
          {t('errors.stopped', {
            offset: format.number(error?.offset ?? 0),
            reason: visibleText(error?.reason ?? ''),
            packets: format.number(packets),
          })}
        </p>
      ))}
      {broken.length > 3 ? <p>{t('errors.more', { count: broken.length - 3 })}</p> : null}
    </div>
  )
}
