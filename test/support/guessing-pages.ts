// A guesser at the pages of sign-in: asks for codes, and types wrong ones.

import type { RelyingParty } from './relying-party.ts'
import type { TestServer } from './server.ts'
import { askCode, type Visit, wrongCode } from './sign-in-pages.ts'
import type { UserAgent } from './user-agent.ts'

export type Guesser = {
  /** Codes mailed to the address, the newest first. */
  codesFor(email: string): Promise<string[]>
  newest(email: string): Promise<string>
  /** A browser that asks for a code, also where somebody is signed in in it. */
  ask(email: string, agent?: UserAgent): Promise<Visit>
  /** Wrong codes until the address is closed: four sign-ins with five each. */
  burn(email: string): Promise<void>
}

export function createGuesser(server: TestServer, party: RelyingParty): Guesser {
  const codesFor = async (email: string): Promise<string[]> =>
    (await server.mails(email)).flatMap(({ text }) => /^\d{6}$/m.exec(text) ?? [])
  const ask = (email: string, agent?: UserAgent): Promise<Visit> =>
    askCode(server, party, { email, parameters: { prompt: 'login' }, ...(agent && { agent }) })
  return {
    codesFor,
    newest: async (email) => (await codesFor(email))[0] ?? '',
    ask,
    async burn(email) {
      for (let round = 0; round < 4; round += 1) {
        const { agent, page } = await ask(email)
        for (let miss = 0; miss < 5; miss += 1)
          await agent.submit(page, { code: wrongCode(await server.codeFor(email)) })
      }
    },
  }
}
