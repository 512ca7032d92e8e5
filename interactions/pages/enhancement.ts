// What the code page gains where scripts run: it submits itself when complete, once, and counts the seconds down.

/** Runs in the browser; plain JavaScript, allowed by its hash. The page works without it. */
export const enhancement = `
(() => {
  const field = document.querySelector('input.code')
  const digits = Number(field.dataset.digits)
  let isSent = false
  field.form.addEventListener('submit', (event) => {
    if (isSent) event.preventDefault()
    isSent = true
  })
  addEventListener('pageshow', () => { isSent = false })
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
