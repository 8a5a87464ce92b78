import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { formatPercent } from '../words/numbers.ts'

interface SplitViewProps {
  original: string
  variant: string
  /** Of the variant, as in "full AVIF". */
  label: string
  alt: string
  onOriginalBroken: () => void
  onOriginalShown: () => void
}

const STEP = 2
const BIG_STEP = 10

/** The original on the left of the line, the variant on its right, in one frame. */
export function SplitView({ original, variant, label, alt, onOriginalBroken, onOriginalShown }: SplitViewProps) {
  const [split, setSplit] = useState(50)
  const frame = useRef<HTMLDivElement>(null)
  const move = (to: number) => setSplit(Math.max(0, Math.min(100, to)))

  const follow = (event: PointerEvent) => {
    const box = frame.current?.getBoundingClientRect()
    if (box !== undefined && box.width > 0) move(((event.clientX - box.left) / box.width) * 100)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? BIG_STEP : STEP
    const to: Record<string, number> = {
      ArrowLeft: split - step,
      ArrowDown: split - step,
      ArrowRight: split + step,
      ArrowUp: split + step,
      PageDown: split - BIG_STEP,
      PageUp: split + BIG_STEP,
      Home: 0,
      End: 100,
    }
    const next = to[event.key]
    if (next === undefined) return
    event.preventDefault()
    move(next)
  }

  return (
    <div ref={frame} className="absolute inset-0 select-none">
      <img src={variant} alt={alt} draggable={false} className="absolute inset-0 size-full" />
      <img
        src={original}
        alt=""
        draggable={false}
        onError={onOriginalBroken}
        onLoad={onOriginalShown}
        className="absolute inset-0 size-full"
        style={{ clipPath: `inset(0 ${100 - split}% 0 0)` }}
      />
      <Tag side="left" shown={split > 18} text="Original" />
      <Tag side="right" shown={split < 82} text={label} />
      <div
        role="slider"
        tabIndex={0}
        aria-label="Compare original and variant"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(split)}
        aria-valuetext={`${formatPercent(split)} original, ${formatPercent(100 - split)} ${label}`}
        onKeyDown={onKeyDown}
        onPointerDown={event => {
          event.currentTarget.setPointerCapture(event.pointerId)
          follow(event)
        }}
        onPointerMove={event => event.currentTarget.hasPointerCapture(event.pointerId) && follow(event)}
        className="group absolute inset-y-0 -ml-6 w-12 cursor-ew-resize touch-none outline-none"
        style={{ left: `${split}%` }}
      >
        <div className="absolute inset-y-0 left-1/2 -ml-px w-0.5 bg-white shadow-float" />
        <div className="absolute top-1/2 left-1/2 -mt-5 -ml-5 grid size-10 place-items-center rounded-full bg-white text-[#1f1c18] shadow-float group-focus-visible:outline-3 group-focus-visible:outline-offset-2 group-focus-visible:outline-amber">
          <svg
            aria-hidden="true"
            width="20"
            height="20"
            viewBox="0 0 20 20"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.5"
          >
            <path d="M7.5 5 2.5 10l5 5M12.5 5l5 5-5 5" />
          </svg>
        </div>
      </div>
    </div>
  )
}

function Tag({ side, shown, text }: { side: 'left' | 'right'; shown: boolean; text: string }) {
  if (!shown) return null
  const place = side === 'left' ? 'left-2' : 'right-2'
  return (
    <span
      aria-hidden="true"
      className={`absolute top-2 ${place} rounded-sm bg-[#1f1c18]/80 px-2 py-0.5 text-xs text-white`}
    >
      {text}
    </span>
  )
}
