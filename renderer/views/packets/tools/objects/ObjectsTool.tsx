import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExportObject } from '../../../../../shared/model/capture.ts'
import { useJob } from '../../../../client/hooks.ts'
import { Button } from '../../../../components/Button.tsx'
import { EmptyState, ErrorState, Loading } from '../../../../components/States.tsx'
import { visibleText } from '../../../../format/text.ts'
import { useFormat } from '../../../../i18n/use-format.ts'
import { KeepEvidence } from '../../../../widgets/keep-evidence/KeepEvidence.tsx'
import type { ToolProps } from '../define.ts'
import { sortRows } from '../shared/sort-rows.ts'
import { ToolFrame } from '../shared/ToolFrame.tsx'
import { sortAfter, ToolGrid, type Sort, type ToolColumn } from '../shared/ToolGrid.tsx'
import { useCopy } from '../shared/use-copy.ts'
import { useInsideKeys } from '../shared/use-inside-keys.ts'
import { SaveObjects } from './SaveObjects.tsx'

/** As hashes are shown in lists: the first eight and the last four digits. */
const shortHash = (hash: string): string => (hash.length > 16 ? `${hash.slice(0, 8)}…${hash.slice(-4)}` : hash)
const VALUES: Readonly<Record<string, (row: ExportObject) => string | number>> = {
  packet: (row) => row.packet,
  kind: (row) => row.kind,
  host: (row) => row.host,
  name: (row) => row.name,
  type: (row) => row.type,
  size: (row) => row.size,
  sha256: (row) => row.sha256,
  complete: (row) => (row.complete ? 1 : 0),
}

/** Files that were sent over the wire: listed with their hashes, saved on request, never opened. */
export default function ObjectsTool(props: ToolProps): ReactNode {
  const [ofFlow, setOfFlow] = useState(false)
  const [turn, setTurn] = useState(0)
  const of = ofFlow ? props.flow : null
  // Another flow is another search.
  return <Gathered key={`${of} ${turn}`} {...props} of={of} onOfFlow={setOfFlow} onAgain={() => setTurn(turn + 1)} />
}

function Gathered({
  capture,
  flow,
  of,
  onOfFlow,
  onAgain,
  onPacket,
  onTool,
  onClose,
}: ToolProps & {
  /** The flow whose objects are gathered; null is all. */
  readonly of: number | null
  onOfFlow(ofFlow: boolean): void
  onAgain(): void
}): ReactNode {
  const { t } = useTranslation('packet-tools')
  const format = useFormat()
  const copy = useCopy()
  const body = useRef<HTMLDivElement>(null)
  const job = useJob('packets.objects')
  const { run, cancel } = job
  const [began] = useState(() => Date.now())
  const [sort, setSort] = useState<Sort>({ column: 'packet', descending: false })
  const [current, setCurrent] = useState<ExportObject | null>(null)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [saving, setSaving] = useState<readonly ExportObject[] | null>(null)
  const [keeping, setKeeping] = useState<readonly ExportObject[] | null>(null)
  useEffect(() => {
    void run({ capture: capture.id, flow: of })
  }, [run, capture.id, of])
  const found = job.result?.ok ? job.result.value : null
  const objects = found?.objects
  const rows = useMemo(() => sortRows(objects ?? [], VALUES[sort.column] ?? (() => 0), sort.descending), [objects, sort])
  const toggle = (id: string): void =>
    setChosen((before) => {
      const after = new Set(before)
      if (!after.delete(id)) after.add(id)
      return after
    })
  const latestToggle = useRef(toggle)
  useEffect(() => {
    latestToggle.current = toggle
  })
  const columns = useMemo<ToolColumn<ExportObject>[]>(
    () => [
      {
        id: 'chosen',
        head: '',
        width: 36,
        text: () => '',
        renderCell: (row) => (
          <input
            type="checkbox"
            className="pt-check"
            tabIndex={-1}
            aria-label={t('objects.choose', { name: visibleText(row.name) })}
            checked={chosen.has(row.id)}
            onChange={() => latestToggle.current(row.id)}
          />
        ),
      },
      { id: 'packet', head: t('objects.column.packet'), width: 92, right: true, sorts: true, text: (row) => format.number(row.packet) },
      { id: 'kind', head: t('objects.column.kind'), width: 84, sorts: true, text: (row) => row.kind.toUpperCase() },
      { id: 'host', head: t('objects.column.host'), flex: 2, minWidth: 120, mono: true, sorts: true, text: (row) => row.host },
      { id: 'name', head: t('objects.column.name'), flex: 3, minWidth: 160, mono: true, sorts: true, text: (row) => row.name },
      { id: 'type', head: t('objects.column.type'), flex: 1, minWidth: 110, sorts: true, text: (row) => row.type },
      { id: 'size', head: t('objects.column.size'), width: 92, right: true, sorts: true, text: (row) => format.bytes(row.size) },
      {
        id: 'sha256',
        head: 'SHA-256',
        width: 156,
        mono: true,
        sorts: true,
        text: (row) => shortHash(row.sha256),
        renderCell: (row) => (
          <span className="pt-hash" title={row.sha256}>
            {shortHash(row.sha256)}
            <Button small kind="quiet" iconOnly icon="copy" tabIndex={-1} aria-label={t('saved.copyHash')} onClick={() => copy(row.sha256)} />
          </span>
        ),
      },
      { id: 'complete', head: t('objects.column.complete'), width: 108, sorts: true, text: (row) => t(row.complete ? 'objects.complete' : 'objects.incomplete') },
    ],
    [t, format, copy, chosen],
  ) // prettier-ignore
  const picked = rows.filter(({ id }) => chosen.has(id))
  const saveThose = (those: readonly ExportObject[]): unknown => (those.length === 0 ? false : setSaving(those))
  const keepThose = (those: readonly ExportObject[]): unknown => (those.length === 0 ? false : setKeeping(those))
  useInsideKeys(body, [
    { keys: ['x', 'Space'], run: () => (current ? toggle(current.id) : false) },
    { keys: ['c'], run: () => (current ? copy(current.sha256) : false) },
    { keys: ['Ctrl+S'], run: () => saveThose(picked.length > 0 ? picked : rows) },
    { keys: ['E'], run: () => keepThose(picked.length > 0 ? picked : current ? [current] : []) },
    { keys: ['s'], run: () => (current?.flow == null ? false : onTool('follow', current.flow)) },
  ])
  return (
    <ToolFrame
      title={t('tool.objects')}
      facts={
        <>
          {found ? t('objects.count', { count: rows.length, figure: format.number(rows.length) }) : null}
          <span>{t('objects.never')}</span>
        </>
      }
      controls={
        flow === null && of === null ? null : (
          <label className="wf-check pt-limit">
            <input type="checkbox" checked={of !== null} onChange={(event) => onOfFlow(event.target.checked)} />
            <span>{t('objects.ofFlow')}</span>
          </label>
        )
      }
      onClose={onClose}
    >
      <div ref={body} className="pt-fill">
        {job.running ? (
          <>
            <Loading
              waiting
              since={began}
              onStop={cancel}
              {...(job.progress ? { done: job.progress.scanned, of: job.progress.of } : {})}
            />
            {job.progress ? (
              <p className="pt-note">
                {t('objects.soFar', { count: job.progress.found, figure: format.number(job.progress.found) })}
              </p>
            ) : null}
          </>
        ) : null}
        {job.result && !job.result.ok ? (
          <ErrorState error={job.result.error} what={t('objects.failed')} onRetry={onAgain} />
        ) : null}
        {found && rows.length === 0 ? <EmptyState>{t('objects.empty')}</EmptyState> : null}
        {rows.length > 0 ? (
          <ToolGrid<ExportObject>
            label={t('tool.objects')}
            columns={columns}
            rows={rows}
            sort={sort}
            idOf={(row) => row.id}
            rowClass={(row) => (row.complete ? '' : 'pt-late')}
            onSort={(column) => column !== 'chosen' && setSort((before) => sortAfter(before, column, column === 'size'))}
            onCurrent={setCurrent}
            onChoose={(row) => onPacket(row.packet)}
          />
        ) : (
          <span className="grow" />
        )}
        <div className="pt-foot">
          <Button small icon="save" disabled={picked.length === 0} onClick={() => saveThose(picked)}>
            {t('objects.saveChosen', { count: picked.length, figure: format.number(picked.length) })}
          </Button>
          <Button small disabled={rows.length === 0} onClick={() => saveThose(rows)}>
            {t('objects.saveAll')}
          </Button>
          <Button
            small
            keys="E"
            disabled={picked.length === 0 && current === null}
            onClick={() => keepThose(picked.length > 0 ? picked : current ? [current] : [])}
          >
            {t('objects.keep')}
          </Button>
          <span className="grow" />
          {found?.truncated ? <span>{t('objects.cut')}</span> : null}
          {current ? <span className="mono ellipsis">{current.sha256}</span> : null}
        </div>
      </div>
      {keeping ? (
        <KeepEvidence what={{ kind: 'objects', capture: capture.id, objects: keeping }} onClose={() => setKeeping(null)} />
      ) : null}
      {saving ? <SaveObjects capture={capture.id} objects={saving} onClose={() => setSaving(null)} /> : null}
    </ToolFrame>
  )
}
