/** Where an export would be written, before anybody says otherwise. */
import { joinPath } from '../../../widgets/path-chooser/join-path.ts'

export type ExportForm = 'zip' | 'folder'

/** '' while there is no name. A path that ends in `.zip` is a zip, so a folder's does not. */
export function exportPath(folder: string, name: string, form: ExportForm): string {
  const plain = name.trim().replace(/(?:\.zip)+$/i, '')
  if (plain === '' || folder === '') return ''
  return joinPath(folder, form === 'zip' ? `${plain}.zip` : plain)
}

export const formOf = (path: string): ExportForm => (/\.zip$/i.test(path.trim()) ? 'zip' : 'folder')
