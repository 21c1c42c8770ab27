import { expect, it } from 'vitest'
import { fail, ok } from '../../../../shared/model/result.ts'
import type { Store } from '../../store/types.ts'
import { IncidentPlaybooks } from './incident-playbooks.ts'
import type { PlaybookLibrary } from './playbook-library.ts'

it('time passes in all open incidents, however many there are', async () => {
  const numbers = Array.from({ length: 450 }, (_, at) => `INC-2026-${String(at + 1).padStart(4, '0')}`)
  const looked: string[] = []
  const incidents = {
    list: ({ limit, after }: { limit: number; after: string | null }) => {
      const from = Number(after ?? 0)
      const page = numbers.slice(from, from + limit).map((number) => ({ number }))
      return Promise.resolve(ok({ incidents: page, after: page.length === limit ? String(from + limit) : null }))
    },
    parts: ({ number }: { number: string }) => {
      looked.push(number)
      return Promise.resolve(fail({ code: 'not_found', message: 'It is gone.' }))
    },
  }
  const playbooks = new IncidentPlaybooks({ incidents: incidents as unknown as Store['incidents'] }, {} as PlaybookLibrary)
  await playbooks.tick()
  expect(looked).toEqual(numbers)
})
