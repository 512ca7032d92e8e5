// The Admin API as whoever has no token sees it: one public document, and 401 for everything else.

import { adminApi } from '@foyer/contract'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { startServer, type TestServer } from '../../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

const call = (path: string, init: RequestInit = {}) =>
  fetch(`${server.baseUrl}/api/admin/v1${path}`, init)

describe('the Admin API', () => {
  it('describes itself to everybody: every operation, each once', async () => {
    const response = await call('/openapi.json')
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    const document = (await response.json()) as { openapi: string; paths: object; servers: object }
    expect(document.openapi).toMatch(/^3\.1/)
    expect(document.servers).toEqual([{ url: `${server.baseUrl}/api/admin/v1` }])
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods as { [method: string]: { operationId: string } }).map(
        ({ operationId }) => operationId,
      ),
    )
    expect(ids.sort()).toEqual(adminApi.operations.map(({ id }) => id).sort())
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('answers every list in one form', () => {
    const lists = adminApi.operations.filter(
      ({ answer }) => answer instanceof z.ZodObject && 'items' in answer.shape,
    )
    expect(lists.length).toBeGreaterThan(10)
    for (const { id, answer } of lists)
      expect({ id, takes: answer.safeParse({ items: [], next_cursor: null }).success }).toEqual({
        id,
        takes: true,
      })
    const without = lists.filter(({ answer }) => answer.safeParse({ items: [] }).success)
    expect(without).toEqual([])
  })

  const everything = adminApi.operations.map(({ method, path }) => ({ method, path }))
  it.each([
    ...everything,
    { method: 'GET', path: '' },
    { method: 'GET', path: '/' },
    { method: 'GET', path: '/nowhere' },
    { method: 'OPTIONS', path: '/me' },
    { method: 'DELETE', path: '/me' },
  ])('answers $method $path with 401 when there is no token', async ({ method, path }) => {
    const response = await call(path.replace(/\{\w+\}/g, 'x'), { method })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
    expect(await response.json()).toEqual({ success: false, error: 'Invalid or expired token' })
  })

  it.each([
    'Bearer x',
    'bearer eyJhbGciOiJub25lIn0.e30.',
    'Bearer a b',
    'Basic Zm9vOmJhcg==',
    'DPoP x',
    `Bearer ${'x'.repeat(10_000)}`,
  ])('takes nothing for a token that is none: %.40s', async (authorization) => {
    expect((await call('/me', { headers: { authorization } })).status).toBe(401)
  })

  it('is under BASE_URL only', async () => {
    const { baseUrl } = await server.addOrganisation('elsewhere')
    const response = await fetch(`${baseUrl}/api/admin/v1/openapi.json`)
    expect(response.status).toBe(404)
  })
})
