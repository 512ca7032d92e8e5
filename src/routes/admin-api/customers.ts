// Customers: /organisations/{slug}/customers.

import { adminApi } from '@foyer/contract'
import { pageData } from '../../http/pages.ts'
import type {
  CustomerAdministration,
  SeenCustomer,
} from '../../services/commerce/customer-administration.ts'
import { customerData, customerDetailsData } from './people-messages.ts'
import type { Routes } from './serve.ts'

const api = adminApi.customers

export function customerRoutes(customers: CustomerAdministration): Routes {
  return (serve) => {
    serve(api.listCustomers, async ({ organisation, query }) => {
      return pageData(await customers.list(organisation._id, query), customerData)
    })

    serve(api.createCustomer, async ({ organisation, body, by }) =>
      customerData(await customers.create(organisation._id, body, by)),
    )

    serve(api.showCustomer, async ({ organisation, params }) => {
      const found = await customers.show(organisation._id, params.id)
      return { data: customerDetailsData(found), version: found.version }
    })

    serve(api.updateCustomer, async ({ organisation, params, body, version, by }) => {
      const act = { organisation: organisation._id, id: params.id, by, version }
      return versioned(await customers.update(act, body))
    })

    serve(api.eraseCustomer, async ({ organisation, params: { id }, by }) => {
      await customers.erase({ organisation: organisation._id, id, by })
      return { id }
    })

    serve(api.linkCustomer, async ({ organisation, params, body, version, by }) => {
      const act = { organisation: organisation._id, id: params.id, by, version }
      return versioned(await customers.link(act, body.account_id))
    })

    serve(api.unlinkCustomer, async ({ organisation, params, version, by }) => {
      const act = { organisation: organisation._id, id: params.id, by, version }
      return versioned(await customers.unlink(act))
    })
  }
}

function versioned(seen: SeenCustomer) {
  return { data: customerData(seen), version: seen.version }
}
