/** One word for one thing, in Korean too: the words of the glossary have one translation, in every namespace. */
import { describe, expect, it } from 'vitest'
import { textResources } from './index.ts'

type Texts = { readonly [key: string]: string | Texts }
const resources = textResources()
const flat = (texts: Texts, path: string): [string, string][] =>
  Object.entries(texts).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[path + key, value]] : flat(value, `${path}${key}.`),
  )
const textsOf = (language: string): Map<string, string> =>
  new Map(Object.entries(resources[language] ?? {}).flatMap(([namespace, texts]) => flat(texts as Texts, `${namespace}:`)))
const english = textsOf('en')
const korean = textsOf('ko')
/** Korean has one plural form. */
const inKorean = (key: string): string =>
  korean.get(key) ?? korean.get(key.replace(/_(?:one|zero)$/, '_other')) ?? korean.get(key.replace(/_\w+$/, '')) ?? ''

interface Word {
  readonly english: RegExp
  readonly korean: string
  /** Words that mean the same and are not used. */
  readonly instead: RegExp
  /** Texts where the English word means something else, or is left out, and why. */
  readonly except: RegExp
}

const WORDS: readonly Word[] = [
  {
    english: /\bsources?\b/i,
    korean: '수집원',
    instead: /소스|출처/,
    // The source of a flow (출발지), and Sigma's log source (로그 소스).
    except:
      /^(?:packets:column\.source|alerts:(?:column\.ends|order|group|around|pivot)|query:docs\.src_|rules:(?:unreachableWhy|column|filter|sources|tabs\.sources|keys\.sources)|packs:preview\.logSources)/,
  },
  {
    english: /\brecords?\b/i,
    korean: '기록',
    instead: /레코드/,
    // Resource records of DNS and the record number of Windows have names of their own; one sentence has no subject.
    except: /^(?:query:docs\.(?:dns_type|win_record_id)|events:panel\.noFields)$/,
  },
  { english: /\brules?\b/i, korean: '룰', instead: /규칙/, except: /^$/ },
  { english: /\bsignatures?\b/i, korean: '시그니처', instead: /서명/, except: /^$/ },
  { english: /\bverdicts?\b/i, korean: '판정', instead: /평결|판결/, except: /^$/ },
  { english: /\bdetections?\b/i, korean: '탐지', instead: /검출|감지/, except: /^$/ },
  { english: /\bflows?\b/i, korean: '플로우', instead: /흐름/, except: /^$/ },
  // A figure with its counting word stands for the alerts that are decided on.
  {
    english: /\balerts?\b/i,
    korean: '경보',
    instead: /경고|알림|얼럿/,
    except: /^(?:alerts:(?:decide|did)\.|query:docs\.type$)/,
  },
  { english: /\bevents?\b/i, korean: '이벤트', instead: /사건/, except: /^events:arrivals\.newest$/ },
  // What a DNS client asks is 질의 in every Korean text on DNS.
  { english: /\bquer(?:y|ies)\b/i, korean: '쿼리', instead: /질의/, except: /^query:docs\.dns_query$/ },
  { english: /\bseverity\b/i, korean: '등급', instead: /심각도|중요도/, except: /^alerts:filter\.placeholder$/ },
  { english: /\bfolders?\b/i, korean: '폴더', instead: /디렉터리|디렉토리/, except: /^$/ },
]

describe.each(WORDS.map((word) => [word.korean, word] as const))('%s', (_korean, word) => {
  it('stands where the English text has the word', () => {
    const without = [...english]
      .filter(([key, text]) => word.english.test(text.replace(/\{\{.*?\}\}/g, '')) && !word.except.test(key))
      .filter(([key]) => !inKorean(key).includes(word.korean))
      .map(([key, text]) => `${key}: ${text} | ${inKorean(key)}`)
    expect(without).toEqual([])
  })
  it('has no other word beside it', () => {
    const others = [...korean].filter(([key, text]) => word.instead.test(text) && !word.except.test(key))
    expect(others).toEqual([])
  })
})
