/** Content that no page has by chance: files of systems, what commands print, errors of databases. All patterns are bounded. */
import { shownIn, type Shown } from './forms.ts'
import type { Octets } from '../octets.ts'

export const PASSWD = /\broot:[^:\r\n]{0,64}:0:0:[^:\r\n]{0,128}:\/[^:\r\n]{0,128}:\/[^\s<]{1,64}/
export const PRIVATE_KEY = /-----BEGIN (?:RSA |EC |DSA |OPENSSH |ENCRYPTED )?PRIVATE KEY-----/
export const WIN_INI = /; for 16-bit app support|\[fonts\]\r?\n\[extensions\]/i
export const PHPINFO = /<title>(?:PHP \d[\w.+~-]{0,40} - )?phpinfo\(\)<\/title>|<h1 class="p">PHP Version \d/i
export const PHP_SOURCE = /<\?php\s/
export const ID_OUTPUT = /\buid=\d{1,10}\([^)\s<>]{1,64}\) gid=\d{1,10}\([^)\s<>]{1,64}\)/

export interface CommandOutput {
  readonly name: string
  /** How the command stands in a request. */
  readonly asked: RegExp
  readonly output: RegExp
}

/** In a shell's words: at the beginning, or behind what separates commands and values. */
const command = (name: string): RegExp =>
  new RegExp(`(?:^|[\\s;|&\`'"(=/\\\\>:,{[])(?:${name})(?:$|[$\\s;|&\`'")<>,\\]}./\\\\#%])`, 'im')

export const COMMANDS: readonly CommandOutput[] = [
  { name: 'id', asked: command('id'), output: ID_OUTPUT },
  {
    name: 'whoami',
    asked: command('whoami(?:\\.exe)?'),
    output:
      /\bnt authority\\(?:system|network service|local service|iusr)\b|\biis apppool\\[\w. -]{1,64}|^\s{0,64}(?:<pre>\s{0,8})?[\w.-]{1,64}\\[\w.$-]{1,64}\s{0,64}(?:<\/pre>\s{0,8})?$|^\s{0,64}(?:<pre>\s{0,8})?(?:root|www-data|apache|nginx|httpd|nobody|tomcat\d{0,2}|daemon|http|www|web|jboss|oracle|postgres|mysql|node|ubuntu|ec2-user)\s{0,64}(?:<\/pre>\s{0,8})?$/i,
  },
  {
    name: 'ipconfig',
    asked: command('ipconfig(?:\\.exe)?'),
    output: /\bWindows IP Configuration\r?\n|\bIPv4 Address(?:\. ){2,20}/,
  },
  {
    name: 'ifconfig',
    asked: command('ifconfig|ip(?: -\\w{1,4})? a(?:ddr)?'),
    output: /\binet (?:addr:)?\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})? {1,4}(?:netmask|Bcast|brd|scope|Mask)/,
  },
  {
    name: 'dir',
    asked: command('dir'),
    output: / Volume in drive [A-Z] (?:is |has no label)| Volume Serial Number is [0-9A-F]{4}-[0-9A-F]{4}| Directory of [A-Z]:\\/,
  },
  {
    name: 'ls',
    asked: command('ls'),
    output:
      /(?:^|\n|>)(?:total \d{1,12}\r?\n)?[dlbcps-](?:[r-][w-][xsStT-]){3}[.+@]? {1,8}\d{1,6} {1,4}\S{1,64} {1,16}\S{1,64} {1,20}\d{1,15}(?:, {1,4}\d{1,6})? /,
  },
  {
    name: 'uname',
    asked: command('uname'),
    output:
      /\bLinux [\w.-]{1,64} \d{1,2}\.\d{1,3}[\w.+-]{0,64} [^\r\n]{0,160}(?:GNU\/Linux|x86_64|aarch64|i686|armv\d)|\b(?:FreeBSD|Darwin|OpenBSD) [\w.-]{1,64} \d{1,2}\.\d{1,2}/,
  },
  { name: 'systeminfo', asked: command('systeminfo(?:\\.exe)?'), output: /\bHost Name: {4,40}\S{1,64}\r?\nOS Name: {4,40}\S/ },
  { name: 'ver', asked: command('ver'), output: /\bMicrosoft Windows \[Version \d{1,2}\.\d{1,2}\.\d{1,6}/ },
  {
    name: 'ping',
    asked: command('ping(?:\\.exe)?'),
    output:
      /\bPING [\w.:-]{1,128} \([\d.:a-f]{3,45}\)[^\r\n]{0,40}bytes of data|\bReply from [\d.]{7,15}: bytes=\d{1,5} |\bPinging [\w.-]{1,128}[^\r\n]{0,40}with \d{1,5} bytes of data:/,
  },
  {
    name: 'netstat',
    asked: command('netstat(?:\\.exe)?|ss'),
    output: /\bActive Internet connections \(|\bActive Connections\r?\n|\bNetid {1,4}State {1,8}Recv-Q/,
  },
  { name: 'tasklist', asked: command('tasklist(?:\\.exe)?'), output: /\bImage Name {4,40}PID Session Name/ },
  { name: 'ps', asked: command('ps'), output: /(?:^|\n)(?:UID|USER) {1,10}PID {1,10}(?:PPID|%CPU)/ },
  {
    name: 'net user',
    asked: command('net1?(?:\\.exe)? {1,4}(?:user|localgroup|group|accounts|view)'),
    output: /\bUser accounts for \\\\|\bThe command completed successfully\.|\bMembers\r?\n\r?\n-{20}/,
  },
  { name: 'cat /etc/passwd', asked: /\/etc\/passwd|etc.{0,3}passwd/i, output: PASSWD },
  { name: 'type win.ini', asked: /win\.ini/i, output: WIN_INI },
  { name: 'env', asked: command('env|printenv|set'), output: /(?:^|\n)PATH=\/[^\r\n]{1,400}\n|(?:^|\n)COMSPEC=[A-Z]:\\/i },
]

export interface DatabaseError {
  readonly product: string
  /** The first group is a value that the database tells; `syntax` where it only complains. */
  readonly kind: 'value' | 'syntax'
  readonly pattern: RegExp
}

export const DATABASE_ERRORS: readonly DatabaseError[] = [
  { product: 'MySQL', kind: 'value', pattern: /XPATH syntax error: '([^'\r\n]{1,200})'/ },
  { product: 'MySQL', kind: 'value', pattern: /Duplicate entry '([^'\r\n]{1,200})' for key '?(?:group_key|<group_key>)/ },
  { product: 'MySQL', kind: 'value', pattern: /(?:DOUBLE|BIGINT(?: UNSIGNED)?) value is out of range in '([^\r\n]{1,200})'/ },
  { product: 'Microsoft SQL Server', kind: 'value', pattern: /Conversion failed when converting the (?:n?varchar|n?char|uniqueidentifier|date\w{0,8}) value '([^'\r\n]{1,200})' to data type/ },
  { product: 'Microsoft SQL Server', kind: 'value', pattern: /Syntax error converting the n?varchar value '([^'\r\n]{1,200})' to a column of data type/ },
  { product: 'PostgreSQL', kind: 'value', pattern: /invalid input syntax for (?:type )?(?:integer|numeric|bigint|double precision): "([^"\r\n]{1,200})"/ },
  { product: 'Oracle', kind: 'value', pattern: /ORA-29257: host ([^\r\n]{1,200}) unknown/ },
  { product: 'Oracle', kind: 'value', pattern: /DRG-11701: thesaurus ([^\r\n]{1,200}) does not exist/ },
  { product: 'MySQL', kind: 'syntax', pattern: /You have an error in your SQL syntax; check the manual that (?:corresponds to|fits) your (?:MySQL|MariaDB) server version[^\r\n]{0,200}/ },
  { product: 'MySQL', kind: 'syntax', pattern: /The used SELECT statements have a different number of columns|Unknown column '[^'\r\n]{1,128}' in '(?:where clause|order clause|field list|on clause)'/ },
  { product: 'MySQL', kind: 'syntax', pattern: /Warning[^\r\n]{0,32}\bmysqli?_(?:fetch|num|query|result)\w{0,24}\(\)|SQLSTATE\[42\w{3}\]: Syntax error or access violation/ },
  { product: 'PostgreSQL', kind: 'syntax', pattern: /ERROR: {1,3}(?:syntax error at or near|unterminated quoted string at or near|each UNION query must have the same number of columns|column "[^"\r\n]{1,128}" does not exist)|\bpg_(?:query|exec)\(\)[^\r\n]{0,16}: Query failed|org\.postgresql\.util\.PSQLException: ERROR/ },
  { product: 'Microsoft SQL Server', kind: 'syntax', pattern: /Unclosed quotation mark (?:after|before) the character string|Incorrect syntax near ['"(]?|All queries combined using a UNION, INTERSECT or EXCEPT/ },
  { product: 'Microsoft SQL Server', kind: 'syntax', pattern: /Microsoft OLE DB Provider for (?:SQL Server|ODBC Drivers)[^\r\n]{0,16} error|System\.Data\.SqlClient\.SqlException/ },
  { product: 'Oracle', kind: 'syntax', pattern: /\bORA-(?:00904|00907|00911|00917|00920|00921|00923|00933|00936|00942|01722|01756|01789|01790|06502|06550|20000|29257): / },
  { product: 'SQLite', kind: 'syntax', pattern: /\bSQLITE_ERROR\b|sqlite3?\.OperationalError: |\bSQLite3?(?:::|Exception| error)[^\r\n]{0,80}|near "[^"\r\n]{1,64}": syntax error|unrecognized token: ["'][^\r\n]{1,64}/i },
  { product: 'DB2', kind: 'syntax', pattern: /DB2 SQL Error: SQLCODE=-\d{3,5}, SQLSTATE=\d{5}|\bCLI Driver\]\[DB2/ },
  { product: 'H2', kind: 'syntax', pattern: /org\.h2\.jdbc\.JdbcSQL\w{0,32}Exception/ },
  { product: 'SQL', kind: 'syntax', pattern: /java\.sql\.SQLSyntaxErrorException|\[ODBC [\w ]{1,40} Driver\][^\r\n]{0,60}[Ss]yntax error/ },
] // prettier-ignore

const ANYTHING: readonly RegExp[] = [
  PASSWD, PRIVATE_KEY, WIN_INI, PHPINFO, PHP_SOURCE, ID_OUTPUT,
  ...COMMANDS.filter(({ name }) => ['ipconfig', 'ifconfig', 'dir', 'ls', 'uname', 'systeminfo', 'ver', 'tasklist', 'netstat'].includes(name)).map(({ output }) => output),
  ...DATABASE_ERRORS.map(({ pattern }) => pattern),
] // prettier-ignore

const knownDisclosed = new WeakMap<Octets, Shown | 'nothing'>()

/** Something that an answer does not have unless it was disclosed: whatever its status, the attempt did not simply fail. */
export function disclosedIn(octets: Octets | null): Shown | null {
  if (octets === null) return null
  let found = knownDisclosed.get(octets)
  if (found === undefined) {
    found = 'nothing'
    for (const pattern of ANYTHING) {
      const shown = shownIn(octets, pattern)
      if (shown === null) continue
      found = shown
      break
    }
    knownDisclosed.set(octets, found)
  }
  return found === 'nothing' ? null : found
}
