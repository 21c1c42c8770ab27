import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { PathChooser } from '../../../widgets/path-chooser/PathChooser.tsx'

/** Where files are written: typed or chosen; empty for the data folder's exports. */
export function FolderField({
  value,
  problem,
  onChange,
}: {
  readonly value: string
  readonly problem: string | null
  onChange(folder: string): void
}): ReactNode {
  const { t } = useTranslation('papers')
  const [choosing, setChoosing] = useState(false)
  return (
    <>
      <div className="in-folder">
        <Field label={t('folder')} note={t('folderNote')} problem={problem}>
          {(control) => (
            <input
              {...control}
              className="wf-input mono"
              spellCheck={false}
              maxLength={4096}
              value={value}
              onChange={(event) => onChange(event.target.value)}
            />
          )}
        </Field>
        <Button icon="folder" aria-expanded={choosing} onClick={() => setChoosing(!choosing)}>
          {t('choose')}
        </Button>
      </div>
      {choosing ? (
        <PathChooser
          folders
          chosen={[]}
          onChoose={(path) => {
            onChange(path)
            setChoosing(false)
          }}
        />
      ) : null}
    </>
  )
}
