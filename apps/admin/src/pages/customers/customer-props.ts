// What the parts of a customer's page are given.

import type { Reading } from '../../state/queries.ts'
import type { CustomerDetails } from '../people/person.ts'

export type CustomerProps = { customer: CustomerDetails; reading: Reading<CustomerDetails> }
