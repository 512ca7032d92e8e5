// <foyer-account>: who is signed in, the way to the portal, and the ways out.

import type { FoyerError } from '../errors.ts'
import type { FoyerClient, Session } from '../types.ts'
import { FoyerElement } from './foyer-element.ts'
import { make } from './make.ts'

/** The hand-off is refused, as when the sign-in is long ago: the portal will ask for a code. */
const REFUSED = 403

/**
 * Shows who is signed in; while nobody is, what stands in it. Tells `foyer-error`.
 *
 * @example
 * <foyer-account issuer="https://id.example.com" client-id="shop"></foyer-account>
 */
export class FoyerAccount extends FoyerElement {
  override connectedCallback(): void {
    super.connectedCallback()
    document.addEventListener('pointerdown', this.#leave)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    document.removeEventListener('pointerdown', this.#leave)
  }

  override focus(): void {
    const slot = this.root.querySelector('slot')
    const target = slot ? slot.assignedElements()[0] : this.root.querySelector('summary')
    if (target instanceof HTMLElement) target.focus()
  }

  protected draw(): void {
    this.show(this.session ? this.#menu(this.session) : make('slot'))
  }

  protected changed(had: Session | null | undefined): void {
    const { session } = this
    const isSame = had?.user.sub === session?.user.sub && had?.user.name === session?.user.name
    if (had !== undefined && isSame) return
    this.draw()
    if (had && !session) this.announce(...this.speech.say('signedOut'))
  }

  #menu({ user: { name, email, sub } }: Session): HTMLElement {
    const { say } = this.speech
    const who = name || email || sub
    const out = (word: 'signOut' | 'signOutEverywhere', everywhere: boolean): HTMLElement => {
      const onclick = () => this.act((client) => client.signOut({ everywhere }))
      return make('button', { part: 'item', onclick }, ...say(word))
    }
    const [onclick, onauxclick] = [this.#open, this.#open]
    return make(
      'details',
      { part: 'account', onkeydown: this.#leave },
      make(
        'summary',
        { part: 'summary' },
        make('span', { part: 'initial', ariaHidden: 'true' }, [...who][0]?.toUpperCase() ?? ''),
        make('bdi', { part: 'name' }, who),
      ),
      make(
        'div',
        { part: 'menu' },
        ...(name && email ? [make('bdi', { part: 'email' }, email)] : []),
        make('a', { part: 'item', href: this.#portal, onclick, onauxclick }, ...say('account')),
        out('signOut', false),
        out('signOutEverywhere', true),
        make('p', { part: 'problem', role: 'alert' }),
      ),
    )
  }

  get #portal(): string {
    return `${this.client?.issuer}/portal`
  }

  /** Closes for Escape, and when something else is pressed. */
  readonly #leave = (event: Event): void => {
    const menu = this.root.querySelector('details')
    const isEscape = event instanceof KeyboardEvent
    if (!menu?.open || (isEscape ? event.key !== 'Escape' : event.composedPath().includes(this)))
      return
    menu.open = false
    if (isEscape) this.focus()
  }

  /** In this tab; where the person asked for a new one, in that, which opens before anything is awaited. */
  readonly #open = (event: MouseEvent): void => {
    const { button, ctrlKey, metaKey, shiftKey } = event
    if (button > 1) return
    event.preventDefault()
    const tab = button || ctrlKey || metaKey || shiftKey ? open() : null
    if (tab) tab.opener = null
    this.act(async (client: FoyerClient) => {
      const url = await client.portalUrl().catch((error: FoyerError) => {
        if (error.status === REFUSED) return this.#portal
        tab?.close()
        throw error
      })
      ;(tab ?? window).location.href = url
    })
  }
}
