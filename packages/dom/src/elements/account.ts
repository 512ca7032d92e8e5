// <foyer-account>: who is signed in, the way to the portal, and the ways out.

import type { FoyerError } from '../errors.ts'
import type { Session } from '../types.ts'
import { FoyerElement } from './foyer-element.ts'
import { make } from './make.ts'

/**
 * Shows who is signed in; while nobody is, what stands in it. Tells `foyer-error`.
 *
 * @example
 * <foyer-account issuer="https://id.example.com" client-id="shop"></foyer-account>
 */
export class FoyerAccount extends FoyerElement {
  protected draw(): void {
    this.show(this.session ? this.#menu(this.session) : make('slot', {}))
  }

  protected changed(had: Session | null | undefined): void {
    if (had && !this.session) this.announce(this.speech.say('signedOut'))
  }

  #menu({ user: { name, email, sub } }: Session): HTMLElement {
    const { say, lang, dir } = this.speech
    const who = name || email || sub
    const out = (word: 'signOut' | 'signOutEverywhere'): HTMLElement => {
      const everywhere = word !== 'signOut'
      const onclick = () => this.act((client) => client.signOut({ everywhere }))
      return make('button', { part: 'item', onclick }, say(word))
    }
    const [href, onclick, onauxclick] = [this.#portal, this.#open, this.#open]
    const menu = make('div', { part: 'menu', popover: 'auto' }, [
      make('p', { part: 'email' }, [name && email ? email : '']),
      make('a', { part: 'item', href, onclick, onauxclick }, say('account')),
      out('signOut'),
      out('signOutEverywhere'),
      make('p', { part: 'problem', role: 'alert' }),
    ])
    // The browser itself opens and closes it, by pointer and keyboard, and says so to screen readers.
    const button = make('button', { part: 'button', popoverTargetElement: menu }, [
      make('span', { part: 'initial', ariaHidden: 'true' }, [...who].slice(0, 1)),
      make('bdi', { part: 'name' }, [who]),
    ])
    return make('section', { part: 'account', lang, dir }, [button, menu])
  }

  get #portal(): string {
    return `${this.client?.issuer}/portal`
  }

  /** In this tab; where the person asked for a new one, in that, which opens before anything is awaited. */
  readonly #open = (event: MouseEvent): void => {
    const { button, ctrlKey, metaKey, shiftKey } = event
    if (button > 1) return
    event.preventDefault()
    const tab = button || ctrlKey || metaKey || shiftKey ? open() : null
    if (tab) tab.opener = null
    this.act(async (client) => {
      const url = await client.portalUrl().catch((error: FoyerError) => {
        // No ticket is given, as when the sign-in is long ago: the portal itself asks for a code.
        if (error.status) return this.#portal
        tab?.close()
        throw error
      })
      ;(tab ?? window).location.href = url
    })
  }
}
