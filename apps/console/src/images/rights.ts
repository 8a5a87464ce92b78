import type { Me } from '@calotype/sdk'

/** Whether to offer deleting: everything, or what one has uploaded oneself. */
export const mayDelete = ({ id, actions }: Pick<Me, 'id' | 'actions'>, uploadedBy: string): boolean =>
  actions.includes('image.delete') || (actions.includes('image.delete_own') && uploadedBy === id)
