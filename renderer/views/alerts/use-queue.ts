import { useEffect, useState, useSyncExternalStore } from 'react'
import { useClient } from '../../client/hooks.ts'
import { QueueFeed, type FeedState, type Filter } from './queue-feed.ts'
import type { Order } from './queue-view.ts'

/** The queue on screen, kept while the component is there. */
export function useQueue(
  filter: Filter,
  order: Order,
  following: boolean,
): FeedState & Pick<QueueFeed, 'refresh' | 'more' | 'patch'> {
  const client = useClient()
  const [feed] = useState(() => new QueueFeed(client))
  const state = useSyncExternalStore(feed.subscribe, feed.state)
  useEffect(() => feed.show(filter, order), [feed, filter, order])
  useEffect(() => feed.follow(following), [feed, following])
  useEffect(() => () => feed.stop(), [feed])
  return { ...state, refresh: feed.refresh, more: feed.more, patch: feed.patch }
}
