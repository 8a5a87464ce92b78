import { CalotypeError } from '@calotype/sdk'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { Button, buttonClass } from '../design/button.tsx'
import { Message } from '../design/message.tsx'
import { noteOf } from '../images/note.ts'
import { place } from '../images/sheet-place.ts'
import { failureOfError } from '../words/failures.ts'
import { Print } from './print.tsx'
import { PrintNavigation } from './print-navigation.tsx'
import { usePrint } from './use-print.ts'

const route = getRouteApi('/images/$imageId')

export function PrintPage() {
  const { imageId } = route.useParams()
  const { data: image, error, refetch } = usePrint(imageId)
  const name = image?.file_name

  useEffect(() => {
    place.activeKey = imageId
    place.returning = true
  }, [imageId])
  useEffect(() => {
    document.title = `${name ?? 'Print'} – Calotype`
  }, [name])
  return (
    <div className="min-h-0 grow overflow-y-auto">
      <div className="mx-auto max-w-[1560px] px-3 pb-16 sm:px-6">
        <PrintNavigation id={imageId} />
        {image !== undefined && <Print key={image.id} image={image} />}
        {image === undefined && error === null && <PrintSkeleton />}
        {image === undefined && error !== null && (
          <Message
            role="alert"
            title={isMissing(error) ? 'There is no such image here' : 'The image could not be loaded'}
            note={noteOf(error)}
            actions={
              isMissing(error) ? (
                <Link to="/" className={buttonClass('primary')}>
                  To the light table
                </Link>
              ) : (
                <Button look="primary" icon="retry" onClick={() => void refetch()}>
                  Try again
                </Button>
              )
            }
          >
            <p>
              {isMissing(error)
                ? 'It may have been deleted for good, or belong to a project that is not yours.'
                : failureOfError(error).detail}
            </p>
          </Message>
        )}
      </div>
    </div>
  )
}

const isMissing = (error: unknown): boolean =>
  error instanceof CalotypeError && (error.status === 404 || error.code === 'invalid_request')

function PrintSkeleton() {
  return (
    <div role="status" aria-label="Loading the image" className="animate-breathe">
      <div className="h-8 w-72 max-w-full rounded-sm bg-bone" />
      <div className="mt-3 h-4 w-48 rounded-sm bg-bone" />
      <div className="mt-6 gap-10 lg:grid lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="h-[62dvh] rounded-sm bg-bone" />
        <div className="mt-6 h-64 rounded-sm bg-bone lg:mt-0" />
      </div>
    </div>
  )
}
