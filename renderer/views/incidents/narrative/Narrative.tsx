import { memo, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { SECTIONS, type RouteSentence } from '../../../../shared/model/incident.ts'
import { Button } from '../../../components/Button.tsx'
import { Pane, PaneHead } from '../../../components/Pane.tsx'
import { Segmented } from '../../../components/Segmented.tsx'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { CiteChip, EvidenceChip } from '../cites/CiteChip.tsx'
import { citeKey } from '../cites/cite-text.ts'
import { useEditor } from '../editor/editor-context.ts'
import { useLooked } from '../incident-state.ts'
import { SentenceEditor } from './SentenceEditor.tsx'
import { sentencePattern, SentenceText } from './SentenceText.tsx'
import { useProposal } from './use-proposal.ts'

/** Whether something shows that it is so: an item of evidence alone does not say where in it. */
export const isProved = (sentence: RouteSentence): boolean => sentence.cites.length > 0

/** Which sentence is being edited: its id, `new`, or none. */
export type Editing = string | null

/** Route and weakness in sentences, each with what it rests on. */
export const Narrative = memo(function Narrative({
  editing,
  onEdit,
  onConfirm,
  onRemove,
}: {
  readonly editing: Editing
  onEdit(editing: Editing): void
  onConfirm(sentence: RouteSentence): void
  onRemove(sentence: RouteSentence): void
}): ReactNode {
  const { t } = useTranslation('incidents')
  const format = useFormat()
  const { parts } = useEditor()
  const looked = useLooked()
  const proposal = useProposal()
  const language = looked.language ?? format.language
  const [inSection, setInSection] = useState<RouteSentence['section']>('entry')
  const pattern = useMemo(() => sentencePattern(parts.entities), [parts.entities])
  const sections = useMemo(
    () =>
      SECTIONS.map((section) => ({
        section,
        sentences: parts.sentences
          .filter((one) => one.section === section)
          .sort((a, b) => a.place - b.place || (a.id < b.id ? -1 : 1)),
      })),
    [parts.sentences],
  )
  const proved = parts.sentences.filter(isProved).length
  // As in the picture: a step that was only tried has no hue.
  const worked = useMemo(
    () => new Set(parts.edges.filter(({ state }) => state === 'worked').map(({ step }) => step)),
    [parts.edges],
  )
  const next = (section: RouteSentence['section']): number =>
    Math.max(0, ...parts.sentences.filter((one) => one.section === section).map(({ place }) => place)) + 1
  return (
    <Pane label={t('pane.narrative')} className="in-pane in-narrativepane">
      <PaneHead title={t('pane.narrative')}>
        <span className="in-cited">
          {t('sentence.cited', { count: proved, total: format.number(parts.sentences.length), figure: format.number(proved) })}
        </span>
        <div className="in-languages">
          <Segmented
            label={t('sentence.language')}
            segments={[
              { value: 'en', label: 'EN', title: 'English' },
              { value: 'ko', label: <span lang="ko">한국어</span> },
            ]}
            value={language}
            onChange={(to) => useLooked.setState({ language: to })}
          />
        </div>
        {proposal.open.length > 0 ? (
          <Button small kind="quiet" keys="C" disabled={proposal.running} onClick={proposal.confirmAll}>
            {t('proposal.confirmAll')}
          </Button>
        ) : null}
        <Button small kind="quiet" keys="r" disabled={proposal.running} onClick={proposal.propose}>
          {t(parts.sentences.length === 0 ? 'proposal.propose' : 'proposal.again')}
        </Button>
        <Button
          small
          kind="quiet"
          keys="a"
          onClick={() => {
            setInSection('entry')
            onEdit('new')
          }}
        >
          {t('sentence.add')}
        </Button>
      </PaneHead>
      <div className="in-narrative" lang={language}>
        {parts.sentences.length === 0 && editing !== 'new' ? <p className="in-none">{t('proposal.empty')}</p> : null}
        {editing === 'new' ? (
          <SentenceEditor key="new" sentence={null} section={inSection} place={next(inSection)} onDone={() => onEdit(null)} />
        ) : null}
        {sections.map(({ section, sentences }) =>
          sentences.length === 0 ? null : (
            <section key={section} aria-label={t(`section.${section}`)}>
              <h4 lang={format.language}>
                {t(`section.${section}`)}
                {sentences.every(({ state }) => state === 'proposed') ? <span>{t('sentence.proposed')}</span> : null}
              </h4>
              {sentences.map((sentence) =>
                editing === sentence.id ? (
                  <SentenceEditor
                    key={sentence.id}
                    sentence={sentence}
                    section={section}
                    place={sentence.place}
                    onDone={() => onEdit(null)}
                  />
                ) : (
                  <SentenceRow
                    key={sentence.id}
                    sentence={sentence}
                    language={language}
                    pattern={pattern}
                    on={sentence.id === looked.sentence}
                    step={sentence.step !== null && sentence.step === looked.step}
                    worked={worked.has(sentence.step)}
                    onEdit={onEdit}
                    onConfirm={onConfirm}
                    onRemove={onRemove}
                  />
                ),
              )}
            </section>
          ),
        )}
      </div>
    </Pane>
  )
})

const SentenceRow = memo(function SentenceRow({
  sentence,
  language,
  pattern,
  on,
  step,
  worked,
  onEdit,
  onConfirm,
  onRemove,
}: {
  readonly sentence: RouteSentence
  readonly language: 'en' | 'ko'
  readonly pattern: RegExp
  readonly on: boolean
  /** Its step is looked at. */
  readonly step: boolean
  /** What its step tells of worked. */
  readonly worked: boolean
  onEdit(editing: Editing): void
  onConfirm(sentence: RouteSentence): void
  onRemove(sentence: RouteSentence): void
}): ReactNode {
  const { t } = useTranslation('incidents')
  const proved = isProved(sentence)
  const proposed = sentence.state === 'proposed'
  const look = (): void => useLooked.setState({ sentence: sentence.id, step: sentence.step })
  return (
    <div
      className={`in-sentence ${proposed ? 'in-proposed' : ''} ${on ? 'on' : step ? 'in-samestep' : ''}`}
      role="group"
      tabIndex={0}
      data-row="sentence"
      data-id={sentence.id}
      aria-label={t(proposed ? 'sentence.nameProposed' : 'sentence.name', {
        section: t(`section.${sentence.section}`),
        step: sentence.step ?? '',
      })}
      onFocus={look}
      onClick={look}
      onDoubleClick={() => onEdit(sentence.id)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.target !== event.currentTarget) return
        event.preventDefault()
        onEdit(sentence.id)
      }}
    >
      {sentence.step === null ? null : (
        <i className={worked ? 'in-disc' : 'in-disc in-disc-plain'} title={t('sentence.stepTitle', { step: sentence.step })}>
          {sentence.step}
        </i>
      )}
      <p>
        {sentence.asset ? <span className="in-asset">{visibleText(sentence.asset)}</span> : null}
        <SentenceText text={sentence.text[language]} pattern={pattern} />{' '}
        {sentence.cites.map((cite) => (
          <CiteChip key={citeKey(cite)} cite={cite} />
        ))}
        {sentence.evidence.map((id) => (
          <EvidenceChip key={id} id={id} />
        ))}
        {proved ? null : <em className="in-uncited">{t('sentence.uncited')}</em>}
      </p>
      {on ? (
        <div className="in-rowactions">
          {proposed ? (
            <Button
              small
              keys="c"
              aria-disabled={!proved}
              title={proved ? undefined : t('sentence.cannotConfirm')}
              onClick={() => onConfirm(sentence)}
            >
              {t('sentence.confirm')}
            </Button>
          ) : null}
          <Button small kind="quiet" keys="Enter" onClick={() => onEdit(sentence.id)}>
            {t('edit')}
          </Button>
          <Button small kind="quiet" keys="Delete" onClick={() => onRemove(sentence)}>
            {t('remove')}
          </Button>
        </div>
      ) : null}
    </div>
  )
})
