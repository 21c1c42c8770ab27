import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { TECHNIQUES } from '../../../shared/attack/techniques.ts'
import { OFF_BY_DEFAULT, type RuleSummary } from '../../../shared/model/rule.ts'
import type { Pack } from '../../../shared/pack-contract.ts'
import { formatRoute } from '../../app/route.ts'
import { useQuery } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { Pane, PaneHead } from '../../components/Pane.tsx'
import { SeverityGlyph } from '../../components/Severity.tsx'
import { ErrorState, Loading } from '../../components/States.tsx'
import { formatExact, secondsSince } from '../../format/time.ts'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useEngineNow } from '../../state/clock.ts'
import { fileIn } from './filter.ts'
import { alertsOfRule } from './links.ts'
import { Provenance } from './packs/Provenance.tsx'
import { FiltersOfRule } from './FiltersOfRule.tsx'
import { RuleText } from './RuleText.tsx'
import { Evaluation } from './schedule/Evaluation.tsx'

/** One rule: what it is for, where it comes from, its text, and what it has found. Another `version` asks for it anew. */
export function RulePanel({
  id,
  version,
  packs,
  toggling,
  onToggle,
  onEdit,
  onChanged,
  onClose,
}: {
  readonly id: string
  readonly version: string
  readonly packs: readonly Pack[]
  readonly toggling: boolean
  onToggle(rule: RuleSummary): void
  onEdit(id: string): void
  /** Its schedule is another now. */
  onChanged(): void
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('rules')
  return (
    <Pane label={t('panel.label')} as="aside" className="ru-panel">
      <Content
        key={id}
        id={id}
        version={version}
        packs={packs}
        toggling={toggling}
        onToggle={onToggle}
        onEdit={onEdit}
        onChanged={onChanged}
        onClose={onClose}
      />
    </Pane>
  )
}

function Content({
  id,
  version,
  packs,
  toggling,
  onToggle,
  onEdit,
  onChanged,
  onClose,
}: {
  readonly id: string
  readonly version: string
  readonly packs: readonly Pack[]
  readonly toggling: boolean
  onToggle(rule: RuleSummary): void
  onEdit(id: string): void
  /** Its schedule is another now. */
  onChanged(): void
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('rules')
  const format = useFormat()
  const now = useEngineNow()
  const { value, error, loading, refresh } = useQuery('rules.get', { id })
  const shown = useRef(version)
  useEffect(() => {
    if (shown.current === version) return
    shown.current = version
    refresh()
  }, [version, refresh])
  const close = <Button small kind="quiet" keys="Escape" className="ru-right" aria-label={t('common:close')} onClick={onClose} />
  if (!value) {
    return (
      <>
        <header className="ru-panel-head">
          <h2 className="ellipsis mono">{visibleText(id)}</h2>
          {close}
        </header>
        <Loading waiting={loading} />
        {error ? <ErrorState error={error} what={t('panel.failed')} onRetry={refresh} /> : null}
      </>
    )
  }
  const { rule, text, description, references, falsePositives, filters, about } = value
  const tactics = rule.attack.filter((one) => one.startsWith('TA')).map((one) => t(`common:tactic.${one}`, { defaultValue: one }))
  const techniques = rule.attack
    .filter((one) => !one.startsWith('TA'))
    .map((one) => `${one} ${TECHNIQUES.get(one)?.name ?? ''}`.trimEnd())
  const facts: readonly (readonly [string, ReactNode])[] = [
    [
      t('panel.id'),
      <code key="id" className="ru-break">
        {visibleText(rule.id)}
      </code>,
    ],
    [
      t('column.logsource'),
      <span key="ls">
        {visibleText(rule.logsource)}
        {rule.reachable ? null : <em className="ru-why"> {t('unreachableWhy')}</em>}
      </span>,
    ],
    ['ATT&CK', <span key="at">{visibleText([...tactics, ...techniques].join(' · ')) || '–'}</span>],
    [
      t('column.status'),
      <span key="status">
        {visibleText(rule.status)}
        {OFF_BY_DEFAULT.has(rule.status) ? <em className="ru-why"> {t('panel.offByDefault')}</em> : null}
      </span>,
    ],
    ...(about.author === null ? [] : [[t('panel.author'), visibleText(about.author)] as const]),
    ...(about.date === null
      ? []
      : [
          [
            t('panel.dated'),
            about.modified === null
              ? visibleText(about.date)
              : t('panel.modifiedOn', { date: visibleText(about.date), modified: visibleText(about.modified) }),
          ] as const,
        ]),
    ...(about.license === null ? [] : [[t('panel.license'), visibleText(about.license)] as const]),
    ...(about.taxonomy === 'sigma' ? [] : [[t('panel.taxonomy'), visibleText(about.taxonomy)] as const]),
    ...(about.scope.length === 0 ? [] : [[t('panel.scope'), visibleText(about.scope.join(', '))] as const]),
    [
      t('column.file'),
      <code key="file" className="ru-break" title={visibleText(rule.file)}>
        {visibleText(fileIn(rule))}
      </code>,
    ],
    [
      t('column.alerts'),
      rule.alerts > 0 ? (
        <a key="al" className="link" href={alertsOfRule(rule.id)}>
          {format.number(rule.alerts)}
        </a>
      ) : (
        '0'
      ),
    ],
    [
      t('column.last'),
      rule.lastAlert ? (
        <span key="last" title={formatExact(rule.lastAlert)}>
          {t('ago', { age: format.age(secondsSince(rule.lastAlert, now)) })}
        </span>
      ) : (
        '–'
      ),
    ],
  ]
  return (
    <>
      <header className="ru-panel-head">
        <SeverityGlyph severity={rule.level} />
        <h2>{visibleText(rule.title)}</h2>
        {close}
      </header>
      <div className="ru-panel-body">
        {description ? <p>{visibleText(description)}</p> : null}
        <dl className="ru-facts">
          {facts.map(([name, fact]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{fact}</dd>
            </div>
          ))}
        </dl>
        <Provenance rule={rule} packs={packs} />
        <Evaluation
          rule={rule}
          onChanged={() => {
            refresh()
            onChanged()
          }}
        />
        <FiltersOfRule filters={filters} />
        {rule.alerts > 0 ? <Statistics id={rule.id} /> : null}
        {rule.kind === 'scenario' && rule.enabled ? <ScenarioSeen id={rule.id} /> : null}
        {about.related.length > 0 ? (
          <section aria-label={t('panel.related')}>
            <PaneHead title={t('panel.related')} />
            <ul className="ru-list">
              {about.related.map((one) => (
                <li key={`${one.type} ${one.id}`}>
                  {t(`panel.relation.${one.type}`)}{' '}
                  {one.title === null ? (
                    <>
                      <code className="ru-break">{visibleText(one.id)}</code> <em className="ru-why">{t('panel.notLoaded')}</em>
                    </>
                  ) : (
                    <a className="link" href={formatRoute('rules', {}, one.id)}>
                      {visibleText(one.title)}
                    </a>
                  )}
                </li>
              ))}
            </ul>
          </section>
        ) : null}
        {falsePositives.length > 0 ? (
          <section aria-label={t('panel.falsePositives')}>
            <PaneHead title={t('panel.falsePositives')} />
            <ul className="ru-list">
              {falsePositives.map((one, index) => (
                <li key={index}>{visibleText(one)}</li>
              ))}
            </ul>
          </section>
        ) : null}
        <section aria-label={t('panel.text')}>
          <PaneHead title={t('panel.text')}>{t(rule.enabled ? 'on' : 'off')}</PaneHead>
          <RuleText text={text} label={t('panel.text')} />
        </section>
        {references.length > 0 ? (
          <section aria-label={t('panel.references')}>
            <PaneHead title={t('panel.references')} />
            {/* Text, not links: a rule is foreign, and this desk may be offline on purpose. */}
            <ul className="ru-list">
              {references.map((one, index) => (
                <li key={index}>
                  <code className="ru-break">{visibleText(one)}</code>
                </li>
              ))}
            </ul>
          </section>
        ) : null}
      </div>
      <footer className="ru-panel-foot">
        <Button keys="t" disabled={toggling} onClick={() => onToggle(rule)}>
          {t(rule.enabled ? 'turnOff' : 'turnOn')}
        </Button>
        <Button keys="e" onClick={() => onEdit(rule.id)}>
          {t('bench.edit')}
        </Button>
        {rule.alerts > 0 ? (
          <a className="wf-btn ru-right" href={alertsOfRule(rule.id)}>
            {t('panel.alerts', { count: rule.alerts, figure: format.number(rule.alerts) })}
          </a>
        ) : null}
      </footer>
    </>
  )
}

/** What became of its alerts. */
function Statistics({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('rules')
  const format = useFormat()
  const { value } = useQuery('rules.statistics', { id })
  if (!value) return null
  const verdicts = Object.entries(value.verdicts)
  return (
    <section aria-label={t('statistics.title')}>
      <PaneHead title={t('statistics.title')} />
      <p className="ru-statistics">
        {t('statistics.sum', {
          alerts: format.number(value.alerts),
          open: format.number(value.open),
          events: format.number(value.events),
        })}
        {verdicts.length > 0
          ? ` ${format.list(verdicts.map(([verdict, count]) => `${t(`common:verdict.${verdict}`, { defaultValue: verdict })} ${format.number(count)}`))}.`
          : ` ${t('statistics.undecided')}`}
      </p>
    </section>
  )
}

/** What a scenario has seen, and which groups came near. */
function ScenarioSeen({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('rules')
  const format = useFormat()
  const { value } = useQuery('scenarios.state', { id, near: 8 })
  if (!value) return null
  const { groups, entries, matches, waiting, near } = value.state
  return (
    <section aria-label={t('seen.title')}>
      <PaneHead title={t('seen.title')} />
      <p className="ru-statistics">
        {t('seen.sum', {
          groups: format.number(groups),
          entries: format.number(entries),
          matches: format.number(matches),
          waiting: format.number(waiting),
        })}
      </p>
      {near.length > 0 ? (
        <ul className="ru-list">
          {near.map((one) => (
            <li key={one.last + one.group.map(({ value: text }) => text).join(' ')}>
              <span className="mono">{one.group.map(({ value: text }) => visibleText(text)).join(' · ') || '–'}</span>{' '}
              {one.needed === null
                ? format.number(one.reached)
                : t('seen.reached', { reached: format.number(one.reached), needed: format.number(one.needed) })}
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  )
}
