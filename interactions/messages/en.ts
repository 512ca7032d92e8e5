// What the pages say, in English: the shape that every other language follows.

export const en = {
  title: (heading: string, brand: string) => `${heading} · ${brand}`,
  refused: (title: string) => `Error: ${title}`,
  language: 'Language',
  cancel: 'Cancel',
  continue: 'Continue',
  continueTo: (client: string) => `Continue to ${client}`,
  wait: 'One moment\u00a0…',
  email: {
    heading: 'Sign in',
    intro: (client: string) => `to continue to ${client}`,
    label: 'E-mail address',
    hint: 'We send you a code. No password needed.',
    invalid: 'This is not an e-mail address we can write to. Check it for a typing mistake.',
    /** `time` such as "10 minutes". */
    tooMany: (time: string) => `Too many codes were asked for from here. Try again in ${time}.`,
  },
  code: {
    heading: 'Check your e-mail',
    intro: 'We sent a code to',
    label: (digits: number) => `${digits}-digit code`,
    shared: {
      label: 'This is a shared computer',
      hint: (time: string) =>
        `You are signed out when the browser is closed, after ${time} at the latest.`,
    },
    notYours: 'Use another address',
    resend: 'Send a new code',
    resendIn: (seconds: number) => `You can ask for a new code in ${seconds} s.`,
    hint: 'Nothing there? Look in your spam folder.',
    sentAgain: 'A new code is on its way. The one before still works.',
    tooSoon: 'A code was sent a moment ago. Give it a little time to arrive.',
    wrong: 'That code is not right. Check the newest mail and type it again.',
    left: (tries: number) => (tries === 1 ? 'One try is left.' : `${tries} tries are left.`),
    malformed: (digits: number) => `The code has ${digits} digits. Type all of them.`,
    tooMany: (time: string) =>
      `Too many wrong codes were typed. This one was not looked at. Try again in ${time}.`,
  },
  expired: {
    heading: 'That code has expired',
    intro: 'Codes are good for a short time only. We can send a new one to',
  },
  spent: {
    heading: 'Too many wrong codes',
    intro:
      'For your safety this code no longer works. Start again to get a new one. If none arrives, try again later.',
    action: 'Start again',
  },
  permission: {
    heading: (client: string) => `${client} asks for access`,
    intro: (brand: string) => `to your account at ${brand}`,
    list: 'It will be able to',
    allow: 'Allow',
    note: (client: string) => `${client} never sees your codes.`,
    links: (client: string) => `From ${client}, in a new window:`,
    policy: 'Privacy policy',
    terms: 'Terms',
    scopes: {
      openid: 'know that it is you',
      profile: 'see your name, language and time zone',
      email: 'see your e-mail address',
      phone: 'see your phone number',
      address: 'see your postal address',
      offline_access: 'keep this access while you are away',
      'profile:read': 'see your profile',
      'profile:write': 'change your profile',
      'orders:read': 'see your orders',
      'bookings:read': 'see your bookings',
      'bookings:write': 'make, move and cancel bookings',
      'tabs:read': 'see your open tabs',
      'tabs:write': 'settle your open tabs',
      'invoices:read': 'see your invoices and receipts',
      'payment-methods:write': 'manage your payment methods',
      'memberships:read': 'see your memberships',
      'memberships:write': 'change your memberships',
      'enquiries:read': 'see your enquiries',
      'enquiries:write': 'send enquiries for you',
      'sessions:read': 'see where you are signed in',
    } as { readonly [scope: string]: string },
  },
  help: 'Help',
  policies: { terms: 'Terms of service', privacy: 'Privacy policy', refund: 'Refund policy' },
  policy: {
    label: 'Policies',
    version: (number: number, date: string) => `Version ${number}, ${date}`,
    older: 'This is not the newest version.',
    newest: 'Read the newest one',
  },
  agreement: {
    heading: 'Before you go on',
    intro: (brand: string) => `${brand} asks you to read and agree to:`,
    changed: 'has changed since you agreed',
    opens: 'Each opens in a new window. This page waits here.',
    agree: 'Agree and go on',
  },
  signOut: {
    heading: 'Sign out?',
    intro: (brand: string) => `You will be signed out of ${brand} in this browser.`,
    action: 'Sign out',
    stay: 'Stay signed in',
  },
  signedOut: {
    heading: 'You are signed out',
    intro: (brand: string) => `You have left ${brand} in this browser. You can close this page.`,
  },
  stayed: {
    heading: 'You are still signed in',
    intro: (brand: string) =>
      `You stay signed in to ${brand} in this browser. You can close this page.`,
  },
  ended: {
    heading: 'This sign-in has ended',
    intro: 'It was finished already, took too long, or began in another browser.',
    toClient: (client: string) => `Go on to ${client} and sign in there again.`,
    toApplication: 'Go back to the application and sign in again.',
  },
  interrupted: {
    heading: 'This page is out of date',
    intro:
      'Your sign-in went on in another window, or was interrupted. Nothing is lost: continue from here.',
  },
  handOff: {
    intro: 'You go on as',
    other: {
      heading: 'Somebody else is signed in here',
      intro: 'In this browser you are signed in as',
      hint: 'If you go on, that address is signed out here first.',
      stay: (email: string) => `Stay signed in as ${email}`,
    },
    stranger: {
      heading: 'Is this your address?',
      intro: 'This link signs you in as',
      hint: 'If the address is not yours, do not go on: whoever sent you the link wants you to use their account.',
      refuse: 'It is not mine',
    },
    continueAs: (email: string) => `Continue as ${email}`,
    gone: {
      heading: 'This link no longer works',
      intro: 'It works once, and for a minute. Go back and open it again, or continue here.',
    },
  },
  account: {
    heading: 'Your account',
    since: 'Signed in since',
    applications: 'Signed in to',
    sessions: 'Where you are signed in',
    here: 'this browser',
    browser: (browser: string, system: string) => `${browser} on ${system}`,
    unknown: 'a browser without a name',
    seen: (date: string) => `last used ${date}`,
    nobody: {
      heading: 'Nobody is signed in here',
      intro: (brand: string) => `In this browser nobody is signed in at ${brand}.`,
    },
  },
  invitation: {
    heading: (name: string) => `You are invited to look after ${name}`,
    roles: {
      viewer: 'As a viewer you see everything and change nothing.',
      editor: 'As an editor you look after applications and customers.',
      owner:
        'As an owner you look after everything, the settings and who else has access included.',
      platform: 'As a platform owner you look after every organisation of this installation.',
    },
    bound: 'Only the address that was invited can accept. You prove it with a code.',
    signIn: 'Sign in to accept',
    accept: 'Accept the invitation',
    other: 'This invitation is for another address. Sign out, then open its link again.',
    gone: {
      heading: 'This invitation no longer works',
      intro:
        'It was used, replaced or withdrawn, or it has expired. Ask whoever invited you for a new one.',
    },
  },
  consolePages: {
    open: 'Open the console',
    signIn: 'Sign in',
    signedInAs: 'You are signed in as',
    left: 'You have left the console, and everything that you signed in to with it in this browser.',
    noOperator: {
      heading: 'You are not an operator here',
      hint: 'The console is for those who look after an organisation. An owner can invite you.',
      invited: 'An invitation waits for this address: open the link in its mail.',
    },
    failed: {
      heading: 'You are not signed in',
      intro: 'Signing in took too long, began in another browser, or was finished already.',
      cancelled: 'You turned back. Nothing was changed.',
    },
    unbuilt: {
      heading: 'The console is not here',
      intro: 'Its files were not built. "npm start" builds them; the Docker image has them.',
    },
  },
  front: {
    heading: 'Welcome',
    intro: (brand: string) =>
      `Customers of ${brand} sign in here. Open the application or web site that you want to use: it brings you to the right page.`,
  },
  error: {
    heading: 'That did not work',
    request: 'The application sent a request that cannot be answered. Go back to it and try again.',
    unavailable: 'We cannot be reached for a moment. Nothing is lost: try again in a few seconds.',
    internal: 'Something went wrong on our side. Try again; if it stays, tell us the code below.',
    notFound: {
      heading: 'There is no such page',
      intro: 'The address may be mistyped, or the page has gone.',
    },
    foreign: 'This form was sent from another site, so nothing was done.',
    retry: 'Try again',
    supportCode: 'Support code',
    detail: 'For the developer',
  },
}

export type Messages = typeof en
