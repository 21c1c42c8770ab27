import { defineImpactTest } from '../define.ts'
import { deciding, type Octets } from '../octets.ts'
import { excerpt } from '../reading/forms.ts'
import { ownRequests } from '../reading/requests.ts'

/** Source as a server never sends it: it runs it. Escaped, it is shown to be read, so only the bytes as they came count. */
const SOURCE: readonly { readonly language: string; readonly asked: RegExp; readonly source: RegExp }[] = [
  { language: 'PHP', asked: /\.(?:php\d?|phtml|inc)|php:\/\//i, source: /<\?php\s[^<]{8}|<\?=\s?\$\w/ },
  { language: 'JSP', asked: /\.jspx?/i, source: /<%@\s{0,4}(?:page|include|taglib)\s/ },
  {
    language: 'ASP',
    asked: /\.(?:aspx?|ashx|asmx|ascx|config)/i,
    source: /<%@\s{0,4}(?:Page|Language|Control|WebHandler|LANGUAGE)\b/i,
  },
  { language: 'PHP', asked: /convert\.base64-encode/i, source: /(?:^|[^A-Za-z0-9+/])(?:PD9waH|PD9QSF)[A-Za-z0-9+/]{16}/ },
  { language: 'Perl', asked: /\.(?:pl|cgi)\b/i, source: /^#!\/usr\/bin\/(?:env )?perl\b/ },
  {
    language: 'Python',
    asked: /\.py\b/i,
    source: /^(?:#!\/usr\/bin\/(?:env )?python\d?\b|(?:from [\w.]{1,64} )?import [\w., ]{1,128}\r?\n)/,
  },
  { language: 'Java', asked: /web\.xml|\.class\b|WEB-INF/i, source: /<web-app\b[^>]{0,400}>|^\xca\xfe\xba\xbe\0\0/ },
]
/** Asked for in a way that wants the source, not the page. */
const WANTED =
  /php:\/\/filter|\.\.[/\\]|\b(?:cat|type|more|head|tail|nl|less)\s{1,4}\S|::\$DATA|\.(?:php|jsp|aspx?|inc|pl|py)(?:~|\.(?:bak|old|orig|save|swp|txt|dist)|%20|%00|\0|\\|\/\s|$)|WEB-INF|web\.config|[?&=]file:|\bshow_source|highlight_file|readfile|file_get_contents/i

const at = (body: Octets, source: RegExp): { readonly from: number; readonly to: number } | null => {
  const match = source.exec(body.text.slice(0, 262_144))
  return match === null ? null : { from: match.index, to: match.index + match[0].length }
}

export default defineImpactTest({
  id: 'source-code-returned',
  family: 'answer',
  title: { en: 'The answer holds source code', ko: '응답에 소스 코드 포함' },
  reasoning: {
    en: 'A server runs its scripts and never sends them; where the source itself comes back, it was read.',
    ko: '서버는 스크립트를 실행할 뿐 보내지 않으므로 소스 자체가 응답에 있으면 읽힌 것입니다.',
  },
  spec: 'https://cwe.mitre.org/data/definitions/540.html',
  appliesTo: 'Answers with a body to requests that name a script or its backup in a way that wants its source.',
  reads: ['exchanges', 'usual'],
  applies: ({ attackClass }) =>
    attackClass === 'path_traversal' || attackClass === 'information_leak' || attackClass === 'command_injection' || attackClass === 'web_shell' ||
    attackClass === 'code_execution' || attackClass === 'xml_entity' || attackClass === 'scan' || attackClass === 'server_side_request' ||
    attackClass === 'file_upload' || attackClass === null, // prettier-ignore
  test(of) {
    for (const { said, body, cites, path, url } of ownRequests(of)) {
      // Of the head only the line itself asks.
      const wanted = said.slice(0, 8192)
      if (body === null || !(WANTED.test(wanted) || WANTED.test(url))) continue
      if (of.usual.some((usual) => usual.path === path && usual.answers >= 10 && path === url)) continue
      for (const { language, asked, source } of SOURCE) {
        const found = asked.test(wanted) ? at(body, source) : null
        if (found === null) continue
        const text = body.text.slice(found.from, found.to)
        // What was uploaded or sent and is shown again.
        if (said.includes(text)) continue
        return {
          result: 'succeeded',
          confidence: 0.94,
          reason: {
            en: `The answer holds source code (${language}): ${excerpt(text)}`,
            ko: `응답에 소스 코드가 있습니다(${language}): ${excerpt(text)}`,
          },
          cites,
          bytes: deciding(body, found.from, found.to),
        }
      }
    }
    return null
  },
  examples: [
    {
      name: 'a configuration, read through a web shell',
      of: {
        title: 'Script call in upload folder',
        attack: ['T1505.003'],
        exchanges: [{ url: '/uploads/inv.php?c=cat%20..%2Fconfig.inc.php', body: '<?php\n$db = ["host" => "10.20.30.30"];\n' }],
      },
      expect: 'succeeded',
    },
    {
      name: 'a backup beside the script',
      of: {
        title: 'Backup file probe',
        exchanges: [{ url: '/login.php~', contentType: 'text/plain', body: '<?php session_start(); ?>' }],
      },
      expect: 'succeeded',
    },
    {
      name: 'in Base64, by a filter',
      of: {
        title: 'Local file inclusion',
        exchanges: [
          { url: '/?p=php://filter/convert.base64-encode/resource=index', body: '<div>PD9waHAgc2Vzc2lvbl9zdGFydCgpOw==</div>' },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'source shown to be read',
      of: { title: 'Information leak', exchanges: [{ url: '/howto.php~', body: '<pre>&lt;?php session_start(); ?&gt;</pre>' }] },
      expect: null,
    },
    {
      name: 'what was sent comes back',
      of: {
        title: 'Local file inclusion',
        exchanges: [{ url: '/?p=../a.php%00%3C?php%20system(1)', body: 'no page ../a.php <?php system(1)' }],
      },
      expect: null,
    },
    {
      name: 'a page of the script, as everybody gets it',
      of: { title: 'Local file inclusion', exchanges: [{ url: '/?p=../../index.php', body: '<html><body>Home</body></html>' }] },
      expect: null,
    },
  ],
})
