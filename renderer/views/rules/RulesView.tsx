import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { RuleSummary } from '../../../shared/model/rule.ts'
import { useCommands } from '../../app/commands.ts'
import { formatRoute, navigate, useRoute } from '../../app/route.ts'
import { StatusItems } from '../../app/StatusBar.tsx'
import { useKeys } from '../../keys/use-keys.tsx'
import { useCommand, useQuery, useStream } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { currentIndex, focusRow, moveCurrent, type GridApi } from '../../components/Grid.tsx'
import { Menu } from '../../components/Menu.tsx'
import { Pane } from '../../components/Pane.tsx'
import { EmptyState, ErrorState, Loading } from '../../components/States.tsx'
import { Tabs } from '../../components/Tabs.tsx'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useNotice } from '../../state/notice.ts'
import { filterOfParams, isFiltered, logsources, NO_FILTER, paramsOfFilter, shownRules, type RuleFilter } from './filter.ts'
import { FilterBar } from './FilterBar.tsx'
import { AddFolder, Folders } from './Folders.tsx'
import { alertsOfRule } from './links.ts'
import { Problems } from './Problems.tsx'
import { RuleGrid } from './RuleGrid.tsx'
import { RulePanel } from './RulePanel.tsx'
import { RULE_KEYS } from './rule-keys.ts'
import { Coverage } from './attack/Coverage.tsx'
import { shownChoice, type ExportChoice } from './packs/export-choice.ts'
import { ExportPack } from './packs/ExportPack.tsx'
import { EXPORT, IMPORT, opened } from './packs/open-pack.ts'
import { Packs } from './packs/Packs.tsx'
import { LogSources } from './sources/LogSources.tsx'
import { Lists } from './sources/Lists.tsx'
import type { ListKeys } from './sources/list-keys.ts'
import { Tunings } from './tunings/Tunings.tsx'
import { Workbench } from './workbench/Workbench.tsx'
import { useSchedule } from './schedule/use-schedule.ts'
import './rules.css'

const SHOWS = ['rules', 'coverage', 'sources', 'lists', 'packs', 'tunings', 'problems', 'folders', 'edit'] as const
const BODY = 'rules-body'

export default function RulesView(): ReactNode {
  const { t } = useTranslation('rules')
  const format = useFormat()
  const say = useNotice((state) => state.say)
  const { rest, params } = useRoute()
  const { value, error, loading, refresh } = useQuery('rules.list', {})
  const packs = useQuery('packs.list', {})
  const refreshPacks = packs.refresh
  const { value: loaded } = useStream('rules.watch', {})
  const { value: tuned } = useStream('tuning.watch', {})
  const enable = useCommand('rules.enable')
  const schedule = useSchedule(refresh)
  const show = SHOWS.find((one) => one === params['show']) ?? 'rules'
  const filter = useMemo(() => filterOfParams(params), [params])
  const [adding, setAdding] = useState(false)
  /** What was shown when the dialog was opened: the list may be read anew under it. */
  const [exporting, setExporting] = useState<ExportChoice | null>(null)
  const [menu, setMenu] = useState(false)
  const menuAnchor = useRef<HTMLButtonElement>(null)
  const words = useRef<HTMLInputElement>(null)
  /** Of the tabs that are tables of their own. */
  const tab = useRef<ListKeys>(null)
  const api = useRef<GridApi<RuleSummary> | null>(null)

  // Files are watched: when rules were loaded anew, the list is asked for again.
  const revision = loaded?.revision ?? 0
  const known = useRef(0)
  useEffect(() => {
    if (revision === 0) return
    if (known.current !== 0 && revision !== known.current) {
      refresh()
      refreshPacks()
      say(t('reloaded', { rules: format.number(loaded?.rules ?? 0), failed: format.number(loaded?.failed ?? 0) }))
    }
    known.current = revision
  }, [revision, loaded, refresh, refreshPacks, say, t, format])

  // What a scheduled run found is counted.
  const runs = loaded?.runs ?? 0
  useEffect(() => {
    if (runs > 0) refresh()
  }, [runs, refresh])

  const rules = useMemo(() => value?.rules ?? [], [value])
  const shown = useMemo(() => shownRules(rules, filter), [rules, filter])
  const places = useMemo(() => logsources(rules), [rules])
  const go = (id: string, change: Partial<RuleFilter> = {}): void =>
    navigate(formatRoute('rules', paramsOfFilter({ ...filter, ...change }), id), true)
  const goTo = (wanted: string): void =>
    navigate(formatRoute('rules', { ...paramsOfFilter(filter), show: wanted === 'rules' ? '' : wanted }), true)
  /** Opens one row of such a tab. */
  const openIn = (wanted: string) => (id: string) =>
    navigate(formatRoute('rules', { ...paramsOfFilter(filter), show: wanted }, id), true)
  const edit = (id: string): void => navigate(formatRoute('rules', { ...paramsOfFilter(filter), show: 'edit' }, id), true)
  const current = (): RuleSummary | null => {
    const index = api.current ? currentIndex(api.current) : -1
    return (index < 0 ? null : api.current?.getDisplayedRowAtIndex(index)?.data) ?? rules.find(({ id }) => id === rest) ?? null
  }
  const turn = (which: readonly RuleSummary[], on: boolean): void => {
    if (which.length === 0) return
    void enable.run({ ids: which.map(({ id }) => id), enabled: on }).then((result) => {
      const name = visibleText(which[0]?.title ?? '')
      if (!result.ok) return say(t('notTurned'), 'fault')
      say(
        which.length === 1
          ? t(on ? 'turnedOn' : 'turnedOff', { name })
          : t(on ? 'turnedAllOn' : 'turnedAllOff', { count: which.length, figure: format.number(which.length) }),
      )
      refresh()
    })
  }
  const toggle = (rule: RuleSummary): void => turn([rule], !rule.enabled)
  const focusList = (): void => {
    if (api.current) focusRow(api.current, Math.max(0, currentIndex(api.current)))
  }
  const withCurrent = (run: (rule: RuleSummary) => void) => () => {
    const rule = current()
    if (!rule) return false
    run(rule)
    return true
  }
  const list = show === 'rules'
  const keys: Record<string, (() => boolean | void) | undefined> = {
    problems: () => goTo('problems'),
    folders: () => goTo('folders'),
    coverage: () => goTo('coverage'),
    sources: () => goTo('sources'),
    lists: () => goTo('lists'),
    packs: () => goTo('packs'),
    tunings: () => goTo('tunings'),
    import: () => openIn('packs')(IMPORT),
    create: () => edit('new'),
    add: () => setAdding(true),
    close: list
      ? rest
        ? () => {
            go('')
            focusList()
          }
        : isFiltered(filter)
          ? () => go('', NO_FILTER)
          : undefined
      : show === 'edit'
        ? () => go(rest === 'new' ? '' : rest)
        : (show === 'sources' || show === 'lists' || show === 'packs' || show === 'tunings') && rest !== ''
          ? () => {
              tab.current?.focus()
              goTo(show)
            }
          : () => goTo('rules'),
  }
  if (list) {
    keys['down'] = () => void (api.current && moveCurrent(api.current, 1))
    keys['up'] = () => void (api.current && moveCurrent(api.current, -1))
    keys['open'] = withCurrent(({ id }) => go(id))
    keys['filter'] = () => words.current?.focus()
    keys['edit'] = withCurrent(({ id }) => edit(id))
    keys['toggle'] = withCurrent(toggle)
    if (shown.length > 0) keys['export'] = () => setExporting(shownChoice(shown))
    keys['alerts'] = withCurrent(({ id }) => navigate(alertsOfRule(id)))
  }
  if (show === 'packs') keys['export'] = () => openIn('packs')(EXPORT + opened(rest))
  if (show === 'sources' || show === 'lists' || show === 'packs' || show === 'tunings') {
    keys['down'] = () => tab.current?.move(1)
    keys['up'] = () => tab.current?.move(-1)
  }
  useKeys('rules', RULE_KEYS, keys)
  useCommands(
    'rules',
    useMemo(() => [{ id: 'rules.add', label: t('folders.add'), place: t('title'), keys: 'n', run: () => setAdding(true) }], [t]),
  )

  const running = loaded?.running ?? null
  const on = rules.filter(({ enabled }) => enabled).length
  return (
    <div className="ru">
      <div className="wf-viewbar">
        <Tabs
          label={t('title')}
          controls={BODY}
          selected={show === 'edit' ? 'rules' : show}
          tabs={[
            { id: 'rules', label: t('tabs.rules'), count: value ? format.number(rules.length) : undefined },
            { id: 'coverage', label: t('tabs.coverage') },
            { id: 'sources', label: t('tabs.sources') },
            { id: 'lists', label: t('tabs.lists') },
            { id: 'packs', label: t('tabs.packs') },
            { id: 'tunings', label: t('tabs.tunings'), count: tuned ? format.number(tuned.active) : undefined },
            { id: 'problems', label: t('tabs.problems'), count: value ? format.number(value.problems.length) : undefined },
            { id: 'folders', label: t('tabs.folders'), count: value ? format.number(value.folders.length) : undefined },
          ]}
          onSelect={goTo}
        />
        {list ? (
          <>
            <span className="wf-vsep" />
            <FilterBar
              filter={filter}
              logsources={places}
              input={words}
              onChange={(change) => go(rest, change)}
              onLeave={focusList}
            />
          </>
        ) : null}
        <div className="grow" />
        {list && shown.length > 0 ? (
          <Button
            ref={menuAnchor}
            small
            opens
            aria-haspopup="menu"
            aria-expanded={menu}
            disabled={enable.running}
            onClick={() => setMenu(!menu)}
          >
            {t('shown', { count: shown.length, figure: format.number(shown.length) })}
          </Button>
        ) : null}
        <Button small keys="c" onClick={() => edit('new')}>
          {t('bench.new')}
        </Button>
        <Button small icon="plus" keys="n" onClick={() => setAdding(true)}>
          {t('folders.add')}
        </Button>
      </div>
      {error ? <ErrorState error={error} what={t('failed')} {...(value ? { works: t('kept') } : {})} onRetry={refresh} /> : null}
      {loading && !value ? <Loading /> : null}
      <div id={BODY} role="tabpanel" aria-label={t(`tabs.${show}`)} className="ru-body">
        {!value ? null : show === 'edit' ? (
          <Workbench id={rest} onClose={() => go(rest === 'new' ? '' : rest)} />
        ) : show === 'coverage' ? (
          <Coverage
            rules={rules}
            onTechnique={(id) => navigate(formatRoute('rules', paramsOfFilter({ ...NO_FILTER, text: id })), true)}
          />
        ) : show === 'sources' ? (
          <LogSources open={rest} revision={revision} keys={tab} onOpen={openIn('sources')} />
        ) : show === 'lists' ? (
          <Lists open={rest} revision={revision} keys={tab} onOpen={openIn('lists')} />
        ) : show === 'packs' ? (
          <Packs
            open={rest}
            packs={packs}
            rules={rules}
            folders={value.folders}
            keys={tab}
            onOpen={openIn('packs')}
            onRules={(folder) => navigate(formatRoute('rules', paramsOfFilter({ ...NO_FILTER, folder })), true)}
            onProblems={() => goTo('problems')}
          />
        ) : show === 'tunings' ? (
          <Tunings open={rest} keys={tab} onOpen={openIn('tunings')} />
        ) : show === 'problems' ? (
          <Problems problems={value.problems} />
        ) : show === 'folders' ? (
          <Folders folders={value.folders} onChanged={refresh} />
        ) : (
          <>
            <Pane label={t('grid')} className="ru-list" onEnter={focusList}>
              {shown.length > 0 ? (
                <RuleGrid
                  rules={shown}
                  narrow={rest !== ''}
                  chosen={rest === '' ? null : rest}
                  onReady={(ready) => (api.current = ready)}
                  onCurrent={(rule) => (rest !== '' && rest !== rule.id ? go(rule.id) : undefined)}
                  onOpen={(rule) => go(rule.id)}
                />
              ) : rules.length === 0 ? (
                <EmptyState actions={<Button onClick={() => setAdding(true)}>{t('folders.add')}</Button>}>
                  {t('empty')}
                </EmptyState>
              ) : (
                <EmptyState actions={<Button onClick={() => go('', NO_FILTER)}>{t('filter.clear')}</Button>}>
                  {t('filter.none')}
                </EmptyState>
              )}
            </Pane>
            {rest !== '' ? (
              <RulePanel
                id={rest}
                version={`${revision} ${rules.find(({ id }) => id === rest)?.enabled} ${loaded?.runs} ${loaded?.running?.rules}`}
                packs={packs.value?.packs ?? []}
                toggling={enable.running}
                onToggle={toggle}
                onEdit={edit}
                onChanged={refresh}
                onClose={() => {
                  go('')
                  focusList()
                }}
              />
            ) : null}
          </>
        )}
      </div>
      {value ? (
        <StatusItems>
          <span>{t('status', { on: format.number(on), total: format.number(rules.length) })}</span>
          {running === null ? null : (
            <span>
              {t('schedule.status', {
                count: running.rules,
                figure: format.number(running.rules),
                percent: format.number(running.of === 0 ? 0 : Math.floor((running.scanned / running.of) * 100)),
              })}
            </span>
          )}
          {value.problems.length > 0 ? (
            <span className="ru-fault">
              {t('statusFailed', { count: value.problems.length, figure: format.number(value.problems.length) })}
            </span>
          ) : null}
        </StatusItems>
      ) : null}
      {menu ? (
        <Menu
          anchor={menuAnchor}
          label={t('shownMenu')}
          align="end"
          onClose={() => setMenu(false)}
          items={[
            {
              id: 'on',
              label: t('turnShownOn', { count: shown.length, figure: format.number(shown.length) }),
              disabled: shown.every(({ enabled }) => enabled),
              run: () =>
                turn(
                  shown.filter(({ enabled }) => !enabled),
                  true,
                ),
            },
            {
              id: 'off',
              label: t('turnShownOff', { count: shown.length, figure: format.number(shown.length) }),
              disabled: shown.every(({ enabled }) => !enabled),
              run: () =>
                turn(
                  shown.filter(({ enabled }) => enabled),
                  false,
                ),
            },
            {
              id: 'live',
              label: t('schedule.shownLive', { count: shown.length, figure: format.number(shown.length) }),
              disabled: shown.every(({ schedule }) => schedule === null),
              rule: true,
              run: () =>
                schedule.set(
                  shown.filter((one) => one.schedule !== null),
                  null,
                ),
            },
            {
              id: 'scheduled',
              label: t('schedule.shownScheduled', { count: shown.length, figure: format.number(shown.length) }),
              disabled: shown.every((one) => one.schedule !== null),
              run: () =>
                schedule.set(
                  shown.filter((one) => one.schedule === null),
                  24,
                ),
            },
            {
              id: 'export',
              label: t('packs:export.shown', { count: shown.length, figure: format.number(shown.length) }),
              keys: 'x',
              rule: true,
              run: () => setExporting(shownChoice(shown)),
            },
          ]}
        />
      ) : null}
      {exporting ? <ExportPack choices={[exporting]} chosen={null} onClose={() => setExporting(null)} /> : null}
      {adding ? (
        <AddFolder
          onClose={() => setAdding(false)}
          onDone={(folder) => {
            setAdding(false)
            say(
              t('folders.added', {
                count: folder.rules,
                figure: format.number(folder.rules),
                failed: format.number(folder.failed),
              }),
            )
            refresh()
            goTo(folder.failed > 0 ? 'problems' : 'folders')
          }}
        />
      ) : null}
    </div>
  )
}
