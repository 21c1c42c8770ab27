import { memo, useEffect, useRef, useState, type DragEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Evidence } from '../../../../shared/model/incident.ts'
import { Button } from '../../../components/Button.tsx'
import { Menu } from '../../../components/Menu.tsx'
import { Pane, PaneHead } from '../../../components/Pane.tsx'
import { visibleText } from '../../../format/text.ts'
import { formatExact, formatMoment } from '../../../format/time.ts'
import { useJob, useQuery } from '../../../client/hooks.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useEngineNow } from '../../../state/clock.ts'
import { CiteChip } from '../cites/CiteChip.tsx'
import { citeKey } from '../cites/cite-text.ts'
import { useEditor } from '../editor/editor-context.ts'
import { CarvesDialog } from '../evidence/CarvesDialog.tsx'
import { EvidenceDialog } from '../evidence/EvidenceDialog.tsx'
import { useDeeds } from '../evidence/use-deeds.ts'
import { useNotice } from '../../../state/notice.ts'
import { Avatar } from '../marks.tsx'

const ICONS: Record<Evidence['kind'], ReactNode> = {
  packets: (
    <>
      <rect x="3" y="4" width="4" height="12" />
      <rect x="9" y="4" width="3" height="12" />
      <rect x="14" y="4" width="3" height="12" />
    </>
  ),
  record: <path d="M3 5h14M3 10h14M3 15h9" />,
  object: (
    <>
      <path d="M10 3 17 6.500v7L10 17l-7-3.500v-7z" />
      <path d="m3 6.500 7 3.500 7-3.500M10 10v7" />
    </>
  ),
  file: (
    <>
      <path d="M5 3h6.500L15 6.500V17H5z" />
      <path d="M11.500 3v3.500H15" />
    </>
  ),
  screenshot: (
    <>
      <rect x="3" y="4" width="14" height="12" />
      <path d="m3 14 4-4 3 3 3-4 4 5" />
    </>
  ),
}
const short = (hash: string): string => `${hash.slice(0, 8)}…${hash.slice(-4)}`

/** What is kept as proof. `wide`: with where it came from and the whole hash. */
export const EvidencePane = memo(function EvidencePane({ wide = false }: { readonly wide?: boolean }): ReactNode {
  const { t } = useTranslation('incidents')
  const format = useFormat()
  const now = useEngineNow()
  const { parts, number, incident } = useEditor()
  const say = useNotice((state) => state.say)
  const deeds = useDeeds()
  const check = useJob('incidents.checkEvidence')
  const carves = useQuery('incidents.carves', { number })
  const refreshCarves = carves.refresh
  const [opened, setOpened] = useState<string | null>(null)
  const [shown, setShown] = useState<'menu' | 'carves' | null>(null)
  const [over, setOver] = useState(false)
  const add = useRef<HTMLButtonElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const frozen = incident.mergedInto !== null
  const item = parts.evidence.find(({ id }) => id === opened)
  useEffect(() => refreshCarves(), [parts.evidence.length, incident.counts.alerts, refreshCarves])
  const waiting = carves.value?.waiting ?? 0
  // What waits comes without anything else changing.
  useEffect(() => {
    if (waiting === 0) return
    const timer = setInterval(refreshCarves, 3000)
    return () => clearInterval(timer)
  }, [waiting, refreshCarves])
  const failed = (carves.value?.carves ?? []).filter(({ state }) => state === 'failed').length
  const checkAll = async (): Promise<void> => {
    const done = await check.run({ number })
    if (!done.ok) return say(t('evidence.notChecked', { reason: visibleText(done.error.message) }), 'fault')
    const { sealed, missing, altered } = done.value
    if (missing.length + altered.length === 0) say(t('evidence.checked', { count: sealed, figure: format.number(sealed) }))
    else say(t('evidence.checkedBad', { missing: format.list(missing) || '–', altered: format.list(altered) || '–' }), 'fault')
  }
  const dropped = (event: DragEvent): void => {
    const files = [...event.dataTransfer.files]
    setOver(false)
    if (files.length === 0 || frozen) return
    event.preventDefault()
    void deeds.addFiles(files)
  }
  return (
    <Pane label={t('pane.evidence')} className={`in-pane in-evidencepane${over ? ' in-dropping' : ''}`}>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        data-evidence-input=""
        aria-label={t('evidence.addFiles')}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])]
          event.target.value = ''
          void deeds.addFiles(files)
        }}
      />
      <PaneHead
        title={
          <>
            {t('pane.evidence')} <em>{format.number(parts.evidence.length)}</em>
          </>
        }
      >
        {waiting + failed > 0 ? (
          <button type="button" className="link" onClick={() => setShown('carves')}>
            {waiting > 0 ? t('carves.waiting', { count: waiting, figure: format.number(waiting) }) : null}
            {waiting > 0 && failed > 0 ? ' · ' : null}
            {failed > 0 ? (
              <span className="in-fault">{t('carves.failedCount', { count: failed, figure: format.number(failed) })}</span>
            ) : null}
          </button>
        ) : null}
        <Button
          small
          kind="quiet"
          disabled={frozen || check.running || parts.evidence.length === 0}
          onClick={() => void checkAll()}
        >
          {check.running ? t('evidence.checking') : t('evidence.check')}
        </Button>
        <Button
          small
          kind="quiet"
          icon="plus"
          opens
          ref={add}
          disabled={frozen || deeds.running}
          aria-haspopup="menu"
          onClick={() => setShown('menu')}
        >
          {t('evidence.add')}
        </Button>
      </PaneHead>
      <div
        className="in-dropzone"
        onDragOver={(event) => {
          if (frozen || !event.dataTransfer.types.includes('Files')) return
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={dropped}
      >
        {parts.evidence.length === 0 ? (
          <p className="in-none">{t('evidence.empty')}</p>
        ) : (
          <div className="in-evidencescroll">
            <table className={wide ? 'in-evidence in-evidence-wide' : 'in-evidence'}>
              <thead>
                <tr>
                  <th scope="col">{t('evidence.id')}</th>
                  <th scope="col">{t('evidence.name')}</th>
                  <th scope="col" className="in-right">
                    {t('evidence.size')}
                  </th>
                  <th scope="col">{'SHA-256'}</th>
                  {wide ? <th scope="col">{t('evidence.origin')}</th> : null}
                  <th scope="col">{t('evidence.added')}</th>
                  <th scope="col">{t('evidence.custody')}</th>
                </tr>
              </thead>
              <tbody>
                {parts.evidence.map((item) => (
                  <tr
                    key={item.id}
                    tabIndex={0}
                    data-row="evidence"
                    data-id={item.id}
                    aria-label={t('evidence.row', { id: item.id, name: visibleText(item.name) })}
                    onDoubleClick={() => setOpened(item.id)}
                    onKeyDown={(event) => {
                      if (event.key !== 'Enter' || event.target !== event.currentTarget) return
                      event.preventDefault()
                      event.stopPropagation()
                      setOpened(item.id)
                    }}
                  >
                    <td className="mono">
                      <button type="button" className="link" tabIndex={-1} onClick={() => setOpened(item.id)}>
                        {item.id}
                      </button>
                    </td>
                    <td
                      className="in-evidencename"
                      title={visibleText(`${item.name}\n${item.origin}${item.note ? `\n${item.note}` : ''}`)}
                    >
                      <svg
                        className="icon"
                        width="14"
                        height="14"
                        viewBox="0 0 20 20"
                        role="img"
                        aria-label={t(`evidenceKind.${item.kind}`)}
                      >
                        {ICONS[item.kind]}
                      </svg>
                      <span>{visibleText(item.name)}</span>
                      {item.internal ? <em className="in-internal">{t('note.internalMark')}</em> : null}
                    </td>
                    <td className="mono in-right" title={t('evidence.bytes', { bytes: format.number(item.bytes) })}>
                      {format.bytes(item.bytes)}
                    </td>
                    <td className="mono in-hash" title={item.sha256}>
                      {wide ? item.sha256 : short(item.sha256)}
                    </td>
                    {wide ? (
                      <td className="in-origin">
                        {visibleText(item.origin)}{' '}
                        {item.cites.map((cite) => (
                          <CiteChip key={citeKey(cite)} cite={cite} />
                        ))}
                        {item.note ? <em> {visibleText(item.note)}</em> : null}
                      </td>
                    ) : null}
                    <td className="in-added" title={`${visibleText(item.addedBy)} ${formatExact(item.added)}`}>
                      {wide ? visibleText(item.addedBy) : <Avatar name={item.addedBy} />}{' '}
                      {formatMoment(item.added, now).replace(/:\d\d$/, '')}
                    </td>
                    <td className={item.state === 'altered' || item.state === 'missing' ? 'in-fault' : undefined}>
                      <Custody state={item.state} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </div>
      {shown === 'menu' ? (
        <Menu
          anchor={add}
          label={t('evidence.add')}
          align="end"
          onClose={() => setShown(null)}
          items={[
            { id: 'files', label: t('evidence.addFiles'), note: t('evidence.addFilesNote'), run: () => input.current?.click() },
            { id: 'packets', label: t('evidence.addPackets'), note: t('evidence.addPacketsNote'), run: () => setShown('carves') },
          ]}
        />
      ) : null}
      {shown === 'carves' ? <CarvesDialog onClose={() => setShown(null)} /> : null}
      {item ? <EvidenceDialog key={item.id} item={item} onClose={() => setOpened(null)} /> : null}
    </Pane>
  )
})

function Custody({ state }: { readonly state: Evidence['state'] }): ReactNode {
  const { t } = useTranslation('incidents')
  return (
    <span className="in-custody">
      {state === 'sealed' ? (
        <svg className="icon" width="12" height="12" viewBox="0 0 20 20" aria-hidden="true">
          <rect x="4.5" y="9" width="11" height="7.5" />
          <path d="M7 9V6.500a3 3 0 0 1 6 0V9" />
        </svg>
      ) : null}
      {t(`custody.${state}`)}
    </span>
  )
}
