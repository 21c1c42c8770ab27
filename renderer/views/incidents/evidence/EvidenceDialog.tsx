import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { PictureType } from '../../../../shared/incident-evidence-contract.ts'
import type { Evidence } from '../../../../shared/model/incident.ts'
import { navigate } from '../../../app/route.ts'
import { useClient, useCommand, useQuery } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { Segmented } from '../../../components/Segmented.tsx'
import { ErrorState, Loading } from '../../../components/States.tsx'
import { visibleText } from '../../../format/text.ts'
import { formatExact } from '../../../format/time.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useNotice } from '../../../state/notice.ts'
import { useEditor } from '../editor/editor-context.ts'
import { packetWay } from '../ways.ts'
import { HexPage } from './HexPage.tsx'
import { pictureOf } from './pictures.ts'
import { useDeeds } from './use-deeds.ts'

type Shown = 'picture' | 'hex' | 'text' | 'custody'
interface Opened {
  readonly opening: string
  readonly bytes: number
  readonly picture: PictureType | null
}

/** One item of evidence: its bytes as they are, who did what with it, and what can be done with it. Opening it is told in the ledger. */
export function EvidenceDialog({ item, onClose }: { readonly item: Evidence; onClose(): void }): ReactNode {
  const { t } = useTranslation('incidents')
  const format = useFormat()
  const client = useClient()
  const { number } = useEditor()
  const [opened, setOpened] = useState<Opened | 'gone' | null>(null)
  const [chosen, setChosen] = useState<Shown | null>(null)
  const { exportItem, running } = useDeeds()
  const say = useNotice((state) => state.say)
  const packets = useCommand('incidents.openPackets')
  useEffect(() => {
    let here = true
    void client.command('incidents.openEvidence', { number, id: item.id }).then((result) => {
      if (here) setOpened(result.ok ? result.value : 'gone')
    })
    return () => {
      here = false
    }
  }, [client, number, item.id])
  const picture = opened !== null && opened !== 'gone' && opened.picture !== null
  const shown = chosen ?? (opened === 'gone' ? 'custody' : picture ? 'picture' : item.kind === 'record' ? 'text' : 'hex')
  const choices: readonly Shown[] = [...(picture ? (['picture'] as const) : []), 'hex', 'text', 'custody']
  return (
    <Dialog
      title={`${item.id} · ${visibleText(item.name)}`}
      wide
      onClose={onClose}
      footer={
        <>
          {item.kind === 'packets' ? (
            <Button
              disabled={packets.running}
              onClick={() =>
                void packets.run({ number, id: item.id }).then((result) => {
                  if (result.ok) navigate(packetWay(result.value.id, 1))
                  else say(t('evidence.notOpened', { reason: visibleText(result.error.message) }), 'fault')
                })
              }
            >
              {t('evidence.toBench')}
            </Button>
          ) : null}
          <Button icon="save" disabled={running} onClick={() => void exportItem(item)}>
            {t('evidence.export')}
          </Button>
          <Button kind="primary" data-autofocus="" onClick={onClose}>
            {t('common:close')}
          </Button>
        </>
      }
    >
      <dl className="in-itemfacts">
        <dt>{t('evidence.origin')}</dt>
        <dd>{visibleText(item.origin)}</dd>
        <dt>{'SHA-256'}</dt>
        <dd className="mono">{item.sha256}</dd>
        <dt>{t('evidence.size')}</dt>
        <dd>{t('evidence.bytes', { bytes: format.number(item.bytes) })}</dd>
      </dl>
      <Noted item={item} />
      <Segmented
        label={t('evidence.shownAs')}
        value={shown}
        segments={choices.map((id) => ({ value: id, label: t(`evidence.${id}`) }))}
        onChange={setChosen}
      />
      {shown === 'custody' ? (
        <Custody id={item.id} />
      ) : opened === null ? (
        <Loading />
      ) : opened === 'gone' ? (
        <p className="in-fault">{t('evidence.notRead')}</p>
      ) : shown === 'picture' ? (
        <Picture opened={opened} item={item} />
      ) : (
        <HexPage key={shown} opening={opened.opening} bytes={opened.bytes} as={shown} />
      )}
    </Dialog>
  )
}

function Picture({ opened, item }: { readonly opened: Opened; readonly item: Evidence }): ReactNode {
  const { t } = useTranslation('incidents')
  const client = useClient()
  const [address, setAddress] = useState<string | false | null>(null)
  useEffect(() => {
    let made: string | null = null
    let here = true
    void pictureOf(client, opened).then((found) => {
      made = found
      if (here) setAddress(found ?? false)
      else if (found !== null) URL.revokeObjectURL(found)
    })
    return () => {
      here = false
      if (made !== null) URL.revokeObjectURL(made)
    }
  }, [client, opened])
  if (address === null) return <Loading />
  if (address === false) return <p className="in-fault">{t('evidence.noPicture')}</p>
  return (
    <img
      className="in-itempicture"
      src={address}
      alt={t('evidence.pictureOf', { id: item.id, name: visibleText(item.name) })}
      onError={() => setAddress(false)}
    />
  )
}

/** What somebody wrote beside it, and whether it is left out of what customers see. */
function Noted({ item }: { readonly item: Evidence }): ReactNode {
  const { t } = useTranslation('incidents')
  const { number } = useEditor()
  const say = useNotice((state) => state.say)
  const keep = useCommand('incidents.noteEvidence')
  const [note, setNote] = useState(item.note)
  const [internal, setInternal] = useState(item.internal)
  const changed = note !== item.note || internal !== item.internal
  const save = async (): Promise<void> => {
    const done = await keep.run({ number, id: item.id, note, internal })
    say(
      done.ok ? t('evidence.noteSaved') : t('notSaved', { reason: visibleText(done.error.message) }),
      done.ok ? 'info' : 'fault',
    )
  }
  return (
    <div className="in-itemnote">
      <Field label={t('evidence.note')}>
        {(control) => (
          <input
            {...control}
            className="wf-input"
            maxLength={4000}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        )}
      </Field>
      <label className="wf-check">
        <input type="checkbox" checked={internal} onChange={(event) => setInternal(event.target.checked)} />
        {t('note.internal')}
      </label>
      <Button small disabled={!changed || keep.running} onClick={() => void save()}>
        {t('evidence.saveNote')}
      </Button>
    </div>
  )
}

/** Out of the ledger: every deed with the item, in order. */
function Custody({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('incidents')
  const { number } = useEditor()
  const { value, error, refresh } = useQuery('incidents.custody', { number, id })
  if (error) return <ErrorState error={error} what={t('ledger.failed')} onRetry={refresh} />
  if (!value) return <Loading />
  return (
    <div className="in-custodylist">
      <table className="in-ledgertable">
        <thead>
          <tr>
            <th scope="col">{t('ledger.at')}</th>
            <th scope="col">{t('ledger.by')}</th>
            <th scope="col">{t('ledger.action')}</th>
            <th scope="col">{t('ledger.hash')}</th>
          </tr>
        </thead>
        <tbody>
          {value.entries.map((entry) => (
            <tr key={entry.number}>
              <td className="mono">{formatExact(entry.at)}</td>
              <td>{visibleText(entry.by)}</td>
              <td>{t(`action.${entry.action}`, { defaultValue: visibleText(entry.action) })}</td>
              <td className="mono in-hash" title={entry.hash}>{`${entry.hash.slice(0, 8)}…${entry.hash.slice(-4)}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {value.truncated ? <p className="in-quiet">{t('evidence.custodyCut')}</p> : null}
    </div>
  )
}
