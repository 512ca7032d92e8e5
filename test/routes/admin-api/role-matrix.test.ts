// A06, M09, P01: every operation of the Admin API by every kind of caller, against a table that is written here.

import { adminApi } from '@foyer/contract'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Call, callerWith, programOf, scopesWithout } from '../../support/admin-api.ts'
import { startServer, type TestServer } from '../../support/server.ts'

/** The least role for each operation. One that is not here fails below. */
const table = `
showMe                  anyone
listOrganisations       anyone
createOrganisation      platform-owner
showOrganisation        viewer
updateOrganisation      owner
removeOrganisation      platform-owner
listRemovedOrganisations    platform-owner
restoreOrganisation     platform-owner
showDomain              viewer
setDomain               owner
releaseDomain           owner
showOverview            viewer
listSettings            viewer
changeSettings          owner
listClients             viewer
showClient              viewer
createClient            editor
checkClient             editor
updateClient            editor
removeClient            editor
disableClient           editor
enableClient            editor
addClientSecret         editor
revokeClientSecret      editor
replaceClientKeys       editor
showRegistration         viewer
updateRegistration       owner
listRegistrationTokens   viewer
createRegistrationToken  owner
revokeRegistrationToken  owner
listOperators           viewer
changeOperator          owner
removeOperator          owner
listInvitations         viewer
createInvitation        owner
withdrawInvitation      owner
listPlatformOperators       platform-owner
removePlatformOperator      platform-owner
listPlatformInvitations     platform-owner
createPlatformInvitation    platform-owner
withdrawPlatformInvitation  platform-owner
showBrand               viewer
saveBrandDraft          editor
setBrandPicture         editor
removeBrandPicture      editor
publishBrand            editor
listBrandVersions       viewer
previewBrand            viewer
showBrandPreview        viewer
showBrandPicture        viewer
listApiKeys             owner
createApiKey            owner
revokeApiKey            owner
listPlatformApiKeys     platform-owner
createPlatformApiKey    platform-owner
revokePlatformApiKey    platform-owner
listPolicies            viewer
showPolicyDraft         viewer
savePolicyDraft         editor
removePolicyDraftText   editor
removePolicyDraft       editor
showPolicyPreview       viewer
listPolicyVersions      viewer
showPolicyVersion       viewer
publishPolicy           editor
setPolicyAcceptance     editor
listAcceptances         viewer
listKeys                viewer
rotateKeys              owner
replaceKeys             owner
listCustomers           viewer
createCustomer          editor
showCustomer            viewer
updateCustomer          editor
eraseCustomer           owner
linkCustomer            editor
unlinkCustomer          editor
listAccounts            viewer
showAccount             viewer
eraseAccount            owner
disableAccount          editor
enableAccount           editor
signOutAccount          editor
listPermissions         viewer
removePermission        editor
listSessions            viewer
endSession              editor
listAudit               owner
exportAudit             owner
verifyAudit             owner
`

type Least = 'anyone' | 'viewer' | 'editor' | 'owner' | 'platform-owner'

const written = new Map(
  table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/) as [string, Least]),
)
const order: readonly Least[] = ['anyone', 'viewer', 'editor', 'owner', 'platform-owner']
const reaches = (role: Least, least: Least): boolean => order.indexOf(role) >= order.indexOf(least)

let server: TestServer
let callers: { [role in 'viewer' | 'editor' | 'owner' | 'stranger']: Call }
const SLUG = 'matrix'

beforeAll(async () => {
  server = await startServer()
  const { organisation } = await server.addOrganisation(SLUG)
  const other = (await server.addOrganisation('another')).organisation
  callers = {
    viewer: await programOf(server, { role: 'viewer', organisation }),
    editor: await programOf(server, { role: 'editor', organisation }),
    owner: await programOf(server, { role: 'owner', organisation }),
    stranger: await programOf(server, { role: 'owner', organisation: other }),
  }
})
afterAll(() => server.stop())

/** Nothing has these ids: whoever may go on meets a 404 or 422, and changes nothing. */
const addressOf = ({ path }: adminApi.Operation): string =>
  path.replace('{slug}', SLUG).replace(/\{\w+\}/g, 'none_00000000000000000000000000')

/** Empty: what is wanted of it, it lacks. */
const ask = (call: Call, each: adminApi.Operation) =>
  call(each.method, addressOf(each), {
    ...(each.body && { body: {} }),
    ...(each.bytes && {
      bytes: { type: each.bytes.types[0] ?? '', content: new Uint8Array([1, 2, 3]) },
    }),
  })

const rows = adminApi.operations.map((each) => ({ id: each.id, each }))
const isOfOrganisation = ({ path }: adminApi.Operation) => path.startsWith('/organisations/{slug}')

describe('A06: the role matrix of the Admin API', () => {
  it('names every operation that there is, and no other', () => {
    expect([...written.keys()].sort()).toEqual(rows.map(({ id }) => id).sort())
  })

  it.each(rows)('$id needs a token', async ({ each }) => {
    for (const token of ['', 'fyk_nothing'])
      expect((await ask(callerWith(server, token), each)).status).toBe(401)
  })

  for (const role of ['viewer', 'editor', 'owner'] as const)
    it.each(rows)(`$id by the ${role} is as written`, async ({ id, each }) => {
      const least = written.get(id) ?? 'platform-owner'
      // Reversible or not, what an owner alone may do is tried by the journeys, not here.
      if (reaches(role, least) && each.method !== 'GET' && !each.body) return
      const { status, code } = await ask(callers[role], each)
      if (reaches(role, least)) expect([401, 403]).not.toContain(status)
      else expect({ status, code }).toEqual({ status: 403, code: 'insufficient_role' })
    })

  for (const { id, each } of rows.filter(({ each }) => isOfOrganisation(each)))
    it(`M09, P01: ${id} by the owner of another organisation meets nothing`, async () => {
      const there = await ask(callers.stranger, each)
      const nowhere = await callers.stranger(
        each.method,
        addressOf({ ...each, path: each.path.replace('{slug}', 'no-such-place') as `/${string}` }),
        each.body ? { body: {} } : {},
      )
      expect(there.status).toBe(404)
      expect({ ...there, headers: 0 }).toEqual({ ...nowhere, headers: 0 })
    })

  for (const { id, each } of rows.filter(({ each }) => isOfOrganisation(each)))
    it(`A07: ${id} by a key without its scope is refused`, async () => {
      const [, noun] = each.needs as Exclude<adminApi.Operation['needs'], 'operator'> // filtered above
      const organisation = await server.organisations.findBySlug(SLUG)
      const scopes = scopesWithout(noun)
      const call = await keyWithout(noun, scopes, organisation)
      const { status, code, headers } = await ask(call, each)
      expect({ status, code }).toEqual({ status: 403, code: 'insufficient_scope' })
      expect(headers.get('www-authenticate')).toContain(`scope="${adminApi.scopeOf(each)}"`)
    })
})

const keys = new Map<string, Call>()
async function keyWithout(
  noun: string,
  scopes: string[],
  organisation: TestServer['organisation'] | undefined,
): Promise<Call> {
  const known = keys.get(noun)
  if (known) return known
  const call = await programOf(server, {
    role: 'owner',
    scopes,
    ...(organisation && { organisation }),
  })
  keys.set(noun, call)
  return call
}
