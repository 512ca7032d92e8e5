// The door of the package: the shape of every message between the server and any client.

export type { Session } from './access.ts'
export * as adminApi from './admin-api.ts'
export { adminApiDocument } from './admin-openapi.ts'
export type { AuditAction } from './audit-actions.ts'
export type {
  Address,
  Booking,
  BookingStatus,
  Enquiry,
  EnquiryStatus,
  Money,
  Order,
  OrderStatus,
  Profile,
  ProfilePatch,
} from './client-api.ts'
export * as clientApi from './client-api.ts'
export { type ClientMetadata, clientMetadata } from './client-metadata.ts'
export {
  type ClientEntry,
  type Configuration,
  configuration,
  type OrganisationEntry,
} from './configuration.ts'
export { type ErrorCode, errorCatalogue } from './errors.ts'
export * as handoff from './handoff.ts'
export { clientApiDocument } from './openapi.ts'
