// The sections of an organisation, in the order of the rail: each page of the console stands in one of these lines.

import { accounts } from './pages/accounts/section.ts'
import { apiKeys } from './pages/api-keys/section.ts'
import { audit } from './pages/audit/section.ts'
import { branding } from './pages/branding/section.ts'
import { clients } from './pages/clients/section.ts'
import { customers } from './pages/customers/section.ts'
import { signingKeys } from './pages/keys/section.ts'
import { operators } from './pages/operators/section.ts'
import { overview } from './pages/overview/section.ts'
import { policies } from './pages/policies/section.ts'
import { sessions } from './pages/sessions/section.ts'
import { settings } from './pages/settings/section.ts'
import type { Section } from './section.ts'

export const sections: readonly Section[] = [
  overview,
  clients,
  customers,
  accounts,
  sessions,
  branding,
  policies,
  settings,
  operators,
  apiKeys,
  signingKeys,
  audit,
]
