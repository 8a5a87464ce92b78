import type { ReconcileFinding, ReconcileReport } from '@calotype/sdk'
import { Link } from '@tanstack/react-router'
import { Icon } from '../design/icon.tsx'
import { Progress } from '../design/progress.tsx'
import { Time } from '../design/time.tsx'
import { counted, formatCount } from '../words/numbers.ts'
import { type Kind, kinds, kindWords, percentOf } from './report-words.ts'

export function Report({ report }: { report: ReconcileReport }) {
  const isUnderWay = report.status === 'queued' || report.status === 'running'
  const percent = percentOf(report)
  return (
    <div>
      <div role="status" className="border-y border-line py-4 text-sm">
        <p className="text-pretty">{report.summary}</p>
        {isUnderWay && percent !== null && (
          <div className="mt-3">
            <Progress percent={percent} label="Compared" moving />
          </div>
        )}
        <p className="figures mt-2 text-xs text-ink-soft">
          {counted(report.progress.objects, 'object')} · {counted(report.progress.rows, 'record')} ·{' '}
          <Time iso={report.ended_at ?? report.started_at ?? report.created_at} />
        </p>
        {report.failure !== null && (
          <p className="mt-2 flex gap-2 text-red-ink">
            <Icon name="warning" /> {report.failure}
          </p>
        )}
      </div>
      <ul className="divide-y divide-line border-b border-line">
        {kinds.map(kind => (
          <KindRow key={kind} kind={kind} report={report} />
        ))}
      </ul>
    </div>
  )
}

function KindRow({ kind, report }: { kind: Kind; report: ReconcileReport }) {
  const { found, repaired } = report.counts[kind]
  const findings = report.findings.filter(finding => finding.kind === kind)
  const { title, meaning } = kindWords[kind]
  return (
    <li className="py-3 text-sm">
      <p className="flex items-baseline justify-between gap-4">
        <span className={found === 0 ? 'text-ink-soft' : 'font-medium'}>{title}</span>
        <span className={`figures shrink-0 ${found === 0 ? 'text-ink-faint' : ''}`}>
          {found === 0 ? 'none' : formatCount(found)}
          {report.apply && found > 0 && <span className="text-ink-soft"> · {formatCount(repaired)} repaired</span>}
        </span>
      </p>
      {found > 0 && <p className="mt-0.5 text-xs text-ink-soft">{meaning}</p>}
      {findings.length > 0 && (
        <details className="mt-2 text-xs">
          <summary className="w-fit text-ink-faint hover:text-ink">
            {findings.length < found ? `The first ${formatCount(findings.length)}` : 'Show them'}
          </summary>
          <ul
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
            tabIndex={0}
            aria-label={title}
            className="mt-2 max-h-80 space-y-2 overflow-y-auto rounded-sm bg-well p-3"
          >
            {findings.map(finding => (
              <FindingRow key={`${finding.key} ${finding.image_id}`} finding={finding} />
            ))}
          </ul>
        </details>
      )}
    </li>
  )
}

function FindingRow({ finding: { key, detail, image_id: imageId } }: { finding: ReconcileFinding }) {
  return (
    <li>
      <p className="text-pretty">{detail}</p>
      <p className="figures break-all text-ink-soft">
        {key}
        {imageId !== null && (
          <>
            {' · '}
            <Link to="/images/$imageId" params={{ imageId }} className="underline">
              its print
            </Link>
          </>
        )}
      </p>
    </li>
  )
}
