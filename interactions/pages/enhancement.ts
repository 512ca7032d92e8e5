// What the code page gains where scripts run: it submits itself when complete, and counts the seconds down.

/** Runs in the browser; plain JavaScript, allowed by its hash. The page works without it. */
export const enhancement = `
(() => {
  const field = document.querySelector('input.code')
  if (field) {
    const digits = Number(field.dataset.digits)
    let sent = false
    field.addEventListener('input', () => {
      const code = field.value.normalize('NFKC').replace(/\\D/g, '')
      if (code.length !== digits || sent) return
      sent = true
      field.value = code
      field.form.requestSubmit()
    })
  }
  const note = document.querySelector('[data-resend-in]')
  const button = document.querySelector('[data-resend]')
  if (note && button) {
    const until = Date.now() + Number(note.dataset.resendIn) * 1000
    const words = note.dataset.words
    const tick = () => {
      const left = Math.ceil((until - Date.now()) / 1000)
      button.disabled = left > 0
      note.hidden = left <= 0
      if (left <= 0) return
      note.textContent = words.replace('{s}', left)
      setTimeout(tick, 1000)
    }
    tick()
  }
})()
`
