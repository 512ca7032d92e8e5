// The public keys that stand with a client.

/** A public key (RFC 7517), reduced to its own parameters, `kid` and `alg`. */
export type ClientKey = {
  kty: 'RSA' | 'EC' | 'OKP'
  kid?: string
  alg?: string
  [parameter: string]: string | undefined
}
