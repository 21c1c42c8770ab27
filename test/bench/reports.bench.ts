/** Reports of an incident with 10,000 timeline entries and 500 entities, in the thread that writes them: prints one JSON object. */
import { largeIncident, madeIncident } from '../../electron/engine/reports/made-incident.ts'
import { writeReport } from '../../electron/engine/reports/write-report.ts'

const ENTRIES = 10_000
const ENTITIES = 500
const ROUNDS = 3
const order = { at: '2026-11-20T08:00:00.000Z', by: 'bench' }
const seconds = (since: number): number => Math.round(performance.now() - since) / 1000

const large = largeIncident(ENTRIES, ENTITIES)
/** Longest stretch of this thread, which hands the incident over. */
let longest = 0
let last = performance.now()
const beat = (): void => {
  const now = performance.now()
  longest = Math.max(longest, now - last)
  last = now
}

async function time(format: 'pdf' | 'html' | 'docx', language: 'en' | 'ko', source: typeof large, masked: boolean) {
  let best = Infinity
  let bytes = 0
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now()
    const written = await writeReport(source, {
      ...order,
      language,
      formats: [format],
      customer: masked ? { tlp: 'AMBER', mask: { own: ['192.0.2.0/24'], hosts: ['db-01'] } } : null,
    })
    if (!written.ok) throw new Error(written.error.message)
    best = Math.min(best, seconds(began))
    bytes = written.value.files[0]?.bytes.length ?? 0
  }
  return { seconds: best, megabytes: Math.round(bytes / 1e5) / 10 }
}

setInterval(beat, 1).unref()
const figures = {
  entries: ENTRIES,
  entities: ENTITIES,
  pdf: await time('pdf', 'en', large, false),
  pdfKorean: await time('pdf', 'ko', large, false),
  pdfCustomer: await time('pdf', 'ko', large, true),
  html: await time('html', 'ko', large, false),
  docx: await time('docx', 'ko', large, false),
  small: await time('pdf', 'ko', madeIncident(), false),
}
console.log(JSON.stringify({ ...figures, askingThread: { longestMillis: Math.round(longest * 10) / 10 } }))
