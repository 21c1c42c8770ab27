import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { LibraryFolder } from '../../../../../shared/model/capture.ts'
import { useCommand } from '../../../../client/hooks.ts'
import { Button } from '../../../../components/Button.tsx'
import { Dialog } from '../../../../components/Popover.tsx'
import { EmptyState, ErrorState } from '../../../../components/States.tsx'
import { visibleText } from '../../../../format/text.ts'
import { formatDateTime } from '../../../../format/time.ts'
import { useFormat } from '../../../../i18n/use-format.ts'
import { useNotice } from '../../../../state/notice.ts'

/** The library's folders: what is in them, how far they are indexed, what limits there are. */
export function LibraryFolders({
  folders,
  onAdd,
  onChanged,
}: {
  readonly folders: readonly LibraryFolder[]
  onAdd(): void
  onChanged(): void
}): ReactNode {
  const { t } = useTranslation('packet-tools')
  const format = useFormat()
  const say = useNotice((state) => state.say)
  const remove = useCommand('library.remove')
  const [leaving, setLeaving] = useState<LibraryFolder | null>(null)
  if (folders.length === 0)
    return <EmptyState actions={<Button onClick={onAdd}>{t('library.add')}</Button>}>{t('library.empty')}</EmptyState>
  const limits = (folder: LibraryFolder): string =>
    [
      folder.budgetBytes > 0 ? format.bytes(folder.budgetBytes) : '',
      folder.budgetDays > 0 ? t('library.days', { count: folder.budgetDays, figure: format.number(folder.budgetDays, 1) }) : '',
    ]
      .filter((part) => part !== '')
      .join(', ') || t('library.unlimited')
  return (
    <div className="pt-scroll" tabIndex={0} role="region" aria-label={t('library.folders')}>
      <table className="pt-table">
        <thead>
          <tr>
            <th scope="col">{t('library.column.path')}</th>
            <th scope="col" className="num">
              {t('library.column.files')}
            </th>
            <th scope="col" className="num">
              {t('library.column.bytes')}
            </th>
            <th scope="col" className="num">
              {t('library.column.indexed')}
            </th>
            <th scope="col">{t('library.column.span')}</th>
            <th scope="col">{t('library.column.limits')}</th>
            <th scope="col">
              <span className="sr">{t('library.remove')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {folders.map((folder) => (
            <tr key={folder.path}>
              <th scope="row">
                <code>{visibleText(folder.path)}</code>
                {folder.problem === null ? null : <p className="pt-fault">{visibleText(folder.problem)}</p>}
              </th>
              <td className="num">{format.number(folder.files)}</td>
              <td className="num">{format.bytes(folder.bytes)}</td>
              <td className="num" title={`${format.number(folder.indexed)} / ${format.number(folder.files)}`}>
                {folder.indexed >= folder.files
                  ? t('library.allIndexed')
                  : t('common:loading.of', { done: format.number(folder.indexed), of: format.number(folder.files) })}
              </td>
              <td className="mono">
                {folder.first === null || folder.last === null
                  ? '–'
                  : t('common:range.edges', { from: formatDateTime(folder.first), to: formatDateTime(folder.last) })}
              </td>
              <td>{limits(folder)}</td>
              <td>
                <Button
                  small
                  kind="quiet"
                  onClick={() => setLeaving(folder)}
                  aria-label={t('library.removeThis', { path: visibleText(folder.path) })}
                >
                  {t('library.remove')}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {leaving ? (
        <Dialog
          title={t('library.removeTitle')}
          onClose={() => setLeaving(null)}
          footer={
            <>
              <Button onClick={() => setLeaving(null)}>{t('common:cancel')}</Button>
              <Button
                kind="primary"
                disabled={remove.running}
                onClick={() =>
                  void remove.run({ path: leaving.path }).then((result) => {
                    if (!result.ok) return
                    setLeaving(null)
                    say(t('library.removed'))
                    onChanged()
                  })
                }
              >
                {t('library.removeRun')}
              </Button>
            </>
          }
        >
          <p>
            <code>{visibleText(leaving.path)}</code>
          </p>
          <p>{t('library.removeNote')}</p>
          {remove.error ? <ErrorState error={remove.error} what={t('library.removeFailed')} /> : null}
        </Dialog>
      ) : null}
    </div>
  )
}
