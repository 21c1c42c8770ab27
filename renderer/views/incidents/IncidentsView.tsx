import type { ReactNode } from 'react'
import { IncidentNumber } from '../../../shared/model/incident.ts'
import { useRoute } from '../../app/route.ts'
import { Editor } from './editor/Editor.tsx'
import { IncidentList } from './list/IncidentList.tsx'
import './incidents.css'
import './narrative/narrative.css'
import './notes/notes.css'
import './panes/panes.css'
import './route/route.css'
import './time/timeline.css'

/** The incidents there are, or the one of the address. */
export default function IncidentsView(): ReactNode {
  const { view, rest } = useRoute()
  const number = view === 'incidents' && IncidentNumber.safeParse(rest).success ? rest : null
  return number === null ? <IncidentList /> : <Editor key={number} number={number} />
}
