/** The window menu: what a desktop expects, in the system's language where we speak it. */
import { app, Menu, type MenuItemConstructorOptions } from 'electron'

const LABELS = {
  en: {
    file: 'File',
    quit: 'Quit',
    edit: 'Edit',
    undo: 'Undo',
    redo: 'Redo',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    all: 'Select all',
    view: 'View',
    reload: 'Reload',
    larger: 'Larger',
    smaller: 'Smaller',
    actual: 'Actual size',
    full: 'Full screen',
    tools: 'Developer tools',
  },
  ko: {
    file: '파일',
    quit: '종료',
    edit: '편집',
    undo: '실행 취소',
    redo: '다시 실행',
    cut: '잘라내기',
    copy: '복사',
    paste: '붙여넣기',
    all: '모두 선택',
    view: '보기',
    reload: '새로 고침',
    larger: '크게',
    smaller: '작게',
    actual: '실제 크기',
    full: '전체 화면',
    tools: '개발자 도구',
  },
} as const

export function setMenu(): void {
  const text = LABELS[app.getLocale().startsWith('ko') ? 'ko' : 'en']
  const item = (role: NonNullable<MenuItemConstructorOptions['role']>, label: string): MenuItemConstructorOptions => ({
    role,
    label,
  })
  const line: MenuItemConstructorOptions = { type: 'separator' }
  const template: MenuItemConstructorOptions[] = [
    { label: text.file, submenu: [item('quit', text.quit)] },
    {
      label: text.edit,
      submenu: [
        item('undo', text.undo),
        item('redo', text.redo),
        line,
        item('cut', text.cut),
        item('copy', text.copy),
        item('paste', text.paste),
        item('selectAll', text.all),
      ],
    },
    {
      label: text.view,
      submenu: [
        item('reload', text.reload),
        line,
        item('zoomIn', text.larger),
        item('zoomOut', text.smaller),
        item('resetZoom', text.actual),
        line,
        item('togglefullscreen', text.full),
        ...(app.isPackaged ? [] : [item('toggleDevTools', text.tools)]),
      ],
    },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
