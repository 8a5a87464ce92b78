import { useEffect, useState } from 'react'
import { Button, IconButton } from './button.tsx'
import { copyText } from './copy.ts'
import { useSay } from './notices.tsx'

const SHOWN_MS = 2_000

function useCopy(text: string, what: string) {
  const [copied, setCopied] = useState(false)
  const say = useSay()
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = () =>
    copyText(text).then(
      () => setCopied(true),
      () => say({ text: `The browser did not allow copying ${what}. Select and copy it by hand.`, tone: 'bad' }),
    )
  return { copied, copy }
}

export function CopyButton({ text, what }: { text: string; what: string }) {
  const { copied, copy } = useCopy(text, what)
  return (
    <Button icon={copied ? 'check' : 'copy'} onClick={copy} aria-label={copied ? `Copied ${what}` : `Copy ${what}`}>
      {copied ? 'Copied' : 'Copy'}
    </Button>
  )
}

export function CopyIconButton({ text, what }: { text: string; what: string }) {
  const { copied, copy } = useCopy(text, what)
  return (
    <IconButton icon={copied ? 'check' : 'copy'} label={copied ? `Copied ${what}` : `Copy ${what}`} onClick={copy} />
  )
}
