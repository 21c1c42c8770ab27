import { describe, expect, it } from 'vitest'
import { exportPath, formOf } from './export-path.ts'

describe('the path of an export', () => {
  it('is the name in the folder, with its ending once', () => {
    expect(exportPath('/home/kim', 'Web servers', 'zip')).toBe('/home/kim/Web servers.zip')
    expect(exportPath('/home/kim', 'Web servers', 'folder')).toBe('/home/kim/Web servers')
    expect(exportPath('/home/kim/', 'web.ZIP', 'zip')).toBe('/home/kim/web.zip')
    expect(exportPath('C:\\Users\\kim', '웹 서버', 'zip')).toBe('C:\\Users\\kim\\웹 서버.zip')
  })
  it('of a folder never is what would be written as a zip', () => {
    expect(exportPath('/home/kim', 'web.zip', 'folder')).toBe('/home/kim/web')
    expect(formOf(exportPath('/home/kim', 'web.zip.zip', 'folder'))).toBe('folder')
    expect(formOf('/home/kim/Web.ZIP ')).toBe('zip')
  })
  it('is nothing without a name', () => {
    expect(exportPath('/home/kim', ' ', 'zip')).toBe('')
    expect(exportPath('/home/kim', '.zip', 'zip')).toBe('')
  })
})
