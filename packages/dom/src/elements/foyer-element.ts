// What both elements share: whose client they use, how they speak, and that they do one thing at a time.

import type { FoyerError } from '../errors.ts'
import type { FoyerClient, Session } from '../types.ts'
import { type CreateClient, clientOf } from './clients.ts'
import { type Content, make } from './make.ts'
import { styleSheet } from './styles.ts'
import { learners, type Speech, speechOf, type Words } from './words.ts'

/** On a server there are no elements: nothing is defined, and this is never used. */
const Base = (globalThis.HTMLElement ?? Object) as typeof HTMLElement

/** Tries left are told only when they become few. */
const FEW = 2

export abstract class FoyerElement extends Base {
  static readonly observedAttributes = ['issuer', 'client-id', 'locale', 'messages']
  /** Handed in before the first element is made. */
  static createClient: CreateClient

  protected readonly root = this.attachShadow({ mode: 'open' })
  protected speech: Speech = speechOf('')
  /** Undefined while it is being restored. */
  protected session: Session | null | undefined
  /** What a screen reader is told; it stays when what is seen is drawn anew. */
  readonly #status = make('p', { role: 'status' })
  #given: FoyerClient | undefined
  #client: FoyerClient | undefined
  #isBusy = false
  #stop: (() => void) | undefined

  /** The client in use: the one that was set, else the one that the attributes name. */
  get client(): FoyerClient | undefined {
    return this.#given ?? this.#client
  }

  set client(client: FoyerClient | undefined) {
    this.#given = client
    this.#follow()
  }

  /** Words in place of the element's own; the attribute of this name holds them as JSON. */
  get messages(): Partial<Words> {
    return JSON.parse(this.getAttribute('messages') || '{}')
  }

  set messages(messages: Partial<Words>) {
    this.setAttribute('messages', JSON.stringify(messages))
  }

  connectedCallback(): void {
    learners.add(this.#follow)
    this.root.adoptedStyleSheets = [styleSheet()]
    this.root.append(this.#status)
    for (const name of ['client', 'messages'] as const) {
      // What a page set before the element was defined hides the setter.
      const own = Object.getOwnPropertyDescriptor(this, name)
      if (own && Reflect.deleteProperty(this, name)) Reflect.set(this, name, own.value)
    }
    this.#follow()
  }

  disconnectedCallback(): void {
    learners.delete(this.#follow)
    this.#stop?.()
    this.#stop = undefined
  }

  attributeChangedCallback(): void {
    this.#follow()
  }

  /** What the page says may have changed. */
  readonly #follow = (): void => {
    // Before it was placed it may not have all attributes.
    if (!this.#status.isConnected) return
    const page = this.closest<HTMLElement>('[lang]')?.lang
    this.speech = speechOf(this.getAttribute('locale') || page || navigator.language, this.messages)
    const client = this.#given ?? clientOf(this, FoyerElement.createClient)
    if (!client) return
    if (client !== this.#client || !this.#stop) this.#begin(client)
    this.draw()
  }

  /** What one would type into or press next takes the focus. */
  override focus(options?: FocusOptions): void {
    const { root } = this
    const [content] = root.querySelector('slot')?.assignedElements() ?? []
    const next = content ?? root.querySelector('input') ?? root.querySelector('h2, button')
    ;(next as HTMLElement | null)?.focus(options) // what people put into a slot is HTML
  }

  /** Draws the element from what it knows. */
  protected abstract draw(): void

  /** Somebody signed in or out, or was found to be signed in. */
  protected abstract changed(had: Session | null | undefined): void

  protected show(content: HTMLElement): void {
    const isInUse = this.root.activeElement
    // While it is not known who is signed in, what is shown has its place and is not seen.
    content.className = this.session === undefined ? 'waiting' : ''
    this.#status.lang = this.speech.lang
    this.root.replaceChildren(content, this.#status)
    if (isInUse) this.focus()
  }

  /** To a screen reader. */
  protected announce(words: Content = []): void {
    this.#status.replaceChildren(...words)
  }

  /** Where the eye is. */
  protected complain(words: Content = []): void {
    this.root.querySelector('[role=alert]')?.replaceChildren(...words)
  }

  protected tell(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }))
  }

  /** Does one thing at a time: what is pressed meanwhile is not done. */
  protected async act(deed: (client: FoyerClient) => unknown): Promise<void> {
    const { client, root } = this
    const panel = root.firstElementChild
    if (!client || !panel || this.#isBusy) return
    this.#isBusy = true
    panel.ariaBusy = 'true'
    this.complain()
    this.announce(this.speech.say('busy'))
    try {
      await deed(client)
    } catch (error) {
      this.announce()
      this.fail(error as FoyerError) // what a client throws; anything else has no code
    }
    this.#isBusy = false
    panel.ariaBusy = null
  }

  /** What was done did not work. */
  protected fail(error: FoyerError): void {
    this.report(error)
  }

  /** To the page, and to whoever looks at the element. */
  protected report(error: FoyerError): void {
    const { say, has } = this.speech
    const { code, attemptsLeft = FEW + 1, retryAfter = 1 } = error
    this.tell('foyer-error', error)
    if (!has(code) || code === 'origin_not_allowed') this.#help(error)
    const text = say(has(code) ? code : 'request_failed', { count: Math.ceil(retryAfter / 60) })
    const left = attemptsLeft > FEW ? [] : [' ', ...say('attemptsLeft', { count: attemptsLeft })]
    this.complain([...text, ...left])
  }

  /** For whoever builds the page. */
  #help(error: FoyerError): void {
    const help = `Foyer: register ${location.origin} as an origin of ${this.client?.clientId}.`
    // biome-ignore lint/suspicious/noConsole: only they can mend it, and here they look
    console.error(error.code === 'origin_not_allowed' ? help : error)
  }

  #begin(client: FoyerClient): void {
    this.#stop?.()
    this.#client = client
    const update = (): void => {
      if (!this.#stop || this.client !== client) return
      const had = this.session
      this.session = client.getSession()
      const [before, now] = [had?.user, this.session?.user]
      if (before?.sub !== now?.sub || before?.name !== now?.name) {
        this.draw()
        this.changed(had)
      }
      // What was drawn while that was not known yet stands, with what was typed into it.
      this.root.firstElementChild?.removeAttribute('class')
    }
    this.#stop = client.onAuthStateChange(update)
    client.initialize().then(update, (error: FoyerError) => {
      update()
      this.report(error)
    })
  }
}
