/** Terms that reports explain where they occur. `found` are the texts that a term is recognised by, in any case. */
import type { ReportLanguage } from '../../../shared/model/report.ts'

export interface GlossaryWord {
  readonly term: Readonly<Record<ReportLanguage, string>>
  readonly meaning: Readonly<Record<ReportLanguage, string>>
  readonly found: Readonly<Record<ReportLanguage, readonly string[]>>
}

const word = (
  en: readonly [term: string, meaning: string, ...found: string[]],
  ko: readonly [term: string, meaning: string, ...found: string[]],
): GlossaryWord => {
  const [enTerm, enMeaning, ...enFound] = en
  const [koTerm, koMeaning, ...koFound] = ko
  return {
    term: { en: enTerm, ko: koTerm },
    meaning: { en: enMeaning, ko: koMeaning },
    found: { en: [enTerm, ...enFound], ko: [koTerm, ...koFound] },
  }
}

export const GLOSSARY: readonly GlossaryWord[] = [
  word(
    ['alert', 'A detection that wants a person’s decision; repeats on the same pair join it.', 'alerts'],
    ['경보', '사람의 판단이 필요한 탐지. 같은 통신 쌍에서 반복되면 하나로 합쳐집니다.'],
  ),
  word(['asset', 'A registered instance, owned by a customer.', 'assets'], ['자산', '등록된 시스템. 고객이 소유합니다.']),
  word(
    ['ATT&CK', 'MITRE’s catalogue of tactics and techniques of attackers. Its ids begin with TA or T.'],
    ['ATT&CK', 'MITRE가 정리한 공격 전술과 기법의 목록. ID는 TA 또는 T로 시작합니다.'],
  ),
  word(
    ['benign true positive', 'The detection was right, and what was done was permitted.'],
    ['정상 행위 정탐', '탐지는 맞았으나 허용된 행위였습니다.'],
  ),
  word(
    ['capture', 'A file of recorded packets (pcap or pcapng).', 'captures'],
    ['캡처', '패킷을 기록한 파일(pcap 또는 pcapng).'],
  ),
  word(['CVE', 'A publicly known vulnerability, by its number.'], ['CVE', '공개된 취약점의 식별 번호.']),
  word(['CWE', 'A class of weaknesses in software, by its number.'], ['CWE', '소프트웨어 약점 유형의 식별 번호.']),
  word(
    ['detection', 'A signature, a rule or a scenario that matched.', 'detections'],
    ['탐지', '시그니처, 룰 또는 시나리오가 일치한 것.'],
  ),
  word(['event', 'A normalised record, stored.', 'events'], ['이벤트', '정규화하여 저장한 기록.']),
  word(['evidence', 'An immutable, hashed item of an incident.'], ['증거', '변경할 수 없고 해시가 계산된, 인시던트의 항목.']),
  word(
    ['false positive', 'The detection was wrong: what it names did not happen.'],
    ['오탐', '탐지가 틀렸으며, 탐지가 가리킨 일이 일어나지 않았습니다.'],
  ),
  word(
    ['flow', 'A conversation of two addresses and ports, both ways.', 'flows'],
    ['플로우', '두 주소와 포트 사이의 양방향 통신.'],
  ),
  word(
    ['impact verification', 'The test that shows whether an attempt was blocked, failed, or succeeded.', 'impact'],
    ['영향 검증', '시도가 차단되었는지, 실패했는지, 성공했는지를 밝히는 시험.', '영향'],
  ),
  word(
    ['incident', 'A case that one or more alerts were escalated into.', 'incidents'],
    ['인시던트', '하나 이상의 경보에서 격상된 사건.'],
  ),
  word(['indicator', 'An observable that is known to be bad.', 'indicators'], ['침해 지표', '악성으로 알려진 관측 대상.']),
  word(
    ['ledger', 'The append-only, hash-chained book of decisions and evidence.'],
    ['원장', '판정과 증거를 추가로만 기록하고 해시로 연결한 장부.'],
  ),
  word(
    [
      'PAP',
      'Permissible Actions Protocol: which actions what is known here permits. RED: none that can be noticed; AMBER: passive ones; GREEN: active ones; CLEAR: all.',
    ],
    [
      'PAP',
      '허용 행위 규약(Permissible Actions Protocol). RED: 노출될 수 있는 행위 금지, AMBER: 수동적 행위, GREEN: 능동적 행위, CLEAR: 제한 없음.',
    ],
  ),
  word(
    ['record', 'One raw line or log entry, exactly as it came.', 'records'],
    ['기록', '받은 그대로의 원본 한 줄 또는 로그 항목.'],
  ),
  word(['rule', 'A detection over records in the Sigma format.', 'rules'], ['룰', '기록에 대한 Sigma 형식의 탐지.']),
  word(
    ['scenario', 'A correlation of several rules over time.', 'scenarios'],
    ['시나리오', '여러 룰을 시간에 따라 연결한 상관 분석.'],
  ),
  word(
    ['SHA-256', 'A sum of a file’s bytes: when a single byte changes, so does it.'],
    ['SHA-256', '파일 내용의 해시 값. 한 바이트만 바뀌어도 달라집니다.'],
  ),
  word(
    ['signature', 'A detection over network traffic in the Suricata language, named gid:sid.', 'signatures'],
    ['시그니처', 'Suricata 언어로 쓴 네트워크 트래픽 탐지. gid:sid로 부릅니다.'],
  ),
  word(['source', 'Where records come from.', 'sources'], ['수집원', '기록이 오는 곳.']),
  word(['timeline', 'The dated entries of an incident.'], ['타임라인', '인시던트의 시간순 항목.']),
  word(
    [
      'TLP',
      'Traffic Light Protocol 2.0. RED: for the named recipients only. AMBER+STRICT: within the organisation. AMBER: also its clients, who need to know. GREEN: the community. CLEAR: no limit.',
    ],
    [
      'TLP',
      '정보 공유 등급(Traffic Light Protocol 2.0). RED: 지정된 수신자만, AMBER+STRICT: 조직 내부, AMBER: 조직과 알아야 하는 고객, GREEN: 커뮤니티, CLEAR: 제한 없음.',
    ],
  ),
  word(
    ['true positive', 'The detection was right: what it names happened.'],
    ['정탐', '탐지가 맞았으며, 탐지가 가리킨 일이 일어났습니다.'],
  ),
  word(['verdict', 'What a person decided of an alert.', 'verdicts'], ['판정', '경보에 대한 사람의 결정.']),
  word(
    ['web shell', 'A page that an attacker put on a server to run commands through it.', 'webshell'],
    ['웹셸', '공격자가 서버에 올려 명령을 실행하는 페이지.', '웹쉘'],
  ),
]
