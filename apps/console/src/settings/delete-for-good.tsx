import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Button } from '../design/button.tsx'
import { Confirm } from '../design/confirm.tsx'
import { failureOfError } from '../words/failures.ts'
import { Ending } from './parts.tsx'

interface DeleteForGoodProps {
  /** What it is called in a sentence: "project". */
  what: string
  /** What goes with it. */
  about: string
  question: string
  /** What has to be typed first, for what takes much with it. */
  typed?: string
  /** What it means, in full. */
  children: ReactNode
  run: () => Promise<void>
  /** Where to go and what to forget, once it is gone. */
  onGone: () => Promise<void>
}

/** The end of a page of settings: a thing is deleted, once somebody has said so twice. */
export function DeleteForGood({ what, about, question, typed, children, run, onGone }: DeleteForGoodProps) {
  const [asking, setAsking] = useState(false)
  const deletion = useMutation({ mutationFn: run, onSuccess: onGone })
  const button = `Delete ${what}`
  return (
    <>
      <Ending
        title={`Delete this ${what}`}
        about={about}
        action={
          <Button icon="trash" onClick={() => setAsking(true)}>
            {button}
          </Button>
        }
      />
      <Confirm
        open={asking}
        title={question}
        action={button}
        {...(typed === undefined ? {} : { typed })}
        pending={deletion.isPending}
        error={deletion.error && failureOfError(deletion.error).detail}
        onConfirm={() => deletion.mutate()}
        onClose={() => {
          deletion.reset()
          setAsking(false)
        }}
      >
        {children}
      </Confirm>
    </>
  )
}
