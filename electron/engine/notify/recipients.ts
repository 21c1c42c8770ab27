/** Who gets a mail of what: the addresses of a subscription of everything, owners and watchers of their incidents. */
import type { MailAddress, Occasion, SubscriptionSettings } from '../../../shared/model/notification.ts'

/** The people of an incident, without who did it. */
function peopleOf(occasion: Occasion): readonly string[] {
  if (occasion.kind === 'alert') return []
  const { owner, watchers } = occasion.incident
  return [...new Set([...(owner === null ? [] : [owner]), ...watchers])].filter((name) => name !== occasion.by)
}

/** For each address what it is told of. `people`: addresses by name. An address is told once, whoever it stands for. */
export function recipientsOf(
  settings: Pick<SubscriptionSettings, 'addresses' | 'people'>,
  occasions: readonly Occasion[],
  people: ReadonlyMap<string, MailAddress>,
): ReadonlyMap<MailAddress, readonly Occasion[]> {
  const told = new Map<MailAddress, readonly Occasion[]>(settings.addresses.map((address) => [address, occasions]))
  if (!settings.people) return told
  const listed = new Set(settings.addresses.map((address) => address.toLowerCase()))
  const own = new Map<string, { readonly address: MailAddress; readonly occasions: Set<Occasion> }>()
  for (const occasion of occasions)
    for (const name of peopleOf(occasion)) {
      const address = people.get(name)
      if (address === undefined || listed.has(address.toLowerCase())) continue
      const key = address.toLowerCase()
      const theirs = own.get(key) ?? { address, occasions: new Set() }
      own.set(key, theirs)
      theirs.occasions.add(occasion)
    }
  for (const { address, occasions: theirs } of own.values()) told.set(address, [...theirs])
  return told
}
