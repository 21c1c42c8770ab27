import { expect, it } from 'vitest'
import { eventObject, type JsonObject } from './event-object.ts'

it('an event is its system, and its data without what stands around', () => {
  const line: JsonObject = {
    Event: {
      '#attributes': { xmlns: 'urn:x' },
      System: {
        Provider: { '#attributes': { Name: 'Made-Up', Guid: '{1}' } },
        EventID: { '#attributes': { Qualifiers: 16384 }, '#text': 7036 },
        TimeCreated: { '#attributes': { SystemTime: '2026-01-02T03:04:05.0000001Z' } },
        EventRecordID: '18446744073709551615',
        Correlation: null,
        Channel: 'System',
        Computer: 'dc1',
      },
      EventData: { param1: 'x', Data: ['a', 'b'] },
    },
  }
  expect(eventObject(line)).toEqual({
    channel: 'System',
    eventId: 7036,
    recordId: '18446744073709551615',
    time: '2026-01-02T03:04:05.0000001Z',
    computer: 'dc1',
    provider: 'Made-Up',
    system: {
      Provider_Name: 'Made-Up',
      Provider_Guid: '{1}',
      EventID_Qualifiers: 16384,
      EventID: 7036,
      TimeCreated_SystemTime: '2026-01-02T03:04:05.0000001Z',
      EventRecordID: '18446744073709551615',
      Channel: 'System',
      Computer: 'dc1',
    },
    data: { param1: 'x', Data: ['a', 'b'] },
  })
})

it('data stands in UserData too, or is a text; without any there is none', () => {
  const data = (more: JsonObject): unknown => eventObject({ Event: { System: {}, ...more } })?.data
  expect(data({ UserData: { LogFileCleared: { '#attributes': { xmlns: 'urn:x' }, User: 'kim' }, Else: 'x' } })).toEqual({ User: 'kim', Else: 'x' }) // prettier-ignore
  expect(data({ EventData: 'text' })).toEqual({ Data: 'text' })
  expect(data({})).toEqual({})
  expect(eventObject({ '#damaged': 'no' })).toBeNull()
  expect(eventObject({ Event: { System: null } })).toMatchObject({ channel: null, eventId: null, recordId: null, time: null })
})
