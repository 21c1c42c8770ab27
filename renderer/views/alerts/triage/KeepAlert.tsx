import type { ReactNode } from 'react'
import type { Alert } from '../../../../shared/model/alert.ts'
import { useQuery } from '../../../client/hooks.ts'
import { KeepEvidence } from '../../../widgets/keep-evidence/KeepEvidence.tsx'

/** The record that an alert shows, and its packets, as evidence; first of all of the incident that it is in, or would fit. */
export function KeepAlert({ alert, onClose }: { readonly alert: Alert; onClose(): void }): ReactNode {
  const detail = useQuery('alerts.get', { id: alert.id })
  const fits = useQuery('incidents.suggest', alert.incident === null ? { alerts: [alert.id] } : null)
  const waits = detail.value?.alert.id !== alert.id || (alert.incident === null && fits.value === null && fits.error === null)
  if (waits || !detail.value) return null
  return (
    <KeepEvidence
      what={{ kind: 'records', events: [detail.value.event] }}
      alert={alert.id}
      incident={alert.incident ?? fits.value?.incidents[0]?.number ?? null}
      onClose={onClose}
    />
  )
}
