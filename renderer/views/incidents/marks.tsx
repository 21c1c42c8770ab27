import type { ReactNode } from 'react'
import type { Pap, Tlp } from '../../../shared/model/incident.ts'
import { visibleText } from '../../format/text.ts'
import { initialsOf } from './people.ts'

/** The Traffic Light Protocol's own colours on black, in every theme. */
export function TlpMark({ tlp }: { readonly tlp: Tlp }): ReactNode {
  return <span className={`in-tlp in-tlp-${tlp.replace('+STRICT', '').toLowerCase()}`}>{`TLP:${tlp}`}</span>
}
export function PapMark({ pap }: { readonly pap: Pap }): ReactNode {
  return <span className="in-pap">{`PAP:${pap}`}</span>
}
/** A disc with letters; the whole name is beside it or in its title. */
export function Avatar({ name, main = false }: { readonly name: string; readonly main?: boolean }): ReactNode {
  return (
    <span className={main ? 'in-av in-av-main' : 'in-av'} title={visibleText(name)} aria-hidden="true">
      {initialsOf(name)}
    </span>
  )
}
