import type { ReactNode } from 'react'

/** Bars in greys on their own scale; the figure beside them is the figure, so they are silent for screen readers. */
export function Sparkline({
  counts,
  width = 46,
  height = 14,
  subject = false,
}: {
  readonly counts: readonly number[]
  readonly width?: number
  readonly height?: number
  /** In the accent: the one thing being looked at. */
  readonly subject?: boolean
}): ReactNode {
  const most = Math.max(1, ...counts)
  const step = width / Math.max(1, counts.length)
  return (
    <svg
      className={subject ? 'wf-spark wf-spark-subject' : 'wf-spark'}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
    >
      {counts.map((count, index) => {
        const tall = count > 0 ? Math.max(1.5, (count / most) * height) : 1
        return (
          <rect
            key={index}
            className={count > 0 ? undefined : 'wf-spark-zero'}
            x={index * step}
            y={height - tall}
            width={Math.max(0.5, step - 1)}
            height={tall}
          />
        )
      })}
    </svg>
  )
}
