// What mails say, in English: the shape that every other language follows.

export const en = {
  code: {
    /** `{code}` stands first: notifications cut the rest. */
    subject: (code: string, name: string) => `${code} is your code for ${name}`,
    plainSubject: (name: string) => `Your sign-in code for ${name}`,
    heading: 'Your sign-in code',
    intro: (client: string) => `Type this code to sign in to ${client}:`,
    life: (minutes: number) => `It is good for ${minutes} minutes and works once.`,
    asked: (time: string, browser: string) => `Asked for on ${time}, from ${browser}.`,
    warning:
      'Never give this code to anyone. We will never ask you for it, on the phone or anywhere else.',
    ignore: 'You did not ask for it? Then ignore this mail: without the code nobody gets in.',
  },
  locked: {
    subject: (name: string) => `Sign-in to ${name} is paused for your address`,
    heading: 'Somebody keeps trying codes',
    intro: (name: string) =>
      `Too many wrong codes were typed for your address at ${name}. Nobody got in.`,
    until: (time: string) => `To keep it that way, no codes are sent or accepted until ${time}.`,
    ignore:
      'You need to do nothing. Where you are signed in, you stay signed in, and in a browser in which you signed in before you still get codes.',
  },
  reused: {
    subject: (client: string) => `You were signed out of ${client}`,
    heading: 'We ended a sign-in, to be safe',
    intro: (client: string) =>
      `A key to your account that ${client} had used and thrown away was used again. Somebody may have copied it, so we ended that sign-in.`,
    next: (client: string) => `To go on, sign in to ${client} again with a new code.`,
    ignore: 'Your other sign-ins go on. If this happens often, tell us.',
  },
  invitation: {
    subject: (name: string) => `You are invited to look after ${name}`,
    heading: 'You are invited',
    intro: (name: string) => `Somebody who looks after ${name} asks you to do it with them.`,
    roles: {
      viewer: 'As a viewer you see everything and change nothing.',
      editor: 'As an editor you look after applications and customers.',
      owner:
        'As an owner you look after everything, the settings and who else has access included.',
      platform: 'As a platform owner you look after every organisation of this installation.',
    },
    button: 'Accept the invitation',
    until: (time: string) => `It works once, until ${time}.`,
    bound: 'It is for this address alone: you sign in with a code that we mail to you.',
    ignore: 'You do not know what this is about? Then ignore this mail: nothing happens.',
  },
  secretEnds: {
    subject: (client: string) => `A secret of ${client} ends soon`,
    heading: 'Renew a secret',
    intro: (client: string, hint: string, time: string) =>
      `The secret of ${client} that ends with ${hint} is good until ${time}. Whatever still uses it then stops working.`,
    used: (time: string) => `It was last used on ${time}.`,
    unused: 'As far as is known it was never used.',
    next: 'Add a second secret, give it to the application, and revoke the old one when it is used no more. Both are good meanwhile, so that nobody notices.',
    button: 'Open the application',
    ignore: 'You renewed it already? Then revoke the old one, and this is done.',
  },
  help: 'Help',
  policies: { terms: 'Terms of service', privacy: 'Privacy policy', refund: 'Refund policy' },
  browserOn: (browser: string, system: string) => `${browser} on ${system}`,
  unknownBrowser: 'a browser that did not say what it is',
}

export type Messages = typeof en
