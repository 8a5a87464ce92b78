import type { MessageStatus } from '@calotype/sdk'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useMay } from '../access/me.tsx'
import { api } from '../app/api.ts'
import { Choice, type ChoiceOption } from '../design/choice.tsx'
import { useProjectIfAny } from '../projects/project.tsx'
import { MoreBelow } from '../settings/more-below.tsx'
import { CouldNotLoad, LoadingRows, Nothing, Page } from '../settings/parts.tsx'
import { MessageRow } from './message-row.tsx'

type Filter = MessageStatus | 'all'

const filters: readonly ChoiceOption<Filter>[] = [
  { value: 'waiting', label: 'Waiting' },
  { value: 'failed', label: 'Failed' },
  { value: 'delivered', label: 'Delivered' },
  { value: 'all', label: 'All' },
]
const nothing: Record<Filter, string> = {
  waiting: 'Nothing waits: whatever was ready for detection is delivered.',
  failed: 'Nothing was given up. That is good news.',
  delivered: 'Nothing was delivered yet.',
  all: 'No photo of this project was made ready for detection yet. Detection types in the project’s settings begin it.',
}

export function PipelinePage() {
  const mayManage = useMay('project.manage')
  const project = useProjectIfAny()
  return (
    <Page
      title="Pipeline"
      about={
        project === null
          ? undefined
          : `Messages to your detection pipeline about the photos of ${project.name}. A queue that is away holds up no upload: they wait here.`
      }
    >
      {mayManage && project !== null ? (
        <Messages projectId={project.id} />
      ) : (
        <Nothing>
          {mayManage ? 'There is no project here.' : 'Only owners and admins see what goes to the pipeline.'}
        </Nothing>
      )}
    </Page>
  )
}

const PAGE = 50
const LOOK_AGAIN_MS = 5_000
const firstPage: string | undefined = undefined

function Messages({ projectId }: { projectId: string }) {
  const [filter, setFilter] = useState<Filter>('waiting')
  const status = filter === 'all' ? undefined : filter
  const list = useInfiniteQuery({
    queryKey: ['pipeline-messages', projectId, status],
    initialPageParam: firstPage,
    queryFn: ({ pageParam: cursor, signal }) =>
      api.pipeline.messages({ projectId, status, cursor, limit: PAGE, signal }),
    getNextPageParam: page => page.next_cursor ?? undefined,
    refetchOnMount: 'always',
    refetchInterval: LOOK_AGAIN_MS,
  })
  const messages = list.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <div>
      <div className="mb-4 flex overflow-x-auto">
        <Choice legend="Filter messages" value={filter} options={filters} onChange={setFilter} />
      </div>
      {list.isPending && <LoadingRows label="Loading messages" rows={4} />}
      {list.error !== null && messages.length === 0 && (
        <CouldNotLoad what="The messages" error={list.error} onRetry={() => void list.refetch()} />
      )}
      {list.data !== undefined && messages.length === 0 && <Nothing>{nothing[filter]}</Nothing>}
      {messages.length > 0 && (
        <ol className="divide-y divide-line border-y border-line">
          {messages.map(message => (
            <MessageRow key={message.id} message={message} />
          ))}
        </ol>
      )}
      <MoreBelow list={list} what="messages" />
    </div>
  )
}
