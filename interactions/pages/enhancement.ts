// What pages with forms gain where scripts run: a form is sent once and says so; the code sends itself, and its seconds count down.
// Where a page only passes on, its form sends itself.

/** Runs in the browser; plain JavaScript, allowed by its hash. Every page works without it. */
export const enhancement = `
(() => {
  const shown = Date.now()
  const field = document.querySelector('input.code')
  const wait = document.querySelector('.wait')
  let isSent = false
  let timers = []
  let pressed
  // What says what was wrong answers a form: asked for again, or come back to, it is the page, and sends nothing anew.
  if (document.querySelector('.problem')) history.replaceState(null, '')
  const release = () => {
    isSent = false
    timers.forEach(clearTimeout)
    wait.textContent = ''
    if (!pressed) return
    pressed.button.removeAttribute('aria-busy')
    pressed.button.textContent = pressed.label
    pressed.button.style.height = ''
  }
  const say = ({ button }) => {
    wait.textContent = wait.dataset.words
    // They take the place of what it says: nothing moves, and nothing is covered. A quiet one has no room for them.
    if (button.className === 'quiet') return
    button.style.height = button.offsetHeight + 'px'
    button.textContent = wait.dataset.words
  }
  addEventListener('submit', (event) => {
    // Who types the last digit and then Enter presses it on the next page, which would hide what that says.
    const isSlip = event.target === field?.form && !field.value && Date.now() - shown < 1000
    // A second click would throw away the answer to the first.
    if (isSent || isSlip) return event.preventDefault()
    isSent = true
    // Has the browser keep what was typed now: it does so only now and then, and the way on may fail.
    history.replaceState(history.state, '')
    const button = event.submitter ?? event.target.querySelector('button')
    button.setAttribute('aria-busy', 'true')
    pressed = { button, label: button.textContent }
    timers = [setTimeout(say, 1000, pressed), setTimeout(release, 10000)]
  })
  // Shown the first time it may be on its way already.
  addEventListener('pageshow', (event) => event.persisted && release())
  if (!field) return
  const digits = Number(field.dataset.digits)
  field.addEventListener('input', () => {
    const code = field.value.normalize('NFKC')
      .replace(/[٠-٩۰-۹]/g, (digit) => digit.charCodeAt(0) & 15).replace(/\\D/g, '')
    if (code.length !== digits || isSent) return
    field.value = code
    field.form.requestSubmit()
  })
  const note = document.querySelector('[data-resend-in]')
  if (!note) return
  const button = document.querySelector('[data-resend]')
  const until = Date.now() + note.dataset.resendIn * 1000
  const tick = () => {
    const left = Math.ceil((until - Date.now()) / 1000)
    button.disabled = left > 0
    // Keeps its place: nothing moves under the finger that waits for the button.
    if (left <= 0) return note.style.visibility = 'hidden'
    note.textContent = note.dataset.words.replace('{s}', left)
    setTimeout(tick, 1000)
  }
  tick()
})()
`

/** Runs after it: the page's first form goes on by itself. */
export const goOn = `document.forms[0].requestSubmit()`
