/** Cases for examples and tests, made of the little that matters. */
import type { FieldValue } from '../../../shared/model/event.ts'
import { isInternal } from '../detection/asset.ts'
import { attackClassOf } from './attack-class.ts'
import type { CaseAsset, CaseEvent, Exchange, ImpactCase, OtherTarget, UsualAnswer, Conversation } from './case.ts'
import { fieldOctets } from './octets.ts'

export interface EventDraft {
  /** Seconds after the alert's first event; may be negative. */
  readonly at?: number
  readonly type: string
  readonly format?: string
  readonly source?: string
  readonly fields: Readonly<Record<string, FieldValue>>
}
export interface ExchangeDraft {
  readonly at?: number
  readonly method?: string
  readonly url: string
  readonly host?: string
  readonly status?: number | null
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly requestBody?: string
  readonly body?: string
  readonly length?: number
  /** Default: the alert was raised on it. */
  readonly own?: boolean
}
export interface CaseDraft {
  readonly kind?: 'sig' | 'rule' | 'scn'
  readonly title: string
  readonly category?: string
  readonly attack?: readonly string[]
  readonly cves?: readonly string[]
  readonly count?: number
  readonly user?: string
  /** Seconds that the alert lasts. */
  readonly lasts?: number
  readonly attacker?: string
  readonly target?: string
  readonly targetName?: string
  readonly port?: number
  readonly own?: readonly EventDraft[]
  readonly flow?: readonly EventDraft[]
  readonly before?: readonly EventDraft[]
  readonly after?: readonly EventDraft[]
  readonly exchanges?: readonly ExchangeDraft[]
  /** What the client sent and the server answered in one flow. */
  readonly conversations?: readonly {
    readonly sent: string
    readonly answered: string
    readonly port?: number
    readonly state?: string
  }[]
  readonly knownPeers?: readonly string[]
  readonly knownPorts?: readonly number[]
  readonly usual?: readonly UsualAnswer[]
  readonly otherTargets?: readonly OtherTarget[]
  readonly asset?: Partial<CaseAsset>
  readonly complete?: boolean
}

/** When the alerts of drafts begin: microseconds. */
export const DRAFT_TIME = 1_800_000_000_000_000

export function makeCase(draft: CaseDraft): ImpactCase {
  let id = 100
  const event = ({ at = 0, type, format = 'eve', source = 's1', fields }: EventDraft): CaseEvent => ({
    id: String(id++),
    time: DRAFT_TIME + at * 1e6,
    type,
    format,
    source,
    fields,
  })
  const attacker = { ip: draft.attacker ?? '203.0.113.9', port: 40_000, name: null }
  const target = { ip: draft.target ?? '10.1.2.3', port: draft.port ?? 80, name: draft.targetName ?? null }
  const exchange = (one: ExchangeDraft): Exchange => {
    const own = String(id++)
    return {
      time: DRAFT_TIME + (one.at ?? 0) * 1e6,
      client: attacker.ip,
      server: target.ip,
      method: one.method ?? 'GET',
      host: one.host ?? 'portal.example',
      url: one.url,
      userAgent: 'curl/8.5',
      request: null,
      requestBody: one.requestBody === undefined ? null : fieldOctets(own, 'http.http_request_body', one.requestBody),
      status: one.status === undefined ? 200 : one.status,
      contentType: one.contentType ?? 'text/html',
      length: one.length ?? one.body?.length ?? null,
      headers: one.headers ?? {},
      body: one.body === undefined ? null : fieldOctets(own, 'http.http_response_body', one.body),
      cites: [{ kind: 'event', event: own }],
      own: one.own ?? true,
    }
  }
  const exchanges = (draft.exchanges ?? []).map(exchange)
  const conversations = (draft.conversations ?? []).map(({ sent, answered, port, state }): Conversation => ({
    client: attacker,
    server: port === undefined ? target : { ...target, port },
    transport: 'tcp',
    state: state ?? 'closed',
    sent: fieldOctets(String(id), 'payload', Buffer.from(sent, 'latin1')),
    answered: fieldOctets(String(id++), 'payload', Buffer.from(answered, 'latin1')),
  }))
  const asset: CaseAsset | null =
    draft.asset === undefined
      ? null
      : {
          id: 'a1',
          name: target.name ?? target.ip,
          os: '',
          criticality: 'medium',
          registered: true,
          services: [],
          weaknesses: [],
          ...draft.asset,
        }
  const attack = draft.attack ?? []
  const category = draft.category ?? ''
  return {
    alert: {
      id: '1',
      kind: draft.kind ?? 'sig',
      detection: '1:9000001',
      title: draft.title,
      category,
      attack,
      description: '',
      cves: draft.cves ?? [],
      first: DRAFT_TIME,
      last: DRAFT_TIME + (draft.lasts ?? 0) * 1e6,
      count: draft.count ?? Math.max(1, (draft.own ?? []).length, exchanges.filter(({ own }) => own).length),
      user: draft.user ?? null,
    },
    attackClass: attackClassOf(
      [draft.title, category],
      attack,
      exchanges.flatMap(({ url, requestBody }) => [url, requestBody?.text ?? '']),
    ),
    target,
    attacker,
    own: (draft.own ?? []).map(event),
    flow: (draft.flow ?? []).map(event),
    exchanges,
    conversations,
    before: (draft.before ?? []).map(event),
    after: (draft.after ?? []).map(event),
    knownPeers: new Set(draft.knownPeers ?? []),
    knownPorts: new Set(draft.knownPorts ?? []),
    usual: draft.usual ?? [],
    otherTargets: draft.otherTargets ?? [],
    asset,
    isOurs: isInternal,
    complete: draft.complete ?? true,
  }
}
