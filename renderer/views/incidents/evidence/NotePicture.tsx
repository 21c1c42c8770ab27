import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Evidence } from '../../../../shared/model/incident.ts'
import { useClient } from '../../../client/hooks.ts'
import { visibleText } from '../../../format/text.ts'
import { EvidenceChip } from '../cites/CiteChip.tsx'
import { useEditor } from '../editor/editor-context.ts'
import { notePicture } from './pictures.ts'

/** An item that a note names: a screenshot is shown below its name, out of its sealed copy. */
export function NamedEvidence({ id }: { readonly id: string }): ReactNode {
  const { parts } = useEditor()
  const item = parts.evidence.find((one) => one.id === id)
  return (
    <>
      <EvidenceChip id={id} />
      {item?.kind === 'screenshot' && item.state === 'sealed' ? <Picture item={item} /> : null}
    </>
  )
}

function Picture({ item }: { readonly item: Evidence }): ReactNode {
  const { t } = useTranslation('incidents')
  const client = useClient()
  const { number } = useEditor()
  const [address, setAddress] = useState<string | null>(null)
  useEffect(() => {
    let here = true
    void notePicture(client, number, item.id).then((found) => {
      if (here) setAddress(found)
    })
    return () => {
      here = false
    }
  }, [client, number, item.id])
  return address === null ? null : (
    <img
      className="in-notepicture"
      src={address}
      alt={t('evidence.pictureOf', { id: item.id, name: visibleText(item.name) })}
      onError={() => setAddress(null)}
    />
  )
}
