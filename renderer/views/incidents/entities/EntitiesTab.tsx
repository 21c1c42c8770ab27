import { useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { inLanguage } from '../../../../shared/model/both-languages.ts'
import type { Edge, Entity } from '../../../../shared/model/incident.ts'
import { Button } from '../../../components/Button.tsx'
import { Pane, PaneHead } from '../../../components/Pane.tsx'
import { visibleText } from '../../../format/text.ts'
import { formatTime } from '../../../format/time.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { CiteChip } from '../cites/CiteChip.tsx'
import { citeKey } from '../cites/cite-text.ts'
import { useEditor } from '../editor/editor-context.ts'
import { useLooked } from '../incident-state.ts'
import { VirtualList } from '../panes/VirtualList.tsx'
import { RouteHead } from '../route/RouteHead.tsx'
import { RoutePicture } from '../route/RoutePicture.tsx'
import { EdgeDialog } from './EdgeDialog.tsx'
import { EntityDialog } from './EntityDialog.tsx'

type Opened =
  { readonly kind: 'entity'; readonly entity: Entity | null } | { readonly kind: 'edge'; readonly edge: Edge | null } | null
const ORDER = { attacker: 0, staging: 1, target: 2, seen: 3 } as const

/** Who and what is in it: the picture, the list, and what shows each connection. */
export function EntitiesTab(): ReactNode {
  const { t } = useTranslation('incidents')
  const format = useFormat()
  const { parts, remove } = useEditor()
  const chosen = useLooked(({ entity }) => entity)
  const [words, setWords] = useState('')
  const [opened, setOpened] = useState<Opened>(null)
  const filter = useRef<HTMLInputElement>(null)
  const degrees = useMemo(() => {
    const found = new Map<string, number>()
    for (const { from, to } of parts.edges) {
      found.set(from, (found.get(from) ?? 0) + 1)
      if (to !== from) found.set(to, (found.get(to) ?? 0) + 1)
    }
    return found
  }, [parts.edges])
  const shown = useMemo(() => {
    const lower = words.trim().toLowerCase()
    return parts.entities
      .filter(
        (one) => lower === '' || [one.value, one.label, one.zone, one.note].some((text) => text.toLowerCase().includes(lower)),
      )
      .sort((a, b) => ORDER[a.role] - ORDER[b.role] || (a.value < b.value ? -1 : 1))
  }, [parts.entities, words])
  const at = shown.findIndex(({ id }) => id === chosen)
  const entity = parts.entities.find(({ id }) => id === chosen) ?? null
  const edit = (id: string): void => setOpened({ kind: 'entity', entity: parts.entities.find((one) => one.id === id) ?? null })
  return (
    <div className="in-entitiestab">
      <Pane label={t('pane.route')} className="in-pane in-routepane">
        <RouteHead />
        <RoutePicture onOpen={edit} />
      </Pane>
      <div className="in-entityside">
        <Pane label={t('pane.entities')} className="in-pane in-entitylist">
          <PaneHead title={t('pane.entities')}>
            <input
              ref={filter}
              className="wf-input wf-input-small in-shortfield"
              type="search"
              aria-label={t('entity.filter')}
              placeholder={t('entity.filter')}
              maxLength={200}
              value={words}
              onChange={(event) => setWords(event.target.value)}
            />
            <span>{format.number(shown.length)}</span>
            <Button small kind="quiet" icon="plus" onClick={() => setOpened({ kind: 'entity', entity: null })}>
              {t('entity.add')}
            </Button>
          </PaneHead>
          {shown.length === 0 ? (
            <p className="in-none">{t(words === '' ? 'entity.empty' : 'entity.none')}</p>
          ) : (
            <VirtualList
              label={t('pane.entities')}
              count={shown.length}
              row={28}
              current={at}
              keyOf={(index) => shown[index]?.id ?? String(index)}
              renderRow={(index) => {
                const one = shown[index]
                return one ? (
                  <>
                    <span className="in-entitykind">{t(`entityKind.${one.kind}`)}</span>
                    <span className="in-entityvalue mono" title={visibleText(one.value)}>
                      {visibleText(one.value)}
                    </span>
                    <span className={one.role === 'seen' ? 'in-entityrole' : 'in-entityrole in-bright'}>
                      {t(`role.${one.role}`)}
                    </span>
                    <span className="in-entityzone">{visibleText(one.zone)}</span>
                    <span className="in-num">{format.number(degrees.get(one.id) ?? 0)}</span>
                  </>
                ) : null
              }}
              onCurrent={(index) => useLooked.setState({ entity: shown[index]?.id ?? null })}
              onChoose={(index) => shown[index] && setOpened({ kind: 'entity', entity: shown[index] })}
              onRemove={(index) => shown[index] && void remove('entity', shown[index].id)}
            />
          )}
        </Pane>
        <Connections entity={entity} onEdit={edit} onEdge={(edge) => setOpened({ kind: 'edge', edge })} />
      </div>
      {opened?.kind === 'entity' ? <EntityDialog entity={opened.entity} onClose={() => setOpened(null)} /> : null}
      {opened?.kind === 'edge' ? (
        <EdgeDialog edge={opened.edge} from={entity?.id ?? null} onClose={() => setOpened(null)} />
      ) : null}
    </div>
  )
}

/** What went from and to the chosen entity (or, where none is chosen, all of the route), with the events behind it. */
function Connections({
  entity,
  onEdit,
  onEdge,
}: {
  readonly entity: Entity | null
  onEdit(id: string): void
  onEdge(edge: Edge | null): void
}): ReactNode {
  const { t } = useTranslation('incidents')
  const { language } = useFormat()
  const { parts, remove } = useEditor()
  const names = useMemo(() => new Map(parts.entities.map(({ id, value, label }) => [id, label || value])), [parts.entities])
  const edges = useMemo(
    () =>
      parts.edges
        .filter(({ from, to, step }) => (entity ? from === entity.id || to === entity.id : step !== null))
        .sort((a, b) => (a.step ?? 1000) - (b.step ?? 1000) || ((a.time ?? '') < (b.time ?? '') ? -1 : 1))
        .slice(0, 300),
    [parts.edges, entity],
  )
  return (
    <Pane label={t('pane.connections')} as="aside" className="in-pane in-connections">
      <PaneHead title={entity ? t('edge.of', { name: visibleText(entity.label || entity.value) }) : t('edge.route')}>
        {entity ? (
          <>
            <Button small kind="quiet" onClick={() => onEdit(entity.id)}>
              {t('edit')}
            </Button>
            <Button small kind="quiet" onClick={() => void remove('entity', entity.id)}>
              {t('remove')}
            </Button>
          </>
        ) : null}
        <Button small kind="quiet" icon="plus" disabled={parts.entities.length === 0} onClick={() => onEdge(null)}>
          {t('edge.add')}
        </Button>
      </PaneHead>
      <div className="in-edges">
        {entity?.note ? <p className="in-entitynote">{visibleText(entity.note)}</p> : null}
        {edges.length === 0 ? <p className="in-none">{t('edge.empty')}</p> : null}
        {edges.map((edge) => (
          <div
            key={edge.id}
            className="in-edgerow"
            role="group"
            tabIndex={0}
            data-row="edge"
            data-id={edge.id}
            aria-label={t('edge.name', {
              from: visibleText(names.get(edge.from) ?? ''),
              to: visibleText(names.get(edge.to) ?? ''),
            })}
            onFocus={() => useLooked.setState({ step: edge.step })}
            onDoubleClick={() => onEdge(edge)}
            onKeyDown={(event) => {
              if (event.target !== event.currentTarget) return
              if (event.key === 'Enter') onEdge(edge)
              else return
              event.preventDefault()
            }}
          >
            <span className="in-edgestep">
              {edge.step === null ? null : (
                <i className={edge.state === 'worked' ? 'in-disc' : 'in-disc in-disc-plain'}>{edge.step}</i>
              )}
            </span>
            <span className="in-edgetext">
              <b className="mono">{visibleText(names.get(edge.from) ?? '')}</b> →{' '}
              <b className="mono">{visibleText(names.get(edge.to) ?? '')}</b> {visibleText(inLanguage(edge.label, language))}{' '}
              <em>{t(`edgeState.${edge.state}`)}</em> {edge.time ? <time className="mono">{formatTime(edge.time)}</time> : null}{' '}
              {edge.cites.map((cite) => (
                <CiteChip key={citeKey(cite)} cite={cite} />
              ))}
            </span>
            <span className="in-noteactions">
              <Button small kind="quiet" onClick={() => onEdge(edge)}>
                {t('edit')}
              </Button>
              <Button small kind="quiet" onClick={() => void remove('edge', edge.id)}>
                {t('remove')}
              </Button>
            </span>
          </div>
        ))}
      </div>
    </Pane>
  )
}
