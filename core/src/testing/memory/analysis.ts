import type { AnalysisStore, Image } from '../../images/index.ts'
import type { StateAccess } from './state.ts'

/** The analysis of images in memory. */
export const memoryAnalysis = (state: StateAccess): AnalysisStore => ({
  moveAnalysis: async ({ projectId, imageId, from, to, detail }) => {
    const image: Image | undefined = state().images.get(imageId)
    if (image?.projectId !== projectId || image.analysis.status !== from || image.status === 'deleted') return null
    const at = to.updatedAt ?? new Date(0)
    image.analysis = structuredClone(to)
    image.updatedAt = at
    image.history = [...image.history, { status: image.status, at, detail }]
    return structuredClone(image)
  },
})
