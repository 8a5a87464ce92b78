import { isPublicAddress } from '@calotype/core'
import { createHttpRemoteFiles } from '@calotype/fetch'
import type { ImportSettings } from '../import-settings.ts'

/** The client that fetches what imports name. */
export const openRemoteFiles = ({ allowPrivate, ports }: ImportSettings) =>
  createHttpRemoteFiles({ ports, mayCall: allowPrivate ? () => true : isPublicAddress, userAgent: 'Calotype' })
