// What is wrong, or will be, with the configuration itself.

import { type Config, ConfigError, readConfig } from '../config.ts'
import { type Finding, ok, problem, warning } from '../shared/finding.ts'
import { isLoopbackHost } from '../shared/outgoing.ts'

export type Environment = { readonly [name: string]: string | undefined }

/** `config` is missing when the server would not start with it. */
export function examineConfig(env: Environment): { config?: Config; findings: Finding[] } {
  try {
    const config = readConfig(env)
    return { config, findings: [...surroundings(config), ...proxies(config)] }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const remedy = 'The server does not start before it is right: see docs/configuration.md.'
    return { findings: error.problems.map((each) => problem('configuration', each, remedy)) }
  }
}

function surroundings({ isProduction, baseUrl }: Config): Finding[] {
  const check = 'configuration'
  if (isProduction) return [ok(check, 'fit for production')]
  if (isLoopbackHost(new URL(baseUrl).hostname)) return [ok(check, 'fit for development')]
  return [
    problem(
      check,
      `NODE_ENV is not production, but ${baseUrl} is not this machine: /dev/mail may show everybody’s codes.`,
      'Set NODE_ENV=production.',
    ),
  ]
}

function proxies({ baseUrl, trustProxy }: Config): Finding[] {
  const check = 'configuration.proxies'
  const isSecure = baseUrl.startsWith('https:')
  if (isSecure && trustProxy === 0)
    return [
      warning(
        check,
        'BASE_URL is https, so a proxy stands in front, but TRUST_PROXY is 0: limits count the proxy’s address.',
        'Set TRUST_PROXY to the number of proxies in front.',
      ),
    ]
  if (!isSecure && trustProxy > 0)
    return [
      warning(
        check,
        `TRUST_PROXY is ${trustProxy}, but BASE_URL is plain http: without a proxy anybody may claim any address.`,
        'Give BASE_URL as browsers see it, or set TRUST_PROXY to 0.',
      ),
    ]
  return [ok(check, `${trustProxy} in front`)]
}
