// The door of the package: the shape of every message between the server and any client.

export { type ErrorCode, errorCatalogue } from './errors.ts'
