// That a host is an organisation's: which records prove it, and which names cannot be anybody's.

import { describe, expect, it } from '@jest/globals'
import { hostProof } from '../../src/services/organisations/host-proof.ts'
import { createKeyring } from '../../src/shared/secrets.ts'
import type { Organisation } from '../../src/stores/organisations.ts'

const acme = { _id: 'org_acme', isDefault: false } as Organisation // all that is asked of it here
const bistro = { ...acme, _id: 'org_bistro' }
const [current, former] = ['a secret of the tests, long enough', 'another secret, long enough, too']
const HOST = 'id.acme.example'

/** A DNS of these records, and the proof under these values of `SECRET`. */
function proofWith({
  records = {},
  secrets = [current],
  baseUrl = 'https://login.foyer.example',
}: {
  records?: { [name: string]: string[][] }
  secrets?: string[]
  baseUrl?: string
} = {}) {
  return hostProof({
    baseUrl,
    isProduction: true,
    keyring: createKeyring(secrets),
    async resolveTxt(name) {
      const found = records[name]
      if (!found) throw new Error('ENOTFOUND')
      return found
    },
  })
}

describe('the proof of a host', () => {
  it('is a record that is shown before it is there, and then found', async () => {
    const shown = await proofWith().look(acme, ` ${HOST.toUpperCase()} `)
    expect(shown).toMatchObject({ host: HOST, name: `_foyer.${HOST}`, isFound: false })
    // Beside others, and in pieces.
    const pieces = [shown.value.slice(0, 20), shown.value.slice(20)]
    const proof = proofWith({ records: { [shown.name]: [['v=spf1 -all'], pieces] } })
    expect(await proof.look(acme, HOST)).toMatchObject({ isFound: true })
    expect(await proof.prove(acme, HOST)).toBe(HOST)
  })

  it('is one organisation’s, for one host', async () => {
    const { name, value } = await proofWith().look(acme, HOST)
    const proof = proofWith({
      records: { [name]: [[value]], '_foyer.www.acme.example': [[value]] },
    })
    await expect(proof.prove(bistro, HOST)).rejects.toMatchObject({ code: 'invalid_fields' })
    await expect(proof.prove(acme, 'www.acme.example')).rejects.toMatchObject({
      code: 'invalid_fields',
    })
  })

  it('stays good while SECRET is rotated, and not after its value was dropped', async () => {
    const { name, value } = await proofWith({ secrets: [former] }).look(acme, HOST)
    const records = { [name]: [[value]] }
    expect(await proofWith({ records, secrets: [current, former] }).prove(acme, HOST)).toBe(HOST)
    const late = proofWith({ records, secrets: [current] }).prove(acme, HOST)
    await expect(late).rejects.toMatchObject({ code: 'invalid_fields' })
  })

  it.each([
    'login.foyer.example',
    'foyer.example',
    'LOGIN.foyer.example',
    'acme.localhost',
    'localhost',
    '127.0.0.1',
    '[::1]',
    'id.acme.example.',
    'id.acme.example:8443',
    'https://id.acme.example',
    'id.acme.example/path',
    'id_acme.example',
    'іd.acme.example',
    '-id.acme.example',
    '',
    `${'a'.repeat(64)}.example`,
  ])('cannot be given for %j', async (host) => {
    await expect(proofWith().prove(acme, host)).rejects.toMatchObject({ code: 'invalid_fields' })
  })

  it('is never the default organisation’s', async () => {
    const standard = { ...acme, isDefault: true }
    await expect(proofWith().look(standard, HOST)).rejects.toMatchObject({ code: 'invalid_fields' })
  })
})
