import { Suspense, useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { focusNextPane } from '../components/Pane.tsx'
import { EmptyState, Loading } from '../components/States.tsx'
import { useLiveness } from '../state/clock.ts'
import { Banners } from './Banners.tsx'
import { Palette } from './Palette.tsx'
import { Rail } from './Rail.tsx'
import { formatRoute, navigate, useRoute } from './route.ts'
import { ShortcutSheet } from './ShortcutSheet.tsx'
import { useShell } from './shell-state.ts'
import { SHELL_KEYS } from './shell-keys.ts'
import { StatusBar } from './StatusBar.tsx'
import { TopBar } from './TopBar.tsx'
import { useKeys } from '../keys/use-keys.tsx'
import { VIEWS } from './views.ts'
import { ViewFault } from './ViewFault.tsx'
import './desk.css'

/** The frame: rail, top bar, banners, the view, status bar. */
export function Desk(): ReactNode {
  const { t } = useTranslation('shell')
  const route = useRoute()
  const liveness = useLiveness()
  const { palette, sheet } = useShell()
  const view = VIEWS.find(({ id }) => id === route.view)
  useKeys('shell', SHELL_KEYS, {
    palette: () => useShell.setState({ palette: true }),
    sheet: () => useShell.setState({ sheet: true }),
    nextPane: () => focusNextPane(1),
    previousPane: () => focusNextPane(-1),
    ...Object.fromEntries(VIEWS.map(({ id }) => [`go.${id}`, () => navigate(formatRoute(id))])),
  })
  const title = view ? t(`${view.id}:title`) : t('noView.title')
  useEffect(() => {
    document.title = `${title} · Watchfloor`
  }, [title])
  return (
    <div className="desk">
      <a
        className="desk-skip"
        href={`#${MAIN}`}
        onClick={(event) => {
          event.preventDefault()
          focusNextPane(1)
        }}
      >
        {t('skip')}
      </a>
      <Rail current={route.view} />
      <TopBar title={title} liveness={liveness} />
      <main id={MAIN} className={liveness === 'gone' || liveness === 'silent' ? 'desk-main desk-stale' : 'desk-main'}>
        <Banners liveness={liveness} />
        <div className="desk-view">
          {view ? (
            <ViewFault key={view.id}>
              <Suspense fallback={<Loading />}>
                <view.Component />
              </Suspense>
            </ViewFault>
          ) : (
            <EmptyState>{t('noView.text', { view: route.view })}</EmptyState>
          )}
        </div>
      </main>
      <StatusBar view={route.view} liveness={liveness} />
      {palette ? <Palette onClose={() => useShell.setState({ palette: false })} /> : null}
      {sheet ? <ShortcutSheet view={route.view} onClose={() => useShell.setState({ sheet: false })} /> : null}
    </div>
  )
}

const MAIN = 'desk-main'
