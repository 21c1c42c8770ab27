/**
 * A report as one file of HTML: no script, no link that leaves it, one style sheet that the policy names by its hash. Every text goes
 * through `html`.
 */
import { createHash } from 'node:crypto'
import type { Block, ReportDocument, Row, Run, Runs } from '../../../../shared/model/report.ts'
import { endOf } from '../end-of.ts'
import { documentHash } from '../signature.ts'
import type { Progress } from '../progress.ts'
import { clockOf, dateTime, dayOf, figure, wordsOf, type Words } from '../words.ts'
import { html } from './escape.ts'
import { pictureHtml } from './picture.ts'
import { STYLE } from './style.ts'

const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`

export function toHtml(document: ReportDocument, progress: Progress = () => undefined): Uint8Array {
  const words = wordsOf(document.language)
  const tlp = `<b class="tlp tlp-${document.tlp.replace('+', '-')}">TLP:${document.tlp}</b>`
  const version = words(`report.${document.audience}`)
  const out = [
    `<!doctype html>\n<html lang="${document.language}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    `<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer"><title>${html(`${document.number} ${document.title}`)}</title>`,
    `<style>${STYLE}</style></head><body>`,
    `<div class="band"><span>${html(document.number)}</span>${tlp}</div>`,
    `<header class="title"><div class="kind">${html(words('report.kind'))} · <code>${html(document.number)}</code></div><h1>${html(document.title)}</h1>`,
    `<div class="made"><span>${html(version)}</span><span>PAP:${document.pap}</span><span>${html(words('report.madeAt'))} <time>${html(dateTime(document.madeAt))}</time> UTC</span><span>${html(words('report.madeBy'))} ${html(document.madeBy)}</span></div></header>`,
    `<nav aria-label="${html(words('report.contents'))}">${document.sections.map(({ anchor, title }) => `<a href="#${anchor}">${html(title)}</a>`).join('')}</nav><main>`,
  ]
  for (const [index, section] of document.sections.entries()) {
    out.push(`<section><h2 id="${section.anchor}">${html(section.title)}</h2>`)
    for (const block of section.blocks) out.push(blockHtml(block, words))
    out.push('</section>')
    progress((index + 1) / document.sections.length)
  }
  out.push(
    `<section><h2>${html(words('report.hash'))}</h2><p class="hash">${documentHash(document)}</p><p class="aside">${html(words('report.hash.meaning'))}</p></section>`,
    `</main><div class="band end"><span>${html(document.number)} · ${html(version)}</span>${tlp}</div></body></html>\n`,
  )
  return Buffer.from(out.join('\n'))
}

const idOf = (anchor: string | null): string => (anchor === null ? '' : ` id="${anchor}"`)

function runHtml(run: Run): string {
  const text = html(run.text)
  if (run.kind === 'strong') return `<b>${text}</b>`
  if (run.kind === 'code') return `<code>${text}</code>`
  if (run.kind === 'text') return text
  return run.target === null ? `<span class="cite">${text}</span>` : `<a class="cite" href="#${run.target}">${text}</a>`
}
const runsHtml = (runs: Runs): string => runs.map(runHtml).join('')

function blockHtml(block: Block, words: Words): string {
  switch (block.kind) {
    case 'heading':
      return `<h${block.level + 1}${idOf(block.anchor)}>${html(block.text)}</h${block.level + 1}>`
    case 'paragraph': {
      const step = block.step === null ? '' : `<b>${block.step}</b>`
      const name = [...(block.tone === 'aside' ? ['aside'] : []), ...(block.step === null ? [] : ['step'])].join(' ')
      return `<p${name === '' ? '' : ` class="${name}"`}>${step}${runsHtml(block.runs)}</p>`
    }
    case 'list': {
      const tag = block.ordered ? 'ol' : 'ul'
      return `<${tag}>${block.items.map((item) => `<li>${runsHtml(item)}</li>`).join('')}</${tag}>`
    }
    case 'table':
      return tableHtml(block)
    case 'figures':
      return `<div class="figures">${block.figures
        .map(({ label, value, counts }) => {
          const inner = `<b>${figure(value)}</b>${html(label)}`
          // The first of the blocks that it counts; the others follow it.
          return counts[0] === undefined ? `<a>${inner}</a>` : `<a href="#${counts[0]}">${inner}</a>`
        })
        .join('')}</div>`
    case 'timeline':
      return timelineHtml(block, words)
    case 'route':
      return pictureHtml(block)
    case 'evidence':
      return evidenceHtml(block, words)
    case 'glossary':
      return `<dl>${block.terms.map(({ term, meaning }) => `<dt>${html(term)}</dt><dd>${html(meaning)}</dd>`).join('')}</dl>`
  }
}

/** Widths of columns are attributes: the policy lets no style stand on an element. */
const columnsHtml = (shares: readonly number[]): string => {
  const whole = shares.reduce((sum, share) => sum + share, 0)
  return `<colgroup>${shares.map((share) => `<col width="${Math.round((share / whole) * 1000) / 10}%">`).join('')}</colgroup>`
}

function tableHtml({ anchor, heads, columns, rows }: Extract<Block, { kind: 'table' }>): string {
  const side = (index: number): string => (columns[index]?.align === 'right' ? ' class="right"' : '')
  const cells = ({ cells, anchor }: Row): string =>
    `<tr${idOf(anchor)}>${cells.map((cell, index) => `<td${side(index)}>${runsHtml(cell)}</td>`).join('')}</tr>`
  const head = heads
    ? `<thead><tr>${columns.map((column, index) => `<th scope="col"${side(index)}>${html(column.head)}</th>`).join('')}</tr></thead>`
    : ''
  return `<table${idOf(anchor)}${heads ? '' : ' class="facts"'}>${columnsHtml(columns.map(({ share }) => share))}${head}<tbody>${rows.map(cells).join('\n')}</tbody></table>`
}

function timelineHtml({ anchor, entries }: Extract<Block, { kind: 'timeline' }>, words: Words): string {
  const out = [
    `<table id="${anchor}">${columnsHtml([1.2, 1.2, 7])}<thead><tr>${(['time', 'kind', 'entry'] as const).map((key) => `<th scope="col">${html(words(`timeline.${key}`))}</th>`).join('')}</tr></thead><tbody>`,
  ]
  let day = ''
  for (const entry of entries) {
    if (dayOf(entry.time) !== day) {
      day = dayOf(entry.time)
      out.push(`<tr class="day"><th colspan="3" scope="rowgroup">${html(day)}</th></tr>`)
    }
    const until =
      entry.until === null
        ? ''
        : ` <span class="quiet">${html(words('timeline.until', { time: endOf(entry.time, entry.until) }))}</span>`
    const severity =
      entry.severity === null ? '' : `<br><span class="severity-${entry.severity.level}">${html(entry.severity.label)}</span>`
    const group = entry.group === '' ? '' : `<span class="quiet">${html(entry.group)}</span> · `
    out.push(
      `<tr${idOf(entry.anchor)}><td><time>${html(clockOf(entry.time))}</time>${until}</td><td>${html(entry.kind)}${severity}</td><td>${group}${runsHtml(entry.runs)}</td></tr>`,
    )
  }
  out.push('</tbody></table>')
  return out.join('\n')
}

function evidenceHtml({ anchor, items }: Extract<Block, { kind: 'evidence' }>, words: Words): string {
  const rows = items.map(
    (item) =>
      `<tr${idOf(item.anchor)}><td><code>${html(item.id)}</code></td><td><code>${html(item.name)}</code> <span class="quiet">${html(item.kind)}</span>${item.state === '' ? '' : ` <b>${html(item.state)}</b>`}<br><span class="quiet">${html(item.origin)}</span><br><span class="hash">${item.sha256}</span></td><td class="right">${figure(item.bytes)}</td><td><code>${html(dateTime(item.added))}</code><br><span class="quiet">${html(item.by)}</span></td></tr>`,
  )
  const heads = (['id', 'item', 'bytes', 'added'] as const).map(
    (key) => `<th scope="col"${key === 'bytes' ? ' class="right"' : ''}>${html(words(`evidence.${key}`))}</th>`,
  )
  return `<table id="${anchor}">${columnsHtml([0.8, 5.4, 1.4, 1.8])}<thead><tr>${heads.join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`
}
