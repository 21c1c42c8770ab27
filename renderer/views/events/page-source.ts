import type { useClient } from '../../client/hooks.ts'
import type { PageSource } from './pages.ts'

/** Where the pages of a search come from: the engine. */
export function pageSource(
  client: ReturnType<typeof useClient>,
  run: { readonly where: string; readonly order: 'newest' | 'oldest' },
): PageSource {
  const { where, order } = run
  return {
    search: ({ window, after, limit, fields }) =>
      client.query('events.search', { where, window, order, after, limit, fields: [...fields] }),
    histogram: ({ window, slots }) => client.query('events.histogram', { where, window, slots }),
  }
}
