import { defineImpactTest } from '../define.ts'
import { deciding, type Octets } from '../octets.ts'
import { excerpt } from '../reading/forms.ts'
import { citesOfAll, isHtml, ownRequests, type Request } from '../reading/requests.ts'

/** What a request wants a browser to run: a tag, or an attribute that breaks out of one. */
const SCRIPT =
  /<script\b[^<>]{0,300}>[^<]{0,200}(?:<\/script>)?|<(?:img|svg|iframe|body|video|audio|object|embed|details|marquee|input|math|style|link|base|form|a)\b[^<>]{0,300}>?|<\/(?:textarea|title|script|style)>[^<>]{0,16}<\w[^<>]{0,200}>(?:[^<]{0,200}<\/script>)?|["'][\s/]{0,16}on\w{3,24}\s?=\s?[^<>\s]{1,200}/gi
/** A tag alone is no script: a link or a picture is one only with a handler, and any page has an empty tag. */
const RUNS =
  /<script\b[^<>]{0,300}>\s{0,8}[^<\s]|<script\b[^<>]{0,80}\bsrc|\bon\w{3,24}\s?=|javascript:|srcdoc|<iframe|<object|<embed|<base/i

const asked = ({ said }: Request): string[] =>
  [...said.slice(0, 16_384).matchAll(SCRIPT)]
    .map(([text]) => text.trim())
    .filter((text) => text.length >= 8 && RUNS.test(text))
    .slice(0, 16)

/** Text that a browser shows and does not run stands between these. */
const INERT: readonly (readonly [string, string])[] = [
  ['<!--', '-->'],
  ['<textarea', '</textarea'],
  ['<title', '</title'],
  ['<xmp', '</xmp'],
  ['<noscript', '</noscript'],
]

function isInert(body: string, at: number, script: string): boolean {
  const before = body.slice(Math.max(0, at - 65_536), at).toLowerCase()
  return INERT.some(([open, close]) => {
    const opened = before.lastIndexOf(open)
    return opened >= 0 && before.indexOf(close, opened) < 0 && !script.toLowerCase().includes(close)
  })
}

/** An attribute's quote ends it: `value="` … the same quote. */
const isInAttribute = (body: string, at: number, quote: string): boolean => {
  const before = body.slice(Math.max(0, at - 1024), at)
  const tag = before.lastIndexOf('<')
  return tag >= 0 && !before.includes('>', tag) && (before.slice(tag).split(quote).length - 1) % 2 === 1
}

const escapedForms = (script: string): string[] => {
  const html = script.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return [
    html,
    html.replaceAll('"', '&quot;'),
    html.replaceAll('"', '&quot;').replaceAll("'", '&#039;'),
    html.replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
    html.replaceAll('"', '&#34;').replaceAll("'", '&#39;'),
    html.replaceAll('"', '&quot;').replaceAll("'", '&#x27;'),
    script.replaceAll('<', '\\u003c').replaceAll('>', '\\u003e'),
    script.replaceAll('<', '\\u003C').replaceAll('>', '\\u003E'),
    script.replaceAll('<', '%3C').replaceAll('>', '%3E'),
    script.replaceAll('<', '').replaceAll('>', ''),
  ].filter((text) => text !== script)
}

const allowsInline = (headers: Readonly<Record<string, string>>): boolean => {
  const policy = headers['content-security-policy']
  return policy === undefined || /'unsafe-inline'/i.test(policy) || !/(?:script|default)-src/i.test(policy)
}

export default defineImpactTest({
  id: 'reflected-script',
  family: 'answer',
  title: { en: 'The script comes back as it was sent', ko: '스크립트 그대로 반사' },
  reasoning: {
    en: 'A browser runs what stands in a page unescaped: a script that comes back so was reflected, one that comes back escaped is only text.',
    ko: '브라우저는 이스케이프되지 않은 스크립트를 실행합니다. 그대로 돌아온 스크립트는 반사에 성공한 것이고, 이스케이프된 것은 글자일 뿐입니다.',
  },
  spec: 'https://owasp.org/www-project-web-security-testing-guide/stable/4-Web_Application_Security_Testing/07-Input_Validation_Testing/01-Testing_for_Reflected_Cross_Site_Scripting',
  appliesTo: 'Answers with a body to requests that hold a script. That a person opened the page is not shown by it.',
  reads: ['exchanges'],
  applies: ({ attackClass }) => attackClass === 'cross_site_scripting',
  test(of) {
    const requests = ownRequests(of).filter(({ exchange }) => exchange !== null)
    const escaped: { readonly request: Request; readonly body: Octets; readonly from: number; readonly to: number }[] = []
    let bodies = 0
    for (const request of requests) {
      const { body, status, cites, headers } = request
      const scripts = asked(request)
      if (scripts.length === 0 || body === null) continue
      bodies++
      for (const script of scripts) {
        const at = body.text.indexOf(script)
        if (at < 0) continue
        const bytes = deciding(body, at, at + script.length)
        const isAttribute = /^["']/.test(script)
        const why = !isHtml(request)
          ? { en: 'its type is not HTML', ko: '응답 형식이 HTML이 아닙니다' }
          : status !== null && status >= 300 && status < 400
            ? { en: 'it is a redirect, whose page is not shown', ko: '페이지를 표시하지 않는 리디렉션입니다' }
            : isInert(body.text, at, script) || (isAttribute && !isInAttribute(body.text, at, script[0] ?? '"'))
              ? { en: 'it stands where a browser shows text', ko: '브라우저가 글자로 표시하는 자리에 있습니다' }
              : !allowsInline(headers)
                ? { en: "the page's policy allows no such script", ko: '페이지의 보안 정책이 이런 스크립트를 허용하지 않습니다' }
                : null
        if (why !== null)
          return {
            result: 'attempted',
            confidence: 0.5,
            reason: { en: `The script comes back unescaped, but ${why.en}.`, ko: `스크립트가 그대로 돌아왔으나 ${why.ko}.` },
            cites,
            bytes,
          }
        return {
          result: 'succeeded',
          confidence: isAttribute ? 0.9 : 0.93,
          reason: {
            en: `The script comes back unescaped in a page: ${excerpt(script)}`,
            ko: `스크립트가 이스케이프되지 않고 페이지에 돌아왔습니다: ${excerpt(script)}`,
          },
          cites,
          bytes,
        }
      }
      for (const script of scripts) {
        const form = escapedForms(script).find((text) => body.text.includes(text))
        if (form === undefined) continue
        const from = body.text.indexOf(form)
        escaped.push({ request, body, from, to: from + form.length })
        break
      }
    }
    const [first] = escaped
    if (first === undefined || escaped.length < bodies || bodies < requests.filter(({ status }) => status !== null).length)
      return null
    return {
      result: 'failed',
      confidence: 0.88,
      reason: {
        en: `The script comes back escaped, as text: ${escaped.length} of ${escaped.length}.`,
        ko: `스크립트가 이스케이프되어 글자로 돌아왔습니다: ${escaped.length}건 모두`,
      },
      cites: citesOfAll(escaped.map(({ request }) => request)),
      bytes: deciding(first.body, first.from, first.to),
    }
  },
  examples: [
    {
      name: 'a script between paragraphs',
      of: {
        title: 'Cross-site scripting',
        exchanges: [
          { url: '/s?q=%3Cscript%3Ealert(1)%3C/script%3E', body: '<html><p>You looked for <script>alert(1)</script></p></html>' },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'out of an attribute',
      of: {
        title: 'XSS',
        exchanges: [{ url: '/s?q=%22%20onfocus=alert(1)%20', body: '<html><input value="" onfocus=alert(1) "></html>' }],
      },
      expect: 'succeeded',
    },
    {
      name: 'escaped',
      of: {
        title: 'XSS',
        exchanges: [
          {
            url: '/s?q=%3Cscript%3Ealert(%22x%22)%3C/script%3E',
            body: '<p>You looked for &lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;</p>',
          },
        ],
      },
      expect: 'failed',
    },
    {
      name: 'one escaped and one not looked at',
      of: {
        title: 'XSS',
        exchanges: [
          { url: '/s?q=%3Cscript%3Ealert(1)%3C/script%3E', body: '<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>' },
          { url: '/t?q=%3Cscript%3Ealert(1)%3C/script%3E' },
        ],
      },
      expect: null,
    },
    {
      name: 'in JSON',
      of: {
        title: 'XSS',
        exchanges: [
          {
            url: '/api?q=%3Cscript%3Ealert(1)%3C/script%3E',
            contentType: 'application/json',
            body: '{"q":"<script>alert(1)</script>"}',
          },
        ],
      },
      expect: 'attempted',
    },
    {
      name: 'in a text area',
      of: {
        title: 'XSS',
        exchanges: [
          {
            url: '/s?q=%3Cscript%3Ealert(1)%3C/script%3E',
            body: '<html><textarea name=q><script>alert(1)</script></textarea></html>',
          },
        ],
      },
      expect: 'attempted',
    },
    {
      name: 'out of the text area',
      of: {
        title: 'XSS',
        exchanges: [
          {
            url: '/s?q=%3C/textarea%3E%3Cscript%3Ealert(1)%3C/script%3E',
            body: '<html><textarea></textarea><script>alert(1)</script></textarea></html>',
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'a page that has scripts of its own',
      of: {
        title: 'XSS',
        exchanges: [
          { url: '/s?q=%3Cscript%3Ealert(1)%3C/script%3E', body: '<html><script>track()</script><p>Nothing found.</p></html>' },
        ],
      },
      expect: null,
    },
  ],
})
