export interface Organization {
  id: string
  name: string
  createdAt: Date
}

export interface OrganizationStore {
  find(organizationId: string): Promise<Organization | null>
}
