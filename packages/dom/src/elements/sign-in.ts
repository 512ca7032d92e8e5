// <foyer-sign-in>: asks for the address, sends a code, asks for the code, and is done.

import type { FoyerError } from '../errors.ts'
import type { DuePolicy, FoyerClient, SentCode, Session } from '../types.ts'
import { digitsOf } from './digits.ts'
import { FoyerElement } from './foyer-element.ts'
import { type Content, make } from './make.ts'

/** The errors among them are those after which the person goes on in another way. */
type Step =
  | 'email'
  | 'code'
  | 'otp_expired'
  | 'too_many_attempts'
  | 'policies_required'
  | 'redirect_required'

/** What helps browsers and keyboards. */
const fields = {
  email: { type: 'email', autocomplete: 'email', autocapitalize: 'none' },
  code: { inputMode: 'numeric', autocomplete: 'one-time-code' },
} as const

/**
 * Signs people in on the page it stands on. Tells `foyer-code-sent`, `foyer-signed-in` and `foyer-error`.
 *
 * @example
 * <foyer-sign-in issuer="https://id.example.com" client-id="shop"></foyer-sign-in>
 */
export class FoyerSignIn extends FoyerElement {
  #step: Step = 'email'
  #email = ''
  #sent: SentCode | undefined
  #wasSentAgain = false
  #policies: readonly DuePolicy[] = []
  #timer: ReturnType<typeof setInterval> | undefined

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearInterval(this.#timer)
  }

  protected draw(): void {
    clearInterval(this.#timer)
    const had = this.#field
    this.show(this.session ? make('slot', { name: 'signed-in' }) : this.#panel())
    const field = this.#field
    // Drawn anew at the same step, as for another language, it keeps what was typed.
    if (field && field.name === had?.name) field.value = had.value
  }

  protected changed(had: Session | null | undefined): void {
    const { session } = this
    this.announce()
    if (!session) return
    // Whoever comes after is told nothing of who was here.
    this.#step = 'email'
    this.#email = ''
    if (had) return
    this.announce(this.speech.say('signedIn'))
    this.tell('foyer-signed-in', session)
  }

  protected override fail(error: FoyerError): void {
    const { code, policies = [] } = error
    const step = code === 'session_expired' ? 'otp_expired' : code
    this.#policies = policies
    if (!Object.hasOwn(this.#deeds, step)) {
      this.report(error)
      return this.#point(/^(otp|email)_/.test(code))
    }
    // What is required is a way on, not a failure.
    if (!/_required$/.test(step)) this.tell('foyer-error', error)
    this.#go(step as Step) // it is one of them
  }

  get #field(): HTMLInputElement | null {
    return this.root.querySelector('input')
  }

  #go(step: Step): void {
    this.#step = step
    this.draw()
    this.focus()
    this.announce(this.#text())
  }

  #text(): Content {
    const step = this.#step === 'code' && this.#wasSentAgain ? 'again' : this.#step
    const issuer = this.client ? new URL(this.client.issuer).host : ''
    return this.speech.say(`${step}Text`, { email: make('bdi', {}, [this.#email]), issuer })
  }

  #panel(): HTMLElement {
    const step = this.#step
    const { say, lang, dir } = this.speech
    const isCode = step === 'code'
    const isFirst = step === 'email' || step === 'too_many_attempts'
    const onsubmit = (event: Event): void => {
      event.preventDefault()
      this.act(this.#deeds[step])
    }
    const onclick = () => this.act(this.#deeds.too_many_attempts)
    return make('div', { part: 'panel', lang, dir }, [
      make('h2', { part: 'heading', tabIndex: -1 }, say(`${step}Title`)),
      make('p', { part: 'text' }, this.#text()),
      make('form', { noValidate: true, onsubmit, oninput: () => this.#sendComplete() }, [
        ...(isCode || step === 'email' ? this.#labelled(step) : []),
        ...(step === 'policies_required' ? this.#policies.map((due) => this.#policy(due)) : []),
        make('p', { part: 'problem', id: 'problem', role: 'alert' }),
        make('button', { part: 'button' }, say(`${step}Action`)),
      ]),
      ...(isCode ? [this.#resend()] : []),
      ...(isFirst ? [] : [make('button', { part: 'link', onclick }, say('otherAddress'))]),
    ])
  }

  #labelled(step: 'email' | 'code'): Content {
    const label = this.speech.say(`${step}Label`, { count: this.#sent?.length ?? 0 })
    const value = step === 'email' ? this.#email : ''
    const shared = { part: 'input', id: 'field', required: true, dir: 'ltr' }
    const field = make('input', { ...shared, name: step, value, ...fields[step] })
    field.setAttribute('aria-describedby', 'problem')
    return [make('label', { part: 'label', htmlFor: 'field' }, label), field]
  }

  #policy({ kind, uri, changed }: DuePolicy): HTMLElement {
    const { say, has } = this.speech
    // A kind that is younger than this library stands there by its name.
    const name = has(kind) ? say(kind) : [kind]
    const link = make('a', { part: 'link', href: uri, target: '_blank', rel: 'noopener' }, name)
    return make('p', {}, changed ? [link, ' · ', ...say('changed')] : [link])
  }

  /** Another code, once the seconds are over: they are seen, and not read out one by one. */
  #resend(): HTMLElement {
    const { say } = this.speech
    let count = 0
    const onclick = (): void => {
      if (!count) this.act(this.#deeds.otp_expired)
    }
    const button = make('button', { part: 'link', onclick })
    const tick = (): void => {
      count = Math.max(0, Math.ceil(((this.#sent?.resendAt ?? 0) - Date.now()) / 1000))
      button.ariaDisabled = `${count > 0}`
      button.replaceChildren(...(count ? say('resendIn', { count }) : say('resend')))
      if (!count) clearInterval(this.#timer)
    }
    this.#timer = setInterval(tick, 1000)
    tick()
    return button
  }

  /** A complete code sends itself. */
  #sendComplete(): void {
    const { value = '', name } = this.#field ?? {}
    if (name === 'code' && digitsOf(value).length === this.#sent?.length) this.act(this.#deeds.code)
  }

  /** Back to the field: what was typed stays, to be sent again or to be mended. */
  #point(isWrong: boolean): void {
    const field = this.#field
    if (!field) return
    field.ariaInvalid = `${isWrong}`
    field.focus()
    field.select()
  }

  #refuse(words: Content): void {
    this.announce()
    this.complain(words)
    this.#point(true)
  }

  /** What the button of each step does. */
  readonly #deeds: { readonly [step in Step]: (client: FoyerClient) => unknown } = {
    email: (client) => {
      this.#email = this.#field?.value.trim() ?? ''
      if (this.#email.includes('@')) return this.#deeds.otp_expired(client)
      this.#refuse(this.speech.say('email_invalid'))
    },
    code: (client) => {
      const code = digitsOf(this.#field?.value ?? '')
      const count = this.#sent?.length ?? 0
      if (code.length === count) return client.verifyCode(code)
      this.#refuse(this.speech.say('codeLength', { count }))
    },
    otp_expired: async (client) => {
      this.#sent = await client.sendCode(this.#email, { locale: this.speech.wanted })
      this.#wasSentAgain = this.#step === 'code'
      this.tell('foyer-code-sent', this.#sent)
      this.#go('code')
    },
    too_many_attempts: () => this.#go('email'),
    policies_required: (client) => client.acceptPolicies(this.#policies),
    redirect_required: (client) =>
      Promise.race([
        client.signInWithRedirect({ loginHint: this.#email }),
        // Who comes back by the browser's own button finds the page as it was left.
        new Promise((resolve) => addEventListener('pageshow', resolve, { once: true })),
      ]),
  }
}
