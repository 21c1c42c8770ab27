import { useEffect, useRef, useState, type ReactNode, type Ref } from 'react'
import { useTranslation } from 'react-i18next'
import type { Tuning } from '../../../../shared/model/triage.ts'
import { useQuery, useStream } from '../../../client/hooks.ts'
import { Pane } from '../../../components/Pane.tsx'
import { Segmented } from '../../../components/Segmented.tsx'
import { EmptyState, ErrorState, Loading } from '../../../components/States.tsx'
import { useFormat } from '../../../i18n/use-format.ts'
import { useListKeys, type ListKeys } from '../sources/list-keys.ts'
import { TuningPanel } from './TuningPanel.tsx'
import { TuningRow } from './TuningRow.tsx'
import '../sources/sources.css'
import './tunings.css'

/** How often figures of what is held back are asked for, in milliseconds: nothing tells of each. */
const LOOK_EVERY = 30_000

const fits = (tuning: Tuning, words: string): boolean =>
  words
    .toLowerCase()
    .split(/\s+/)
    .every((word) =>
      [tuning.title, tuning.detection, tuning.owner, tuning.reason, tuning.kind, ...Object.values(tuning.match).map(String)].some(
        (text) => text.toLowerCase().includes(word),
      ),
    )

/** Everything that holds alerts back: what it fits, whose it is and why, until when, and how much it held back. */
export function Tunings({
  open,
  keys,
  onOpen,
}: {
  /** Id of the tuning that is shown; '' is none. */
  readonly open: string
  readonly keys: Ref<ListKeys>
  onOpen(id: string): void
}): ReactNode {
  const { t } = useTranslation('rules')
  const format = useFormat()
  const [all, setAll] = useState(false)
  const [words, setWords] = useState('')
  // Ended ones too: one that is open in the panel stays there when it ends.
  const { value, error, loading, refresh } = useQuery('tuning.list', { ended: true })
  const { value: watched } = useStream('tuning.watch', {})
  const body = useListKeys(keys)
  const known = useRef(watched?.revision)
  useEffect(() => {
    if (known.current !== undefined && known.current !== watched?.revision) refresh()
    known.current = watched?.revision
  }, [watched, refresh])
  useEffect(() => {
    const timer = setInterval(refresh, LOOK_EVERY)
    return () => clearInterval(timer)
  }, [refresh])
  const tunings = value?.tunings ?? []
  const shown = tunings.filter((tuning) => (all || tuning.state === 'active') && fits(tuning, words.trim()))
  const one = tunings.find(({ id }) => id === open)
  return (
    <>
      <Pane label={t('tabs.tunings')} className="rs-list">
        <div className="rs-bar">
          <input
            className="wf-input wf-input-small rs-words"
            type="search"
            aria-label={t('tuning.filter')}
            placeholder={t('tuning.filter')}
            maxLength={300}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
          <Segmented
            label={t('tuning.which')}
            value={all ? 'all' : 'active'}
            onChange={(which) => setAll(which === 'all')}
            segments={[
              { value: 'active', label: t('tuning.active') },
              { value: 'all', label: t('tuning.all') },
            ]}
          />
          <p className="dim">{t('tuning.note')}</p>
          <span className="ru-right dim">
            {value ? t('tuning.count', { count: shown.length, figure: format.number(shown.length) }) : null}
          </span>
        </div>
        {error ? <ErrorState error={error} what={t('tuning.failed')} onRetry={refresh} /> : null}
        {loading && !value ? <Loading /> : null}
        {value && shown.length === 0 ? (
          <EmptyState>
            {t(tunings.length === 0 ? 'tuning.empty' : all || words.trim() !== '' ? 'tuning.none' : 'tuning.noActive')}
          </EmptyState>
        ) : null}
        <div ref={body} className="rs-scroll">
          {shown.length > 0 ? (
            <table className="rs-table">
              <thead>
                <tr>
                  <th scope="col">{t('tuning.detection')}</th>
                  <th scope="col">{t('tuning.kind')}</th>
                  <th scope="col">{t('tuning.matches')}</th>
                  <th scope="col">{t('tuning.owner')}</th>
                  <th scope="col">{t('tuning.reason')}</th>
                  <th scope="col">{t('tuning.ends')}</th>
                  <th scope="col" className="num">
                    {t('tuning.removed')}
                  </th>
                  <th scope="col">{t('tuning.last')}</th>
                </tr>
              </thead>
              <tbody>
                {shown.map((tuning) => (
                  <TuningRow
                    key={tuning.id}
                    tuning={tuning}
                    chosen={tuning.id === open}
                    onOpen={() => onOpen(tuning.id === open ? '' : tuning.id)}
                  />
                ))}
              </tbody>
            </table>
          ) : null}
        </div>
      </Pane>
      {one ? <TuningPanel key={one.id} tuning={one} onChanged={refresh} onClose={() => onOpen('')} /> : null}
    </>
  )
}
