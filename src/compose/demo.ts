// What only development has: a demo application with its client, demo data, and the mailbox's pages.

import type { Mailbox } from '../../adapters/mail/mailbox.ts'
import type { Config } from '../config.ts'
import { CLIENT_API_PATH } from '../routes/client-api/routes.ts'
import { createDevelopment } from '../routes/development.ts'
import { seedDemoData } from '../services/commerce/demo-data.ts'
import type { Clients } from '../services/identity/clients/clients.ts'
import {
  DEMO_CLIENT_ID,
  DEMO_SCOPES,
  ensureDemoClients,
} from '../services/identity/clients/demo-client.ts'
import { createBookingStore } from '../stores/bookings.ts'
import { createClientStore } from '../stores/clients.ts'
import { createCustomerStore } from '../stores/customers.ts'
import { createEnquiryStore } from '../stores/enquiries.ts'
import { createOrderStore } from '../stores/orders.ts'
import type { Organisation } from '../stores/organisations.ts'
import { demoShopAddress } from './demo-shop.ts'
import type { Ground } from './ground.ts'

export function composeDevelopment(
  config: Config,
  { organisation, mailbox }: { organisation: Organisation; mailbox: Mailbox | undefined },
) {
  const shop = demoShopAddress(config)
  return createDevelopment({
    brand: organisation.name,
    ...(mailbox && { listMails: mailbox.list }),
    demo: {
      issuer: config.baseUrl,
      clientId: DEMO_CLIENT_ID,
      scope: DEMO_SCOPES.join(' '),
      api: `${config.baseUrl}${CLIENT_API_PATH}`,
      brand: organisation.name,
      ...(shop && { shop }),
    },
  })
}

export async function furnishDemo(
  ground: Ground,
  parts: { organisation: Organisation; isNew: boolean; clients: Clients },
): Promise<void> {
  const { documents, clock, config } = ground
  const { organisation, isNew, clients } = parts
  const shop = demoShopAddress(config)
  await ensureDemoClients({
    clients,
    store: createClientStore(documents),
    clock,
    organisation: organisation._id,
    baseUrl: config.baseUrl,
    ...(shop && { shop }),
  })
  if (!isNew) return
  const stores = {
    customers: createCustomerStore(documents),
    orders: createOrderStore(documents),
    bookings: createBookingStore(documents),
    enquiries: createEnquiryStore(documents),
  }
  await seedDemoData({ ...stores, clock }, organisation)
}
