import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery, useStream } from '../../../../client/hooks.ts'
import { Button } from '../../../../components/Button.tsx'
import { ErrorState } from '../../../../components/States.tsx'
import { Tabs } from '../../../../components/Tabs.tsx'
import { useFormat } from '../../../../i18n/use-format.ts'
import type { LibraryToolProps } from '../define.ts'
import { ToolFrame } from '../shared/ToolFrame.tsx'
import { AddFolder } from './AddFolder.tsx'
import { LibraryFolders } from './LibraryFolders.tsx'
import { LibrarySearch } from './LibrarySearch.tsx'

const BODY = 'packet-library'

/** Folders of rolling captures that are watched and indexed, and the search over all of them. */
export default function LibraryTool({ capture, flow, onCapture, onClose }: LibraryToolProps): ReactNode {
  const { t } = useTranslation('packet-tools')
  const format = useFormat()
  const [tab, setTab] = useState<'search' | 'folders'>('search')
  const [adding, setAdding] = useState(false)
  const listed = useQuery('library.list', {})
  const watched = useStream('library.watch', {})
  const folders = watched.value?.folders ?? listed.value?.folders
  const files = folders?.reduce((sum, folder) => sum + folder.files, 0) ?? 0
  const bytes = folders?.reduce((sum, folder) => sum + folder.bytes, 0) ?? 0
  return (
    <ToolFrame
      title={t('tool.library')}
      facts={folders ? t('library.count', { count: files, figure: format.number(files), bytes: format.bytes(bytes) }) : null}
      controls={
        <>
          <Tabs
            label={t('tool.library')}
            controls={BODY}
            selected={tab}
            onSelect={(id) => setTab(id === 'folders' ? 'folders' : 'search')}
            tabs={[
              { id: 'search', label: t('library.search') },
              { id: 'folders', label: t('library.folders'), count: folders ? format.number(folders.length) : undefined },
            ]}
          />
          <Button small icon="plus" onClick={() => setAdding(true)}>
            {t('library.add')}
          </Button>
        </>
      }
      onClose={onClose}
    >
      <div className="pt-fill">
        {listed.error && !folders ? (
          <ErrorState error={listed.error} what={t('library.failed')} onRetry={listed.refresh} />
        ) : null}
        <div id={BODY} role="tabpanel" aria-label={t(`library.${tab}`)} className="pt-fill">
          {tab === 'search' ? (
            <LibrarySearch
              capture={capture}
              flow={flow}
              empty={folders?.length === 0}
              onAdd={() => setAdding(true)}
              onCapture={onCapture}
            />
          ) : (
            <LibraryFolders folders={folders ?? []} onAdd={() => setAdding(true)} onChanged={listed.refresh} />
          )}
        </div>
      </div>
      {adding ? (
        <AddFolder
          onClose={() => setAdding(false)}
          onDone={() => {
            setAdding(false)
            setTab('folders')
            listed.refresh()
          }}
        />
      ) : null}
    </ToolFrame>
  )
}
