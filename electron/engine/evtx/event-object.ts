/** A record of an event log as one flat object: what `watchfloor events` prints. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [name: string]: Json
}

export interface EventObject {
  readonly channel: string | null
  readonly eventId: number | null
  /** A text where a JSON reader would round the number. */
  readonly recordId: number | string | null
  /** As the record has it: ISO 8601, 100 ns. */
  readonly time: string | null
  readonly computer: string | null
  readonly provider: string | null
  /** Elements of `System` by name, their attributes as `Element_Attribute`. */
  readonly system: JsonObject
  /** Members of `EventData`, or of what stands in `UserData`. */
  readonly data: JsonObject
}

const objectOf = (value: Json | undefined): JsonObject | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null
const own = (object: JsonObject | null, name: string): Json | undefined =>
  object !== null && Object.hasOwn(object, name) ? object[name] : undefined
const ATTRIBUTES = '#attributes'
const TEXT = '#text'

/** `line` is what evtx-lines.ts wrote; null where that says that the record is damaged. */
export function eventObject(line: JsonObject): EventObject | null {
  const event = objectOf(own(line, 'Event'))
  if (event === null) return null
  const system: [string, Json][] = []
  for (const [name, value] of Object.entries(objectOf(own(event, 'System')) ?? {})) {
    const element = objectOf(value)
    if (element === null) {
      if (value !== null) system.push([name, value])
      continue
    }
    for (const [attribute, of] of Object.entries(objectOf(own(element, ATTRIBUTES)) ?? {}))
      system.push([`${name}_${attribute}`, of])
    const text = own(element, TEXT)
    if (text !== undefined) system.push([name, text])
  }
  const of = new Map(system)
  const text = (name: string): string | null => {
    const value = of.get(name)
    return typeof value === 'string' ? value : null
  }
  const id = Number(of.get('EventID'))
  const record = of.get('EventRecordID')
  return {
    channel: text('Channel'),
    eventId: Number.isSafeInteger(id) ? id : null,
    recordId: typeof record === 'number' || typeof record === 'string' ? record : null,
    time: text('TimeCreated_SystemTime'),
    computer: text('Computer'),
    provider: text('Provider_Name'),
    system: Object.fromEntries(system),
    data: dataOf(event),
  }
}

function dataOf(event: JsonObject): JsonObject {
  const eventData = own(event, 'EventData')
  const plain = objectOf(eventData)
  if (plain !== null) return withoutAttributes(plain)
  if (eventData !== undefined && eventData !== null) return { Data: eventData }
  const members: [string, Json][] = []
  for (const [name, value] of Object.entries(withoutAttributes(objectOf(own(event, 'UserData')) ?? {}))) {
    const inner = objectOf(value)
    if (inner === null) members.push([name, value])
    else members.push(...Object.entries(withoutAttributes(inner)))
  }
  return Object.fromEntries(members)
}

const withoutAttributes = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== ATTRIBUTES))
