import { useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { SourceStatus } from '../../../shared/model/source.ts'
import { useCommands } from '../../app/commands.ts'
import { formatRoute, navigate, useRoute } from '../../app/route.ts'
import { StatusItems } from '../../app/StatusBar.tsx'
import { useKeys } from '../../keys/use-keys.tsx'
import { useCommand, useStream } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { currentIndex, focusRow, moveCurrent, type GridApi } from '../../components/Grid.tsx'
import { Pane, PaneHead } from '../../components/Pane.tsx'
import { Dialog } from '../../components/Popover.tsx'
import { EmptyState, ErrorState, Loading } from '../../components/States.tsx'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useNotice } from '../../state/notice.ts'
import { KINDS, type Kind } from './draft.ts'
import { ImportDialog } from './ImportDialog.tsx'
import { ImportStrip } from './ImportStrip.tsx'
import { useImport } from './import-run.ts'
import { RejectedList } from './RejectedList.tsx'
import { SourceDialog } from './SourceDialog.tsx'
import { SourceGrid } from './SourceGrid.tsx'
import { SourcePanel, type SourceActions } from './SourcePanel.tsx'
import { SOURCE_KEYS } from './source-keys.ts'
import './sources.css'

interface Open {
  readonly kind: 'edit' | 'remove'
  readonly source: SourceStatus
}

export default function SourcesView(): ReactNode {
  const { t } = useTranslation('sources')
  const format = useFormat()
  const { rest, params } = useRoute()
  const { value, error, stale } = useStream('sources.watch', {})
  const sources = useMemo(() => value?.sources ?? [], [value])
  const [open, setOpen] = useState<Open | null>(null)
  const api = useRef<GridApi<SourceStatus> | null>(null)
  const importing = useImport((state) => state.running)
  const say = useNotice((state) => state.say)
  const pause = useCommand('sources.pause')
  const names = useMemo(() => new Map(sources.map((source) => [source.id, source.settings.name])), [sources])
  const shown = sources.find(({ id }) => id === rest) ?? null
  const rejected = params['rejected'] === 'all'
  // `#/sources?add=file`: in the address, so that the first-run screen and other views can ask for it.
  const adding =
    params['add'] === undefined || params['add'] === 'import' ? null : (KINDS.find((kind) => kind === params['add']) ?? 'file')
  const choosing = params['add'] === 'import' && !importing

  const current = (): SourceStatus | null => {
    const index = api.current ? currentIndex(api.current) : -1
    return index < 0 ? shown : (api.current?.getDisplayedRowAtIndex(index)?.data ?? shown)
  }
  const add = (what: Kind | 'import'): void => navigate(formatRoute('sources', { add: what }, rest), true)
  const addEnds = (): void => navigate(formatRoute('sources', {}, rest), true)
  const go = (id: string, more: Record<string, string> = {}): void => navigate(formatRoute('sources', more, id), true)
  const actions: SourceActions = {
    pause: (source) => {
      const paused = source.state !== 'paused'
      void pause.run({ id: source.id, paused }).then((result) => {
        const name = visibleText(source.settings.name)
        say(
          result.ok ? t(paused ? 'said.paused' : 'said.resumed', { name }) : t('said.notPaused', { name }),
          result.ok ? 'info' : 'fault',
        )
      })
    },
    edit: (source) => setOpen({ kind: 'edit', source }),
    remove: (source) => setOpen({ kind: 'remove', source }),
  }
  const withCurrent = (run: (source: SourceStatus) => void) => () => {
    const source = current()
    if (!source) return false
    run(source)
    return true
  }
  const closePanel = (): void => {
    go('')
    const index = api.current ? currentIndex(api.current) : -1
    if (api.current && index >= 0) focusRow(api.current, index)
  }
  const some = sources.length > 0
  const keys: Record<string, (() => boolean | void) | undefined> = {
    add: () => add('file'),
    import: importing ? undefined : () => add('import'),
    rejected: () => go('', { rejected: 'all' }),
    close: shown || rejected ? closePanel : undefined,
  }
  if (some) {
    keys['down'] = () => void (api.current && moveCurrent(api.current, 1))
    keys['up'] = () => void (api.current && moveCurrent(api.current, -1))
    keys['open'] = withCurrent(({ id }) => go(id))
    keys['pause'] = withCurrent((source) => void (source.settings.input.kind === 'import' || actions.pause(source)))
    keys['edit'] = withCurrent(actions.edit)
    keys['remove'] = withCurrent(actions.remove)
  }
  useKeys('sources', SOURCE_KEYS, keys)
  useCommands(
    'sources',
    useMemo(
      () => [
        {
          id: 'sources.add',
          label: t('add'),
          place: t('title'),
          keys: 'n',
          run: () => navigate(formatRoute('sources', { add: 'file' })),
        },
        {
          id: 'sources.import',
          label: t('import.title'),
          place: t('title'),
          keys: 'i',
          run: () => navigate(formatRoute('sources', { add: 'import' })),
        },
      ],
      [t],
    ),
  )

  const running = sources.filter(({ state }) => state === 'running').length
  const lost = sources.reduce((sum, source) => sum + source.rejected, 0)
  return (
    <div className="so">
      <div className="wf-viewbar">
        <span className="so-count">
          {value ? t('count', { running: format.number(running), total: format.number(sources.length) }) : ''}
        </span>
        {lost > 0 ? (
          <Button small kind="quiet" aria-pressed={rejected} keys="r" onClick={() => go('', rejected ? {} : { rejected: 'all' })}>
            {t('rejected.all', { count: lost, figure: format.number(lost) })}
          </Button>
        ) : null}
        <div className="grow" />
        <Button small icon="download" keys="i" disabled={importing} onClick={() => add('import')}>
          {t('import.title')}
        </Button>
        <Button small kind="primary" icon="plus" keys="n" onClick={() => add('file')}>
          {t('add')}
        </Button>
      </div>
      <ImportStrip />
      {error ? <ErrorState error={error} what={t('failed')} {...(value ? { works: t('kept') } : {})} /> : null}
      <div className="so-body">
        <Pane
          label={t('grid')}
          className="so-list"
          onEnter={() => api.current && focusRow(api.current, Math.max(0, currentIndex(api.current)))}
        >
          {!value && !error ? <Loading /> : null}
          {value && !some ? (
            <EmptyState
              actions={
                <>
                  <Button kind="primary" onClick={() => add('file')}>
                    {t('add')}
                  </Button>
                  <Button onClick={() => add('import')}>{t('import.title')}</Button>
                </>
              }
            >
              {t('empty')}
            </EmptyState>
          ) : null}
          {some ? (
            <SourceGrid
              sources={sources}
              narrow={shown !== null || rejected}
              chosen={shown?.id ?? null}
              onReady={(ready) => (api.current = ready)}
              onCurrent={(source) => (shown && shown.id !== source.id ? go(source.id) : undefined)}
              onOpen={(source) => go(source.id)}
            />
          ) : null}
        </Pane>
        {shown ? (
          <SourcePanel source={shown} names={names} actions={actions} onClose={closePanel} />
        ) : rejected ? (
          <Pane label={t('rejected.title')} as="aside" className="so-panel">
            <header className="so-panel-head">
              <h2>{t('rejected.title')}</h2>
              <Button small kind="quiet" keys="Escape" className="so-right" aria-label={t('common:close')} onClick={closePanel} />
            </header>
            <div className="so-panel-body">
              <PaneHead title={t('rejected.allTitle')}>{format.number(lost)}</PaneHead>
              <RejectedList source={null} names={names} />
            </div>
          </Pane>
        ) : null}
      </div>
      {some && !stale ? (
        <StatusItems>
          <span>{t('status', { rate: format.rate(sources.reduce((sum, source) => sum + source.rate, 0)) })}</span>
        </StatusItems>
      ) : null}
      {adding ? (
        <SourceDialog
          source={null}
          kind={adding}
          onClose={addEnds}
          onDone={(source) => {
            say(t('said.added', { name: visibleText(source.settings.name) }))
            go(source.id)
          }}
        />
      ) : null}
      {open?.kind === 'edit' ? (
        <SourceDialog
          source={open.source}
          onClose={() => setOpen(null)}
          onDone={(source) => {
            setOpen(null)
            say(t('said.changed', { name: visibleText(source.settings.name) }))
          }}
        />
      ) : null}
      {choosing ? <ImportDialog onClose={addEnds} /> : null}
      {open?.kind === 'remove' ? (
        <RemoveDialog
          source={open.source}
          onClose={() => setOpen(null)}
          onDone={() => {
            setOpen(null)
            say(t('said.removed', { name: visibleText(open.source.settings.name) }))
            go('')
          }}
        />
      ) : null}
    </div>
  )
}

function RemoveDialog({
  source,
  onDone,
  onClose,
}: {
  readonly source: SourceStatus
  onDone(): void
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('sources')
  const format = useFormat()
  const remove = useCommand('sources.remove')
  return (
    <Dialog
      title={t('removing.title', { name: visibleText(source.settings.name) })}
      onClose={onClose}
      footer={
        <>
          <Button data-autofocus="" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button
            kind="primary"
            disabled={remove.running}
            onClick={() => void remove.run({ id: source.id }).then((result) => result.ok && onDone())}
          >
            {t('removing.remove')}
          </Button>
        </>
      }
    >
      <p>{t('removing.text', { count: source.events, figure: format.number(source.events) })}</p>
      {remove.error ? <ErrorState error={remove.error} what={t('removing.failed')} /> : null}
    </Dialog>
  )
}
