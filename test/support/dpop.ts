// A client that binds its tokens to a key (RFC 9449), proof by proof, so that each can be made wrong.

import { randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { sha256 } from '../../src/shared/secrets.ts'

export type ProofKey = Awaited<ReturnType<typeof proofKey>>

type About = { method: string; uri: string; accessToken?: string }

/** A key, and what makes proofs with it; claims and header can be changed, `undefined` removes one. */
export async function proofKey(alg: 'ES256' | 'EdDSA' | 'RS256' = 'ES256') {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const jwk: JWK = await exportJWK(publicKey)
  return {
    privateJwk: await exportJWK(privateKey),
    async proof(
      { method, uri, accessToken }: About,
      claims: object = {},
      header: object = {},
    ): Promise<string> {
      const payload = {
        htm: method,
        htu: uri,
        iat: Math.floor(Date.now() / 1000),
        jti: randomUUID(),
        ...(accessToken !== undefined && { ath: sha256(accessToken) }),
        ...claims,
      }
      return new SignJWT(JSON.parse(JSON.stringify(payload)))
        .setProtectedHeader({ alg, typ: 'dpop+jwt', jwk, ...header })
        .sign(privateKey)
    },
  }
}
