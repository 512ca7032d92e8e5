// Pages of a customer's history: what only its parts can show.

import { afterAll, describe, expect, it } from '@jest/globals'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createHistory } from '../../src/services/commerce/history.ts'
import { createKeyring } from '../../src/shared/secrets.ts'
import { createBookingStore } from '../../src/stores/bookings.ts'
import { createEnquiryStore } from '../../src/stores/enquiries.ts'
import { createOrderStore } from '../../src/stores/orders.ts'

const BEFORE = 'the-secret-of-before-0123456789-abcdef'
const NOW = 'the-secret-of-now-9876543210-fedcba-xy'

describe('a cursor', () => {
  const documents = createEmbeddedDocuments({ file: ':memory:', clock: { now: () => 0 } })
  afterAll(() => documents.close())
  const orders = createOrderStore(documents)
  const historyUnder = (secrets: readonly string[]) =>
    createHistory({
      orders,
      bookings: createBookingStore(documents),
      enquiries: createEnquiryStore(documents),
      keyring: createKeyring(secrets),
    })

  it('made under the SECRET of before is good while that is listed, and no longer', async () => {
    const owner = { organisation: 'org_one', customer: 'cus_one' }
    const nothing = { amount: 0, currency: 'GBP' }
    const sums = { subtotal: nothing, tax: nothing, total: nothing }
    for (const [placedAt, _id] of ['ord_a', 'ord_b'].entries())
      await orders.insert({
        _id,
        ...owner,
        number: _id,
        status: 'paid',
        placedAt,
        lines: [],
        ...sums,
      })
    const page = await historyUnder([BEFORE]).orders(owner, { limit: 1 })
    const cursor = String(page.nextCursor)
    const next = await historyUnder([NOW, BEFORE]).orders(owner, { limit: 1, cursor })
    expect(next).toMatchObject({ items: [{ id: 'ord_a' }], nextCursor: null })
    const late = historyUnder([NOW]).orders(owner, { limit: 1, cursor })
    await expect(late).rejects.toMatchObject({ code: 'bad_request' })
  })
})
