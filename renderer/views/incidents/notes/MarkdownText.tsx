import { createElement, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/Button.tsx'
import { Marked } from '../../../components/Marked.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { visibleText } from '../../../format/text.ts'
import { useNotice } from '../../../state/notice.ts'
import { CiteChip } from '../cites/CiteChip.tsx'
import { NamedEvidence } from '../evidence/NotePicture.tsx'
import { parseMarkdown, type Block, type Inline } from './markdown.ts'

/** A note as it is read: our own few marks, never HTML, nothing from outside. A link is its text and its address, and asks before it opens. */
export function MarkdownText({ text, names }: { readonly text: string; readonly names: readonly string[] }): ReactNode {
  const [asking, setAsking] = useState<string | null>(null)
  const blocks = useMemo(() => parseMarkdown(text, names), [text, names])
  return (
    <div className="in-md">
      {blocks.map((block, index) => (
        <BlockView key={index} block={block} onLink={setAsking} />
      ))}
      {asking === null ? null : <AskLink address={asking} onClose={() => setAsking(null)} />}
    </div>
  )
}

interface Asks {
  onLink(address: string): void
}

function BlockView({ block, onLink }: { readonly block: Block } & Asks): ReactNode {
  switch (block.kind) {
    case 'heading':
      // Headings of a note stand below those of the page.
      return createElement(
        `h${Math.min(6, block.level + 3)}`,
        { className: `in-md-h${Math.min(3, block.level)}` },
        <Line of={block.of} onLink={onLink} />,
      )
    case 'paragraph':
      return (
        <p>
          {block.lines.map((line, index) => (
            <span key={index} className="in-md-line">
              <Line of={line} onLink={onLink} />
            </span>
          ))}
        </p>
      )
    case 'code':
      return (
        <pre tabIndex={0}>
          <Marked text={block.text} />
        </pre>
      )
    case 'list': {
      const items = block.items.map((item, index) => (
        <li key={index}>
          {item.map((inner, at) => (
            <BlockView key={at} block={inner} onLink={onLink} />
          ))}
        </li>
      ))
      return block.ordered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>
    }
    case 'quote':
      return (
        <blockquote>
          {block.of.map((inner, index) => (
            <BlockView key={index} block={inner} onLink={onLink} />
          ))}
        </blockquote>
      )
    case 'rule':
      return <hr />
  }
}

function Line({ of, onLink }: { readonly of: readonly Inline[] } & Asks): ReactNode {
  const { t } = useTranslation('incidents')
  return of.map((node, index) => {
    switch (node.kind) {
      case 'text':
        return <Marked key={index} text={node.text} />
      case 'code':
        return (
          <code key={index}>
            <Marked text={node.text} />
          </code>
        )
      case 'strong':
        return (
          <b key={index}>
            <Line of={node.of} onLink={onLink} />
          </b>
        )
      case 'em':
        return (
          <i key={index}>
            <Line of={node.of} onLink={onLink} />
          </i>
        )
      case 'mention':
        return (
          <span key={index} className="in-mention">
            @{visibleText(node.name)}
          </span>
        )
      case 'named':
        return node.name.startsWith('EV-') ? (
          <NamedEvidence key={index} id={node.name} />
        ) : (
          <CiteChip key={index} cite={{ kind: 'alert', alert: node.name.slice(2) }} />
        )
      case 'link':
        return (
          <button key={index} type="button" className="in-md-link" onClick={() => onLink(node.address)}>
            {node.picture ? `${t('note.picture')} ` : ''}
            {node.text === '' ? null : <>{visibleText(node.text)} </>}
            <span>{visibleText(node.address)}</span>
          </button>
        )
    }
  })
}

/** Only these may be opened at all; the desk's own window opens nothing, there the address is copied. */
const OPENS = /^https?:\/\//i

function AskLink({ address, onClose }: { readonly address: string; onClose(): void }): ReactNode {
  const { t } = useTranslation('incidents')
  const say = useNotice((state) => state.say)
  const opens = OPENS.test(address) && window.watchfloorHost?.kind !== 'electron'
  return (
    <Dialog
      title={t('link.title')}
      onClose={onClose}
      footer={
        <>
          <Button data-autofocus="" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button
            icon="copy"
            onClick={() => {
              onClose()
              void navigator.clipboard.writeText(address).then(
                () => say(t('link.copied')),
                () => say(t('link.notCopied'), 'fault'),
              )
            }}
          >
            {t('link.copy')}
          </Button>
          {opens ? (
            <Button
              icon="external"
              onClick={() => {
                onClose()
                window.open(address, '_blank', 'noopener,noreferrer')
              }}
            >
              {t('link.open')}
            </Button>
          ) : null}
        </>
      }
    >
      <p>{t('link.text')}</p>
      <pre className="in-address">
        <Marked text={address} />
      </pre>
    </Dialog>
  )
}
