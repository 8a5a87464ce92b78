import type { Database, Stores } from '../database.ts'
import type { DomainEvent, EventStore } from '../events/index.ts'
import type { ImageStore, NewImage } from '../images/index.ts'
import type { JobQueue } from '../jobs/index.ts'
import { countImageNews, type ImageNews } from './image-news.ts'
import type { Telemetry } from './telemetry.ts'
import { type Tracer, tracedWithin } from './tracer.ts'

interface News {
  images: ImageNews[]
  events: DomainEvent[]
}

/**
 * A database whose transactions are traced as a whole, whose jobs take along the trace that made them, and whose images and events are
 * counted once they are committed.
 */
export function watchDatabase(database: Database, { meters, tracer }: Telemetry): Database {
  return {
    ...database,
    jobs: passTrace(database.jobs, tracer),
    transaction: async work => {
      let news: News = { images: [], events: [] }
      const result = await tracedWithin(tracer, 'transaction', { kind: 'client' }, () =>
        database.transaction(tx => {
          // A transaction that lost a race runs again: only what the last run did is true.
          news = { images: [], events: [] }
          return work(watchStores(tx, tracer, news))
        }),
      )
      countImageNews(meters, news.images)
      for (const { type } of news.events) meters.counter('calotype_events_total', { type }).add()
      return result
    },
  }
}

const watchStores = (tx: Stores, tracer: Tracer, news: News): Stores => ({
  ...tx,
  jobs: passTrace(tx.jobs, tracer),
  images: watchImages(tx.images, tracer, news),
  events: watchEvents(tx.events, tracer, news),
})

const passTrace = (jobs: JobQueue, tracer: Tracer): JobQueue => ({
  ...jobs,
  enqueue: (name, payload, options) => {
    const trace = tracer.current()
    return jobs.enqueue(name, payload, trace === null ? options : { ...options, trace })
  },
})

/** Bytes that storage takes may be announced by storage, without a word of this trace: it points to the one that begins there. */
function tellDirectUpload(
  tracer: Tracer,
  { id, status, projectId }: Pick<NewImage, 'id' | 'status' | 'projectId'>,
): void {
  if (status !== 'pending_upload') return
  const attributes = { 'calotype.image_id': id, 'calotype.project_id': projectId }
  tracer.begin('upload begun', { kind: 'producer', linkToImage: id, attributes }).end()
}

const watchImages = (images: ImageStore, tracer: Tracer, news: News): ImageStore => ({
  ...images,
  insert: async (image, at) => {
    const added = await images.insert(image, at)
    news.images.push({ kind: 'added', image })
    tellDirectUpload(tracer, image)
    return added
  },
  insertMany: async (added, at) => {
    await images.insertMany(added, at)
    for (const image of added) {
      news.images.push({ kind: 'added', image })
      tellDirectUpload(tracer, image)
    }
  },
  move: async move => {
    const moved = await images.move(move)
    if (moved) news.images.push({ kind: 'moved', from: move.from, at: move.at, image: moved })
    return moved
  },
})

const watchEvents = (events: EventStore, tracer: Tracer, news: News): EventStore => ({
  ...events,
  append: event =>
    tracedWithin(tracer, `event ${event.type}`, eventSpan(event), async () => {
      await events.append(event)
      news.events.push(event)
    }),
  appendMany: async added => {
    await events.appendMany(added)
    news.events.push(...added)
  },
})

const eventSpan = ({ projectId, payload }: DomainEvent) => {
  const { image_id, status } = payload
  return {
    kind: 'producer' as const,
    attributes: {
      'calotype.project_id': projectId,
      ...(typeof image_id === 'string' ? { 'calotype.image_id': image_id } : {}),
      ...(typeof status === 'string' ? { 'calotype.status': status } : {}),
    },
  }
}
