import type { ReactNode } from 'react'
import type { Endpoint } from '../../../shared/model/alert.ts'
import { visibleText } from '../../format/text.ts'
import { endName } from './ends.ts'

/** A name bright, a bare address dimmer, the port dimmest. Never abbreviated. */
export function EndText({ end }: { readonly end: Endpoint }): ReactNode {
  const name = endName(end)
  if (name === null) return null
  return (
    <span className="al-end">
      <span className={end.name === null ? 'al-address' : 'al-name'}>{visibleText(name)}</span>
      {end.port === null ? null : <span className="al-port">:{end.port}</span>}
    </span>
  )
}
