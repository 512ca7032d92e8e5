// Spring Boot: Spring Security's OAuth 2.0 client, by configuration alone.

import { type ClientValues, json, type Snippet, secretOf } from './client-values.ts'

export function spring(values: ClientValues): Snippet {
  const { issuer, clientId, scopes, redirectUri, kind } = values
  const isMachine = kind === 'machine'
  const lines = [
    '# application.yml, with spring-boot-starter-security-oauth2-client of Spring Boot 4.',
    ...(isMachine
      ? []
      : [
          '# Spring Boot 3 sends no PKCE by itself: its OAuth2AuthorizationRequestCustomizers.withPkce() does.',
          '# Without redirect-uri Spring’s own is {baseUrl}/login/oauth2/code/foyer.',
        ]),
    'spring:',
    '  security:',
    '    oauth2:',
    '      client:',
    '        registration:',
    '          foyer:',
    '            provider: foyer',
    `            client-id: ${json(clientId)}`,
    `            client-secret: ${json(secretOf(values))}`,
    '            client-authentication-method: client_secret_basic',
    `            authorization-grant-type: ${isMachine ? 'client_credentials' : 'authorization_code'}`,
    ...(isMachine
      ? []
      : [
          `            redirect-uri: ${json(redirectUri ?? '')}`,
          `            scope: [${scopes.map(json).join(', ')}]`,
        ]),
    '        provider:',
    '          foyer:',
    `            issuer-uri: ${json(issuer)}`,
  ]
  return { id: 'spring', label: 'Spring', language: 'yaml', code: `${lines.join('\n')}\n` }
}
