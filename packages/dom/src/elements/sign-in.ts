// <foyer-sign-in>: asks for the address, sends a code, asks for the code, and is done.

import type { FoyerError } from '../errors.ts'
import type { DuePolicy, FoyerClient, SentCode, Session } from '../types.ts'
import { digitsOf } from './digits.ts'
import { FoyerElement } from './foyer-element.ts'
import { make } from './make.ts'

type Step = 'email' | 'code' | 'expired' | 'spent' | 'policies' | 'redirect'

/** Errors after which the person goes on at another step. */
const stepsAfter = new Map<string, Step>([
  ['otp_expired', 'expired'],
  ['session_expired', 'expired'],
  ['too_many_attempts', 'spent'],
  ['policies_required', 'policies'],
  ['redirect_required', 'redirect'],
])

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

  /** The field takes the focus; where there is none, the heading; when signed in, what stands in the slot. */
  override focus(): void {
    const slot = this.root.querySelector('slot')
    const target = slot
      ? slot.assignedElements()[0]
      : (this.#field ?? this.root.querySelector('h2'))
    if (target instanceof HTMLElement) target.focus()
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
    if (had !== undefined && !had === !session) return
    if (had || session) this.#step = 'email'
    // Whoever comes next is told nothing of who was here.
    if (had) this.#email = ''
    this.draw()
    if (!session) return
    this.announce(...this.speech.say('signedIn'))
    this.tell('foyer-signed-in', session)
  }

  protected override fail(error: FoyerError): void {
    const step = stepsAfter.get(error.code)
    this.#policies = error.policies ?? []
    // Policies and redirects are ways on, not failures.
    if (step !== 'policies' && step !== 'redirect') super.fail(error)
    if (step) this.#go(step)
    else this.#point()
  }

  get #field(): HTMLInputElement | null {
    return this.root.querySelector('input')
  }

  #go(step: Step): void {
    this.#step = step
    this.draw()
    this.focus()
    this.announce(...this.#text())
  }

  #text(): (Node | string)[] {
    const step = this.#wasSentAgain ? 'again' : this.#step
    const issuer = this.client ? new URL(this.client.issuer).host : ''
    return this.speech.say(`${step}Text`, { email: make('bdi', {}, this.#email), issuer })
  }

  #panel(): HTMLElement {
    const [step, { say }] = [this.#step, this.speech]
    const other = make('button', { part: 'link', onclick: () => this.#go('email') })
    other.append(...say('otherAddress'))
    const onsubmit = (event: Event): void => {
      event.preventDefault()
      this.act((client) => this.#deeds[step](client))
    }
    return make(
      'div',
      // While it is not known who is signed in, the panel has its place and is not seen.
      { part: 'panel', className: this.session === undefined ? 'waiting' : '' },
      make('h2', { part: 'heading', tabIndex: -1 }, ...say(`${step}Title`)),
      make('p', { part: 'text' }, ...this.#text()),
      make(
        'form',
        { noValidate: true, onsubmit, oninput: () => this.#sendComplete() },
        ...this.#content(),
        make('p', { part: 'problem', id: 'problem', role: 'alert' }),
        make('button', { part: 'button' }, ...say(`${step}Action`)),
      ),
      ...(step === 'code' ? [this.#resend()] : []),
      ...(step === 'email' || step === 'spent' ? [] : [other]),
    )
  }

  /** What stands above the button. */
  #content(): Node[] {
    const { say } = this.speech
    if (this.#step === 'email')
      return labelled(say('emailLabel'), {
        type: 'email',
        name: 'email',
        value: this.#email,
        autocomplete: 'email',
        autocapitalize: 'none',
      })
    if (this.#step === 'code')
      return labelled(say('codeLabel', { count: this.#sent?.length ?? 0 }), {
        name: 'code',
        inputMode: 'numeric',
        autocomplete: 'one-time-code',
      })
    if (this.#step !== 'policies') return []
    return [make('ul', { part: 'policies' }, ...this.#policies.map((policy) => this.#item(policy)))]
  }

  #item({ kind, uri, changed }: DuePolicy): HTMLLIElement {
    const { say, has } = this.speech
    // A kind that is younger than this library stands there by its name.
    const name = has(kind) ? say(kind) : [kind]
    const link = make('a', { part: 'link', href: uri, target: '_blank', rel: 'noopener' }, ...name)
    return make('li', {}, link, ...(changed ? [' ', ...say('changed')] : []))
  }

  /** Another code, once the seconds are over: they are seen, and not read out one by one. */
  #resend(): HTMLElement {
    const { say } = this.speech
    const left = (): number => Math.ceil(((this.#sent?.resendAt ?? 0) - Date.now()) / 1000)
    const onclick = (): void => {
      if (left() <= 0) this.act((client) => this.#send(client))
    }
    const button = make('button', { part: 'link', onclick })
    const tick = (): void => {
      const count = left()
      button.ariaDisabled = `${count > 0}`
      button.replaceChildren(...(count > 0 ? say('resendIn', { count }) : say('resend')))
      if (count <= 0) clearInterval(this.#timer)
    }
    this.#timer = setInterval(tick, 1000)
    tick()
    return button
  }

  /** A complete code sends itself. */
  #sendComplete(): void {
    const { value = '', name } = this.#field ?? {}
    if (name === 'code' && digitsOf(value).length === this.#sent?.length)
      this.act((client) => this.#deeds.code(client))
  }

  /** Shows where the mistake is, and what was typed stays to be mended. */
  #point(): void {
    const field = this.#field
    if (!field) return
    field.ariaInvalid = 'true'
    field.focus()
    field.select()
  }

  async #send(client: FoyerClient): Promise<void> {
    this.#sent = await client.sendCode(this.#email, { locale: this.speech.lang })
    this.#wasSentAgain = this.#step === 'code'
    this.tell('foyer-code-sent', this.#sent)
    this.#go('code')
  }

  /** What the button of each step does. */
  readonly #deeds: { readonly [step in Step]: (client: FoyerClient) => unknown } = {
    email: (client) => {
      this.#email = this.#field?.value.trim() ?? ''
      if (this.#email.includes('@')) return this.#send(client)
      this.complain(...this.speech.say('email_invalid'))
      this.#point()
    },
    code: (client) => {
      const [code, count] = [digitsOf(this.#field?.value ?? ''), this.#sent?.length ?? 0]
      if (code.length === count) return client.verifyCode(code)
      this.complain(...this.speech.say('codeLength', { count }))
      this.#point()
    },
    expired: (client) => this.#send(client),
    spent: () => this.#go('email'),
    policies: (client) => client.acceptPolicies(this.#policies),
    redirect: (client) =>
      Promise.race([
        client.signInWithRedirect({ loginHint: this.#email }),
        // Who comes back by the browser's own button finds the page as it was left.
        new Promise((resolve) => addEventListener('pageshow', resolve, { once: true })),
      ]),
  }
}

function labelled(label: readonly (Node | string)[], properties: Partial<HTMLInputElement>) {
  const field = make('input', { part: 'input', id: 'field', required: true, dir: 'ltr' })
  Object.assign(field, properties)
  field.setAttribute('aria-describedby', 'problem')
  return [make('label', { part: 'label', htmlFor: 'field' }, ...label), field]
}
