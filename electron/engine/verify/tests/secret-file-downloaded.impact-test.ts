import { defineImpactTest } from '../define.ts'
import { bytesOf, shownIn } from '../reading/forms.ts'
import { PRIVATE_KEY } from '../reading/known-content.ts'
import { citesOfAll, isPage, ownAnswers, ownRequests } from '../reading/requests.ts'

interface SecretFile {
  readonly file: string
  readonly path: RegExp
  readonly content: RegExp
}

/** Files that no site means to give away, and how they begin or what they hold. */
const FILES: readonly SecretFile[] = [
  { file: '.git', path: /\/\.git\/HEAD$/, content: /^(?:ref: refs\/[\w./-]{1,200}|[0-9a-f]{40})\s{0,4}$/ },
  { file: '.git', path: /\/\.git\/config$/, content: /^\s{0,4}\[core\]\r?\n/ },
  { file: '.git', path: /\/\.git\/index$/, content: /^DIRC\0\0\0[\x02-\x04]/ },
  { file: '.git', path: /\/\.git\/logs\/HEAD$/, content: /^[0-9a-f]{40} [0-9a-f]{40} / },
  { file: '.svn', path: /\/\.svn\/(?:entries|wc\.db)$/, content: /^(?:\d{1,3}\s|SQLite format 3\0)/ },
  { file: '.env', path: /\/\.env[\w.-]{0,32}$/, content: /^[ \t]{0,8}(?:export )?[A-Z][A-Z0-9_]{1,64}[ \t]{0,4}=/m },
  { file: '.htpasswd', path: /\/\.htpasswd$/, content: /^[\w.@-]{1,64}:(?:\$apr1\$|\$2[aby]\$|\{SHA\}|[./0-9A-Za-z]{13}\s)/m },
  { file: '.DS_Store', path: /\/\.DS_Store$/, content: /^\0\0\0\x01Bud1/ },
  { file: 'wp-config.php', path: /\/wp-config\.php[.~_-]\w{0,16}$|\/wp-config\.(?:bak|old|txt|save)$/i, content: /\bdefine\(\s{0,4}['"]DB_(?:PASSWORD|NAME)['"]/ },
  { file: 'private key', path: /\/(?:id_(?:rsa|dsa|ecdsa|ed25519)|[\w.-]{1,64}\.(?:pem|key|ppk))$/i, content: new RegExp(`${PRIVATE_KEY.source}|^PuTTY-User-Key-File-`) },
  { file: 'certificate with its key', path: /\.(?:p12|pfx)$/i, content: /^0\x82[\s\S]{2}\x02\x01\x03/ },
  { file: 'dump of a database', path: /\.sql$/i, content: /^(?:-- (?:MySQL|MariaDB|PostgreSQL|phpMyAdmin)|\/\*!\d{5}|(?:SET|CREATE TABLE|INSERT INTO|DROP TABLE) )/m },
  { file: 'database', path: /\.(?:db|sqlite3?|mdb)$/i, content: /^SQLite format 3\0|^\0\x01\0\0Standard (?:Jet|ACE) DB/ },
  { file: 'archive', path: /\.(?:zip|jar|war|docx|xlsx)$/i, content: /^PK\x03\x04/ },
  { file: 'archive', path: /\.(?:tar\.gz|tgz|gz)$/i, content: /^\x1f\x8b\x08/ },
  { file: 'archive', path: /\.(?:rar|7z|tar\.bz2|bz2)$/i, content: /^(?:Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|BZh\d)/ },
  { file: 'web.config', path: /\/web\.config[\w.~-]{0,16}$/i, content: /<configuration>[\s\S]{0,2000}<(?:system\.web|connectionStrings|appSettings)\b/i },
  { file: 'cloud credentials', path: /\/\.aws\/credentials$|\/credentials$/, content: /\baws_secret_access_key\s{0,4}=/i },
  { file: 'history of a shell', path: /\/\.(?:bash|zsh|mysql|psql)_history$/, content: /^(?:sudo|cd|ls|ssh|mysql|vi|vim|nano|export|cat|select|apt|git)\b/im },
  { file: 'memory of a program', path: /\/(?:heapdump|actuator\/heapdump)$/i, content: /^JAVA PROFILE 1\.0\.\d/ },
  { file: 'configuration of a program', path: /\/(?:actuator\/)?env$/i, content: /"(?:activeProfiles|propertySources)"\s{0,4}:/ },
] // prettier-ignore

export default defineImpactTest({
  id: 'secret-file-downloaded',
  family: 'answer',
  title: { en: 'A file that is nobody’s business was given', ko: '비공개 파일 제공' },
  reasoning: {
    en: 'Files of version control, settings, keys, dumps and backups have forms of their own: an answer in that form is the file.',
    ko: '버전 관리, 설정, 키, 덤프, 백업 파일은 고유한 형식이 있으며 응답이 그 형식이면 파일이 제공된 것입니다.',
  },
  spec: 'https://owasp.org/www-project-web-security-testing-guide/stable/4-Web_Application_Security_Testing/02-Configuration_and_Deployment_Management_Testing/04-Review_Old_Backup_and_Unreferenced_Files_for_Sensitive_Information',
  appliesTo:
    'Requests whose path names such a file. Of programs, archives and dumps only where the detection speaks of a leak or a scan.',
  reads: ['exchanges', 'usual'],
  applies: ({ attackClass }) =>
    attackClass === 'information_leak' || attackClass === 'path_traversal' || attackClass === 'scan' || attackClass === null || attackClass === 'exfiltration' || attackClass === 'credential_access', // prettier-ignore
  test(of) {
    let pages = 0
    for (const { path, status, body, cites } of ownRequests(of)) {
      const files = FILES.filter((one) => one.path.test(path))
      if (files.length === 0) continue
      if (status === 200 && body !== null && isPage(body)) pages++
      if (status !== null && status !== 200 && status !== 206) continue
      // What everybody downloads is there to be downloaded.
      if (of.usual.some((usual) => usual.path === path && usual.answers >= 10)) continue
      for (const { file, content } of files) {
        const shown = shownIn(body, content)
        if (shown === null || (isPage(body) && !content.source.startsWith('^'))) continue
        return {
          result: 'succeeded',
          confidence: 0.95,
          reason: { en: `The answer is the file (${file}): ${path}`, ko: `응답이 해당 파일입니다(${file}): ${path}` },
          cites,
          bytes: bytesOf(shown),
        }
      }
    }
    const answers = ownAnswers(of)
    if (pages === 0 || answers === null || answers.flat().length !== pages) return null
    return {
      result: 'failed',
      confidence: 0.82,
      reason: {
        en: `The server answered with a page in place of the file: ${pages} of ${pages}.`,
        ko: `서버가 파일 대신 일반 페이지로 응답했습니다: ${pages}건 모두`,
      },
      cites: citesOfAll(answers.flat()),
    }
  },
  examples: [
    {
      name: 'the head of a repository',
      of: {
        title: 'Probe for .git',
        exchanges: [{ url: '/.git/HEAD', contentType: 'text/plain', body: 'ref: refs/heads/main\n' }],
      },
      expect: 'succeeded',
    },
    {
      name: 'settings with passwords',
      of: {
        title: 'Probe for .env',
        exchanges: [{ url: '/app/.env?x', contentType: '', body: '# live\nAPP_ENV=production\nDB_PASSWORD=x\n' }],
      },
      expect: 'succeeded',
    },
    {
      name: 'an archive of the site, as bytes',
      of: {
        title: 'Backup file probe',
        exchanges: [{ url: '/backup.zip', contentType: 'application/zip', body: 'PK\x03\x04\x14\0\0\0' }],
      },
      expect: 'succeeded',
    },
    {
      name: 'a page in place of the file',
      of: { title: 'Probe for .env', exchanges: [{ url: '/.env', body: '<!doctype html><html><body>Shop</body></html>' }] },
      expect: 'failed',
    },
    {
      name: 'an archive that everybody downloads',
      of: {
        title: 'Information leak',
        exchanges: [{ url: '/dl/client.zip', contentType: 'application/zip', body: 'PK\x03\x04\x14\0' }],
        usual: [{ path: '/dl/client.zip', answers: 80, median: 9000, largest: 9000 }],
      },
      expect: null,
    },
    {
      name: 'a page with lines that look like settings',
      of: { title: 'Probe for .env', exchanges: [{ url: '/.env', status: 404, body: 'APP_ENV=production' }] },
      expect: null,
    },
    {
      name: 'a page about keys',
      of: { title: 'Information leak', exchanges: [{ url: '/docs/keys', body: '-----BEGIN RSA PRIVATE KEY-----' }] },
      expect: null,
    },
  ],
})
