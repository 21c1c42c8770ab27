/** What kind of attack a detection speaks of: from its ATT&CK techniques, its words, and what was asked for. */

export const ATTACK_CLASSES = [
  'sql_injection',
  'path_traversal',
  'command_injection',
  'code_execution',
  'cross_site_scripting',
  'web_shell',
  'file_upload',
  'lookup_injection',
  'server_side_request',
  'xml_entity',
  'information_leak',
  'credential_attack',
  'login',
  'scan',
  'denial_of_service',
  'command_and_control',
  'exfiltration',
  'lateral_movement',
  'malware',
  'credential_access',
  'persistence',
  'privilege_escalation',
  'log_clearing',
  'policy',
] as const
export type AttackClass = (typeof ATTACK_CLASSES)[number]

/** Words of titles and categories; the first that fits counts, so the special come before the general. */
const WORDS: readonly (readonly [AttackClass, RegExp])[] = [
  ['web_shell', /web ?shell|c99|r57|china chopper|behinder|godzilla/],
  ['sql_injection', /\bsql(?:i| inj)|union.{0,12}select|sql (?:error|query|sleep|time)/],
  ['lookup_injection', /jndi|log4(?:j|shell)|lookup/],
  ['xml_entity', /\bxxe\b|xml (?:external )?entit/],
  ['server_side_request', /\bssrf\b|server.side request|metadata service/],
  ['cross_site_scripting', /\bxss\b|cross.site script/],
  ['path_traversal', /travers|\blfi\b|local file inclu|\/etc\/passwd|dot dot|directory climb/],
  ['command_injection', /(?:command|os|shell) inj|shellshock|cmd inj/],
  ['file_upload', /upload/],
  ['scan', /director(?:y|ies) brute|brute.?forc.{0,8}(?:director|path|url)|forced brows/],
  [
    'credential_attack',
    /brute.?force|password spray|spraying|guess|stuffing|many (?:failed )?log[io]n|authentication fail|failed log[io]n/,
  ],
  [
    'credential_access',
    /lsass|credential dump|mimikatz|ntds|kerberoast|dcsync|sam hive|shadow file|password(?:s)? (?:file|store)/,
  ],
  ['log_clearing', /(?:log|audit).{0,12}clear|clear.{0,16}log/],
  ['denial_of_service', /\b(?:d?dos|flood|denial)/],
  ['exfiltration', /exfil|upload of|leav(?:es|ing)|data theft|stolen|tunnel/],
  ['command_and_control', /\bc2\b|\bcnc\b|command.and.control|beacon|call.?(?:s )?(?:back|home)|checkin|reverse shell|rat\b/],
  ['lateral_movement', /lateral|psexec|admin share|remote service|wmi exec|pass.the/],
  ['code_execution', /remote code|\brce\b|code exec|deserial|exploit|overflow/],
  ['malware', /trojan|malware|ransom|worm|backdoor|dropper/],
  ['scan', /scan|sweep|probe|enumerat|recon|brute.?forc.{0,8}director|directory brute|nmap|nikto/],
  ['information_leak', /disclos|leak|exposed|listing|phpinfo|\.git|\.env|backup file/],
  ['persistence', /service (?:install|creat)|scheduled task|autorun|run key|new (?:account|user)|persist/],
  ['privilege_escalation', /privilege|escalat|sudo|uac/],
  ['login', /log[io]n|signed? in|impossible travel|vpn/],
  ['policy', /policy|tor\b|torrent|cleartext|tls 1\.0|usb/],
]

const TECHNIQUES: Readonly<Record<string, AttackClass>> = {
  'T1505.003': 'web_shell', 'T1110': 'credential_attack', 'T1595': 'scan', 'T1046': 'scan', 'T1018': 'scan', 'T1498': 'denial_of_service',
  'T1499': 'denial_of_service', 'T1071': 'command_and_control', 'T1573': 'command_and_control', 'T1095': 'command_and_control',
  'T1568': 'command_and_control', 'T1041': 'exfiltration', 'T1048': 'exfiltration', 'T1567': 'exfiltration', 'T1021': 'lateral_movement',
  'T1570': 'lateral_movement', 'T1003': 'credential_access', 'T1558': 'credential_access', 'T1552': 'credential_access',
  'T1070': 'log_clearing', 'T1543': 'persistence', 'T1053': 'persistence', 'T1136': 'persistence', 'T1547': 'persistence',
  'T1068': 'privilege_escalation', 'T1078': 'login', 'T1105': 'malware', 'T1486': 'malware', 'T1059': 'code_execution', 'T1203': 'code_execution',
} // prettier-ignore

/** What a request asks for says more than the words of its detection. */
const REQUESTS: readonly (readonly [AttackClass, RegExp])[] = [
  ['lookup_injection', /\$\{(?:jndi|\$\{|lower|upper|::-)/i],
  ['path_traversal', /(?:\.\.(?:\/|\\|%2f|%5c)){2}|(?:%2e%2e|\.\.)(?:%2f|\/)(?:%2e%2e|\.\.)|\.{4}\/\/|\/etc\/(?:passwd|shadow)|win\.ini/i],
  ['sql_injection', /union(?:[\s+]|%20|\/\*.{0,20}\*\/)+(?:all(?:[\s+]|%20)+)?select|(?:'|%27)(?:[\s+]|%20)*(?:or|and)(?:[\s+]|%20)|sleep\(\d|waitfor(?:[\s+]|%20)delay|information_schema/i],
  ['cross_site_scripting', /<script|%3cscript|onerror(?:=|%3d)|javascript:/i],
  ['xml_entity', /<!ENTITY|%3c!entity/i],
  ['server_side_request', /(?:=|%3d)(?:https?|gopher|file)(?::|%3a)(?:\/\/|%2f%2f)(?:169\.254|127\.|localhost|metadata)/i],
  ['command_injection', /(?:;|\||%3b|%7c|`|\$\()(?:[\s+]|%20)*(?:id|whoami|cat|ls|uname|wget|curl|ping|nc|bash|sh|powershell)\b|\(\)(?:[\s+]|%20)*\{/i],
] // prettier-ignore

/** `words`: title, category, description; `requests`: URLs and bodies that were sent. Null where nothing tells. */
export function attackClassOf(
  words: readonly string[],
  techniques: readonly string[],
  requests: readonly string[],
): AttackClass | null {
  const [title = '', ...rest] = words.map((text) => text.toLowerCase())
  const byWords = (text: string): AttackClass | null => WORDS.find(([, word]) => word.test(text))?.[0] ?? null
  const special = byWords(title)
  // A title that names its attack is believed; a general one is made exact by what was sent.
  if (special !== null && !GENERAL.has(special)) return special
  for (const request of requests) {
    const found = REQUESTS.find(([, asked]) => asked.test(request.slice(0, 4096)))
    if (found !== undefined) return found[0]
  }
  if (special !== null) return special
  for (const technique of techniques) {
    const known = TECHNIQUES[technique] ?? TECHNIQUES[technique.split('.')[0] ?? '']
    if (known !== undefined) return known
  }
  for (const text of rest) {
    const found = byWords(text)
    if (found !== null) return found
  }
  return null
}
const GENERAL = new Set<AttackClass>(['code_execution', 'file_upload', 'scan', 'information_leak', 'malware', 'policy', 'login'])
