/** What is open beside the queue while deciding: tuning, alerts alike, the method, what is kept as evidence. */
import type { ReactNode } from 'react'
import { create } from 'zustand'
import type { Alert, Verdict } from '../../../../shared/model/alert.ts'
import type { Actions, Said } from '../use-actions.ts'
import { KeepAlert } from './KeepAlert.tsx'
import { AlikeDialog } from './AlikeDialog.tsx'
import { MethodDialog } from './MethodDialog.tsx'
import { TuneDialog } from './TuneDialog.tsx'

interface LastDecided {
  readonly alert: Alert
  readonly verdict: Verdict
  readonly said: Said
}

export const useTriage = create<{
  readonly open: 'tune' | 'alike' | 'method' | 'keep' | null
  /** What is tuned or kept: the alert it was opened for, wherever the cursor goes meanwhile. */
  readonly alert: Alert | null
  /** What was decided last: alerts alike may have the same verdict. */
  readonly last: LastDecided | null
}>(() => ({ open: null, alert: null, last: null }))

const close = (): void => useTriage.setState({ open: null, alert: null })

export function TriageDialogs({ operator, actions }: { readonly operator: string | null; readonly actions: Actions }): ReactNode {
  const { open, alert, last } = useTriage()
  if (open === 'method') return <MethodDialog onClose={close} />
  if (open === 'tune' && alert !== null) return <TuneDialog alert={alert} operator={operator ?? ''} onClose={close} />
  if (open === 'keep' && alert !== null) return <KeepAlert alert={alert} onClose={close} />
  if (open !== 'alike' || last === null) return null
  return (
    <AlikeDialog
      alert={last.alert}
      verdict={last.verdict}
      onClose={close}
      onDecide={(ids) => {
        close()
        void actions.decideAlike(ids, last.verdict, last.said)
      }}
    />
  )
}
