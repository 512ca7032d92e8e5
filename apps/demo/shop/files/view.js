// What both pages of the shop show: who is signed in, what they booked, and the ways on.

const byId = (id) => document.getElementById(id)
const when = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })

/** Follows the client's session, whoever changes it: this page, another tab, or a sign-out elsewhere. */
export function follow(foyer) {
  const words = { greeting: byId('greeting').textContent, lead: byId('lead').textContent }
  let shown

  function show(session) {
    byId('signed-in').hidden = session === null
    byId('signed-out').hidden = session !== null
    if (shown === session?.user.sub) return
    shown = session?.user.sub
    byId('greeting').textContent = session ? greetingFor(session.user) : words.greeting
    byId('lead').textContent = session ? 'You never left this page.' : words.lead
    byId('bookings').replaceChildren()
    if (session) attempt(() => showBookings(foyer))
  }

  foyer.onAuthStateChange((_event, session) => show(session))
  show(foyer.getSession()) // which may have been restored before anybody listened
  byId('sign-out').addEventListener('click', () => attempt(() => foyer.signOut()))
  byId('portal').addEventListener('click', () =>
    attempt(async () => location.assign(await foyer.portalUrl())),
  )
}

const greetingFor = ({ given_name: name }) => (name ? `Hello, ${name}` : 'Hello')

/** A call of the Client API; the library sends the token, and renews it when it has to. */
async function showBookings(foyer) {
  const { items } = await foyer.bookings.list({ limit: 3 })
  const rows = items.map(({ service, starts_at: start, status }) => {
    const row = document.createElement('li')
    row.append(
      textOf('title', service),
      textOf(`badge ${status}`, status.replace('_', ' ')),
      textOf('detail', when.format(new Date(start))),
    )
    return row
  })
  byId('bookings').replaceChildren(...rows)
  byId('note').textContent = rows.length > 0 ? '' : 'Nothing is booked yet.'
}

function textOf(className, text) {
  const element = document.createElement('span')
  element.className = className
  element.textContent = text
  return element
}

/** What went wrong is said in the library's words. */
async function attempt(deed) {
  byId('note').textContent = ''
  try {
    await deed()
  } catch (error) {
    byId('note').textContent = error.message
  }
}
