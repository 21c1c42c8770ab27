import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { BannerBar } from '../components/Banners.tsx'
import { Button } from '../components/Button.tsx'
import { visibleText } from '../format/text.ts'
import { formatMoment, formatTime } from '../format/time.ts'
import { useFormat } from '../i18n/use-format.ts'
import { useSentence } from '../i18n/use-sentence.ts'
import { useNow } from '../state/clock.ts'
import { useEngine, type Liveness } from '../state/engine.ts'
import { useShell } from './shell-state.ts'

/** What the whole desk must know, above the view: the engine is away, the disk is full, a partition is damaged. */
export function Banners({ liveness }: { readonly liveness: Liveness }): ReactNode {
  const { t } = useTranslation('shell')
  const format = useFormat()
  const sentence = useSentence()
  const now = useNow()
  const { status, heard } = useEngine()
  const refused = useShell((shell) => shell.refused)
  if (refused !== null) {
    return (
      <BannerBar
        tone="fault"
        actions={
          <Button small onClick={() => window.location.reload()}>
            {t('banner.reload')}
          </Button>
        }
      >
        {t('banner.refused')}
      </BannerBar>
    )
  }
  const away = liveness === 'gone' || liveness === 'silent'
  return (
    <>
      {away ? (
        <BannerBar tone="fault">
          {status
            ? t(`banner.${liveness}`, { time: formatTime(heard), age: format.age((now - heard) / 1000) })
            : t('banner.noEngine')}
        </BannerBar>
      ) : null}
      {status?.banners.map((banner) => {
        const values = Object.fromEntries(
          Object.entries(banner.values).map(([name, value]) => [
            name,
            typeof value === 'string' ? visibleText(value) : sentence(value),
          ]),
        )
        return (
          <BannerBar key={banner.id} tone={banner.tone}>
            {t(`banner.${banner.key}`, values)} <em>{t('banner.since', { time: formatMoment(banner.since, now) })}</em>
          </BannerBar>
        )
      })}
    </>
  )
}
