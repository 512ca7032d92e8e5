// Looking for customers: by how a name, an address or a telephone number begins, or by id.

import type { View } from '../../shared/chained-lists.ts'
import { searchable } from '../../shared/search-text.ts'
import type { Customer, CustomerKey, CustomerStore } from '../../stores/customers.ts'

const ID = /^cus_/
/** With the country, or enough of it to be no beginning of an address. */
const PHONE = /^(?:\+[\d\s().-]+|[\d\s().-]{3,})$/

type Store = Pick<CustomerStore, 'list' | 'findById'>

/**
 * What a text looks like is what it is looked for in: an id, an address where it has an `@`, a telephone number
 * where it is digits; else names, and then addresses that begin so. Nothing: all customers, by address.
 */
export function viewsFor(store: Store, organisation: string, q: string): View<Customer>[] {
  const text = q.trim()
  const by = (key: CustomerKey, prefix: string) => prefixView(store, organisation, { key, prefix })
  if (ID.test(text)) return [idView(store, organisation, text)]
  if (PHONE.test(text)) return [by('phone', phonePrefix(text))]
  const address = by('email', text.toLowerCase())
  if (text === '' || text.includes('@')) return [address]
  const name = searchable(text)
  return [by('searchFamily', name), by('searchName', name), address]
}

/** As numbers are kept: E.164. */
function phonePrefix(text: string): string {
  return `+${text.replace(/^00/, '').replace(/\D/g, '')}`
}

function prefixView(
  store: Store,
  organisation: string,
  { key, prefix }: { key: CustomerKey; prefix: string },
): View<Customer> {
  const keyOf = (customer: Customer): string => customer[key] ?? ''
  return {
    name: key,
    placeOf: (customer) => [keyOf(customer), customer._id],
    finds: (customer) => customer[key] !== undefined && keyOf(customer).startsWith(prefix),
    read: (limit, after) =>
      store.list(organisation, { key, prefix, limit, ...(after && { after }) }),
  }
}

function idView(store: Store, organisation: string, id: string): View<Customer> {
  return {
    name: 'id',
    placeOf: ({ _id }) => ['', _id],
    finds: ({ _id }) => _id === id,
    async read() {
      const customer = await store.findById(organisation, id)
      return customer ? [customer] : []
    },
  }
}
