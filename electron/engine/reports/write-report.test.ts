import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ReportSignature } from '../../../shared/model/report.ts'
import { largeIncident, madeIncident } from './made-incident.ts'
import type { ReportOrder } from './write-job.ts'
import { writeReport } from './write-report.ts'

const order: ReportOrder = {
  language: 'ko',
  at: '2026-11-20T08:00:00.000Z',
  by: 'M. Seo',
  formats: ['pdf', 'html', 'docx'],
  customer: null,
}

describe('writing a report in its thread', () => {
  it('gives all files, what they are known by, and how far it is', async () => {
    const parts: number[] = []
    const written = await writeReport(madeIncident(), order, { progress: (part) => void parts.push(part) })
    if (!written.ok) throw new Error(written.error.message)
    const { files, signature } = written.value
    expect(files.map(({ format }) => format)).toEqual(['pdf', 'html', 'docx'])
    expect(ReportSignature.parse(signature)).toEqual(signature)
    for (const [index, { bytes }] of files.entries()) {
      expect(signature.files[index]?.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
      expect(signature.files[index]?.bytes).toBe(bytes.length)
    }
    expect(Buffer.from(files[0]!.bytes).toString('latin1', 0, 5)).toBe('%PDF-')
    expect(Buffer.from(files[1]!.bytes).toString()).toContain(signature.document)
    expect(parts.length).toBeGreaterThan(2)
    expect(parts).toEqual([...parts].sort((a, b) => a - b))
    expect(parts.at(-1)).toBe(1)
  })

  it('says of the same document the same, whatever the format', async () => {
    const one = await writeReport(madeIncident(), { ...order, formats: ['html'] })
    const other = await writeReport(madeIncident(), { ...order, formats: ['docx'] })
    if (!one.ok || !other.ok) throw new Error('not written')
    expect(one.value.signature.document).toBe(other.value.signature.document)
  })

  it('redacts for a customer', async () => {
    const written = await writeReport(madeIncident(), {
      ...order,
      formats: ['html'],
      customer: { tlp: 'AMBER', mask: { own: ['192.0.2.0/24'], hosts: ['dc-01'] } },
    })
    if (!written.ok) throw new Error(written.error.message)
    const page = Buffer.from(written.value.files[0]!.bytes).toString()
    expect(page).toContain('198.51.x.x #1')
    for (const hidden of ['198.51.100.47', 'dc-01', 'Partner', '10.0.0.7']) expect(page).not.toContain(hidden)
  })

  it('fails with what is wrong', async () => {
    expect(await writeReport({ ...madeIncident(), severity: 'awful' as 'high' }, order)).toMatchObject({
      ok: false,
      error: { code: 'invalid_input', path: 'severity' },
    })
    expect(await writeReport(madeIncident(), { ...order, customer: { tlp: 'CLEAR', mask: null } })).toMatchObject({
      ok: false,
      error: { code: 'conflict' },
    })
  })

  it('ends when it is cancelled', async () => {
    const abort = new AbortController()
    const written = writeReport(largeIncident(5000, 50), order, { signal: abort.signal, progress: () => abort.abort() })
    expect(await written).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect(await writeReport(madeIncident(), order, { signal: abort.signal })).toMatchObject({
      ok: false,
      error: { code: 'cancelled' },
    })
  })
})
