// The scopes of the Client API that an application of others may be allowed, in words.

import type { Choice } from '../../kit/choices.tsx'

export const apiScopes: readonly Choice[] = [
  { value: 'profile:read', label: 'Read the profile' },
  { value: 'profile:write', label: 'Change the profile' },
  { value: 'orders:read', label: 'Read orders' },
  { value: 'bookings:read', label: 'Read bookings' },
  { value: 'bookings:write', label: 'Make and change bookings' },
  { value: 'tabs:read', label: 'Read tabs' },
  { value: 'tabs:write', label: 'Settle tabs' },
  { value: 'invoices:read', label: 'Read invoices and receipts' },
  { value: 'payment-methods:write', label: 'Manage payment methods' },
  { value: 'memberships:read', label: 'Read memberships' },
  { value: 'memberships:write', label: 'Change memberships' },
  { value: 'enquiries:read', label: 'Read enquiries' },
  { value: 'enquiries:write', label: 'Send enquiries' },
  { value: 'sessions:read', label: 'Read where the customer is signed in' },
].map((scope) => ({ ...scope, detail: scope.value }))
