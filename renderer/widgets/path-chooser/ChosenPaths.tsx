import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/Button.tsx'
import { Field } from '../../components/Field.tsx'
import { visibleText } from '../../format/text.ts'
import { PathChooser } from './PathChooser.tsx'

export interface Choice {
  readonly paths: readonly string[]
  readonly typed: string
  /** What is chosen, and what is typed besides. */
  readonly all: readonly string[]
  type(path: string): void
  toggle(path: string): void
}

/** Paths that a dialog gathers: chosen in a list, or typed. */
export function useChoice(): Choice {
  const [paths, setPaths] = useState<readonly string[]>([])
  const [typed, setTyped] = useState('')
  const own = typed.trim()
  return {
    paths,
    typed,
    all: own === '' || paths.includes(own) ? paths : [...paths, own],
    type: setTyped,
    toggle: (path) => setPaths((before) => (before.includes(path) ? before.filter((one) => one !== path) : [...before, path])),
  }
}

/** Chooses several files: a list to choose from, a field to type in, and what is chosen. */
export function ChosenPaths({
  choice,
  folders = 'never',
  missing,
}: {
  readonly choice: Choice
  /** Whether folders may be chosen too. */
  readonly folders?: 'never' | 'too'
  /** Whether to say that nothing is chosen. */
  readonly missing: boolean
}): ReactNode {
  const { t } = useTranslation('chooser')
  const [whole, setWhole] = useState(false)
  const nothing = t(folders === 'too' ? 'nothingOrFolder' : 'nothing')
  return (
    <>
      <PathChooser key={String(whole)} folders={whole} chosen={choice.paths} onChoose={choice.toggle} />
      <div className="pc-typed">
        <Field label={t('path')} problem={missing && choice.all.length === 0 ? nothing : null}>
          {(control) => (
            <input
              {...control}
              className="wf-input mono"
              value={choice.typed}
              spellCheck={false}
              onChange={(event) => choice.type(event.target.value)}
            />
          )}
        </Field>
        {folders === 'too' ? (
          <label className="wf-check">
            <input type="checkbox" checked={whole} onChange={(event) => setWhole(event.target.checked)} />
            {t('folders')}
          </label>
        ) : null}
      </div>
      {choice.paths.length > 0 ? (
        <ul className="pc-chosen" aria-label={t('chosen')}>
          {choice.paths.map((path) => (
            <li key={path}>
              <code className="ellipsis">{visibleText(path)}</code>
              <Button
                small
                kind="quiet"
                iconOnly
                icon="close"
                aria-label={t('leaveOut', { path: visibleText(path) })}
                onClick={() => choice.toggle(path)}
              />
            </li>
          ))}
        </ul>
      ) : null}
    </>
  )
}
