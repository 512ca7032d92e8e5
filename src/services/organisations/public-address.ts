// Whether `BASE_URL` leads to this installation from outside: through its proxies, with TLS, as the same host.

import { type Finding, ok, problem, reasonOf } from '../../shared/finding.ts'

const CHECK = 'address.public'
const MAX_QUOTE = 100

/** Asks for the discovery document as an application would. `fetch` follows no redirect and gives up by itself. */
export async function checkPublicAddress(parts: {
  baseUrl: string
  fetch(url: string, init: { headers: { accept: string } }): Promise<Response>
}): Promise<Finding> {
  const { baseUrl } = parts
  const url = `${baseUrl}/.well-known/openid-configuration`
  let answer: Response
  try {
    // Browsers are refused with a page.
    answer = await parts.fetch(url, { headers: { accept: 'application/json' } })
  } catch (error) {
    return problem(
      CHECK,
      `${url} cannot be fetched from here: ${reasonOf(error)}`,
      'Start the server; look at the name in DNS, at the proxy, and at its certificate: it must be valid for this name and sent with its chain.',
    )
  }
  return judge(baseUrl, answer.status, await answer.text())
}

function judge(baseUrl: string, status: number, text: string): Finding {
  const { issuer, error } = read(text)
  if (status === 200 && issuer === baseUrl)
    return ok(CHECK, `${baseUrl} leads here: the issuer is right, Host is passed on`)
  if (error === 'wrong_host')
    return problem(
      CHECK,
      `The server was asked for another host than that of ${baseUrl}.`,
      'Let the proxy pass on Host unchanged (nginx: `proxy_set_header Host $http_host`).',
    )
  if (status === 200)
    return problem(
      CHECK,
      `Who answers at ${baseUrl} calls itself ${String(issuer ?? 'nothing').slice(0, MAX_QUOTE)}.`,
      'Give the server the BASE_URL that browsers use, and let the proxy lead to this server.',
    )
  return problem(
    CHECK,
    `${baseUrl} answers with status ${status} where the discovery document should be.`,
    'Let the proxy pass every path on as it is, and redirect nothing; the server’s own log says what reached it.',
  )
}

function read(text: string): { issuer?: unknown; error?: unknown } {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
