// GET /orders, /bookings and /enquiries.

import { clientApi } from '@foyer/contract'
import type Router from '@koa/router'
import type { Context } from 'koa'
import { sendData } from '../../http/envelope.ts'
import { parseQuery } from '../../http/input.ts'
import { pageData } from '../../http/pages.ts'
import type { History, HistoryRequest } from '../../services/commerce/history.ts'
import type { Page } from '../../shared/pages.ts'
import type { Guard } from './guard.ts'

export function listRoutes(router: Router, guard: Guard, history: History): void {
  const orderQuery = clientApi.listQuery(clientApi.orderStatuses)
  const bookingQuery = clientApi.listQuery(clientApi.bookingStatuses)
  const enquiryQuery = clientApi.listQuery(clientApi.enquiryStatuses)

  router.get('/orders', async (ctx: Context) => {
    const ref = await guard.customer(ctx, 'orders:read')
    answer(ctx, await history.orders(ref, requestOf(parseQuery(ctx, orderQuery))))
  })
  router.get('/bookings', async (ctx: Context) => {
    const ref = await guard.customer(ctx, 'bookings:read')
    answer(ctx, await history.bookings(ref, requestOf(parseQuery(ctx, bookingQuery))))
  })
  router.get('/enquiries', async (ctx: Context) => {
    const ref = await guard.customer(ctx, 'enquiries:read')
    answer(ctx, await history.enquiries(ref, requestOf(parseQuery(ctx, enquiryQuery))))
  })
}

type Query = {
  limit: number
  cursor?: string | undefined
  from?: string | undefined
  to?: string | undefined
  status?: string | undefined
}

function requestOf({ from, to, ...rest }: Query): HistoryRequest {
  return {
    ...rest,
    ...(from !== undefined && { from: Date.parse(from) }),
    ...(to !== undefined && { to: Date.parse(to) }),
  }
}

function answer(ctx: Context, page: Page<unknown>): void {
  ctx.set('Cache-Control', 'private, no-store')
  sendData(
    ctx,
    pageData(page, (item) => item),
  )
}
