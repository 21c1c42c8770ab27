import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { findChromium } from '../../scripts/chromium.ts'
import { fuzzReports } from './fuzz-reports.ts'

const missing = [
  ...(findChromium() === null ? ['Chromium'] : []),
  ...(spawnSync('pdftotext', ['-v'], { stdio: 'ignore' }).status === 0 ? [] : ['pdftotext']),
]

it(`hostile texts are texts in all three formats${missing.length === 0 ? '' : ` (not judged by ${missing.join(', ')}: not there)`}`, async () => {
  const counts = await fuzzReports(12, 5)
  expect(counts.reports).toBe(12)
  if (!missing.includes('Chromium')) expect(counts.parsed).toBe(12 * 10)
  if (!missing.includes('pdftotext')) expect(counts.pdfs).toBe(12)
}, 60_000)
