// API keys, of an organisation and of the platform.

import { adminApi } from '@foyer/contract'
import { onlyPage } from '../../http/pages.ts'
import type { By } from '../../services/audit/audit.ts'
import {
  API_KEY_PREFIX,
  type ApiKeyMaker,
  type ApiKeys,
  type ShownApiKey,
} from '../../services/operators/api-keys.ts'
import type { Clock } from '../../shared/clock.ts'
import { AppError } from '../../shared/errors.ts'
import { instantOf } from '../../shared/instants.ts'
import type { Caller, Standing } from './guard.ts'
import type { Routes } from './serve.ts'

const api = adminApi.apiKeys

type Parts = {
  apiKeys: ApiKeys
  /** The place of keys for all organisations. */
  platform: string
  clock: Clock
}

export function apiKeyRoutes(parts: Parts): Routes {
  const { apiKeys, platform } = parts
  return (serve) => {
    serve(api.listApiKeys, ({ organisation }) => list(apiKeys, organisation._id))
    serve(api.listPlatformApiKeys, () => list(apiKeys, platform))

    serve(api.createApiKey, ({ organisation, body, ...call }) =>
      create(parts, { place: organisation._id, body, by: makerOf(call) }),
    )
    serve(api.createPlatformApiKey, ({ body, ...call }) =>
      create(parts, { place: platform, body, by: makerOf(call) }),
    )

    serve(api.revokeApiKey, async ({ organisation, params, by }) =>
      shown(there(await apiKeys.revoke(organisation._id, params.id, by))),
    )
    serve(api.revokePlatformApiKey, async ({ params, by }) =>
      shown(there(await apiKeys.revoke(platform, params.id, by))),
    )
  }
}

async function list(apiKeys: ApiKeys, place: string) {
  return onlyPage((await apiKeys.list(place)).map(shown))
}

type Create = { place: string; body: adminApi.BodyOf<typeof api.createApiKey>; by: ApiKeyMaker }

async function create({ apiKeys, clock }: Parts, { place, body, by }: Create) {
  const { expires_at, ...input } = body
  const life = expires_at === undefined ? {} : { life: Date.parse(expires_at) - clock.now() }
  const made = await apiKeys.create(place, { ...input, ...life }, by)
  return { ...shown(made.shown), key: made.key }
}

/** A key that makes another passes on what it has, an operator what their role allows. */
function makerOf({ caller, standing, by }: { caller: Caller; standing: Standing; by: By }) {
  return { ...by, ...(caller.rights ?? { role: standing.role }) }
}

function there(key: ShownApiKey | undefined): ShownApiKey {
  if (!key) throw new AppError('not_found')
  return key
}

function shown(key: ShownApiKey) {
  const { id, name, role, hint, lastUsedAt } = key
  return {
    id,
    name,
    role,
    scopes: [...key.scopes],
    prefix: API_KEY_PREFIX,
    hint,
    created_by: key.createdBy,
    created_at: instantOf(key.createdAt),
    expires_at: instantOf(key.expiresAt),
    last_used_at: instantOf(lastUsedAt),
    live: key.isLive,
  }
}
