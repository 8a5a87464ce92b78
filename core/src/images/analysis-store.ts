import type { Image } from './image.ts'

/** By compare-and-set on the status of the analysis. */
export interface AnalysisMove {
  projectId: string
  imageId: string
  from: Image['analysis']['status']
  to: Image['analysis']
  detail: string
}

export interface AnalysisStore {
  /** With its history line; null when the analysis is no longer at `from`, or the image is deleted. */
  moveAnalysis(move: AnalysisMove): Promise<Image | null>
}
