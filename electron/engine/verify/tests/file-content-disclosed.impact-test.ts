import { defineImpactTest } from '../define.ts'
import { deciding } from '../octets.ts'

/** What well-known files look like, wherever they stand in an answer. */
const FILES: readonly { readonly file: string; readonly asked: RegExp; readonly content: RegExp }[] = [
  {
    file: '/etc/passwd',
    asked: /passwd/i,
    content: /\broot:[^:\r\n]{0,64}:0:0:[^:\r\n]{0,128}:\/[^:\r\n]{0,128}:\/[^\s<]{1,64}/,
  },
  { file: '/etc/shadow', asked: /shadow/i, content: /\broot:(?:\$[0-9a-z]{1,2}\$[^:\r\n]{8,200}|[*!x]):\d{0,6}:\d{0,6}:/ },
  { file: 'win.ini', asked: /win\.ini/i, content: /; for 16-bit app support|\[fonts\]\r?\n\[extensions\]/i },
  { file: 'boot.ini', asked: /boot\.ini/i, content: /\[boot loader\]\r?\ntimeout=\d/i },
  { file: '.env', asked: /\.env\b/i, content: /^(?:APP_KEY|DB_PASSWORD|AWS_SECRET_ACCESS_KEY|SECRET_KEY)=\S/m },
  { file: '.git/config', asked: /\.git\/config/i, content: /^\[core\]\r?\n\s*repositoryformatversion = \d/m },
  { file: 'web.config', asked: /web\.config/i, content: /<configuration>[\s\S]{0,2000}<(?:connectionStrings|appSettings)\b/i },
  { file: '/proc/self/environ', asked: /environ/i, content: /(?:^|\0)PATH=\/[^\0]{1,200}\0/ },
  { file: 'private key', asked: /id_rsa|\.pem|\.key/i, content: /-----BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY-----/ },
]

export default defineImpactTest({
  id: 'file-content-disclosed',
  family: 'answer',
  title: { en: 'The answer holds the file', ko: '응답에 파일 내용 포함' },
  reasoning: {
    en: 'A file that was asked for by climbing out of the site has a form of its own; where the answer has it, it was read.',
    ko: '사이트 밖의 파일을 요청한 뒤 응답에 그 파일 고유의 형식이 있으면 파일이 읽힌 것입니다.',
  },
  spec: 'https://owasp.org/www-project-web-security-testing-guide/stable/4-Web_Application_Security_Testing/05-Authorization_Testing/01-Testing_Directory_Traversal_File_Include',
  appliesTo: 'Answers of HTTP with a body, whatever their status, where the request names a well-known file.',
  reads: ['exchanges'],
  applies: ({ exchanges }) => exchanges.some(({ body }) => body !== null),
  test({ exchanges }) {
    for (const { url, requestBody, body, cites, status } of exchanges) {
      if (body === null) continue
      const asked = decodeURIComponentSafely(url) + (requestBody?.text ?? '')
      for (const { file, asked: names, content } of FILES) {
        if (!names.test(asked)) continue
        const found = content.exec(body.text)
        if (found === null) continue
        return {
          result: 'succeeded',
          confidence: 0.98,
          reason: {
            en: `The answer (HTTP ${status ?? '?'}) carries the content of ${file}.`,
            ko: `응답(HTTP ${status ?? '?'})에 다음 파일의 내용이 있습니다: ${file}`,
          },
          cites: [...cites],
          bytes: deciding(body, found.index, found.index + found[0].length),
        }
      }
    }
    return null
  },
  examples: [
    {
      name: 'a list of accounts',
      of: {
        title: 'Path traversal',
        exchanges: [
          {
            url: '/menu.php?c=../../../../etc/passwd',
            body: '<pre>root:x:0:0:root:/root:/bin/bash\nsync:x:4:65534:sync:/bin:/bin/sync\n</pre>',
          },
        ],
      },
      expect: 'succeeded',
    },
    {
      name: 'asked with escapes',
      of: {
        title: 'Path traversal',
        exchanges: [{ url: '/a?f=..%2f..%2fetc%2fpasswd', body: 'root:!:0:0::/root:/sbin/nologin\n' }],
      },
      expect: 'succeeded',
    },
    {
      name: 'a page that only repeats what was asked',
      of: {
        title: 'Path traversal',
        exchanges: [{ url: '/menu.php?c=../../etc/passwd', body: '<p>No file ../../etc/passwd</p>' }],
      },
      expect: null,
    },
    {
      name: 'a manual that shows such a line, not asked for by that name',
      of: { title: 'Path traversal', exchanges: [{ url: '/help?p=accounts', body: 'root:x:0:0:root:/root:/bin/bash' }] },
      expect: null,
    },
  ],
})

function decodeURIComponentSafely(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
}
