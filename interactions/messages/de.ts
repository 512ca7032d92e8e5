// What the pages say, in German.

import type { Messages } from './en.ts'

export const de: Messages = {
  title: (heading, brand) => `${heading} · ${brand}`,
  refused: (title) => `Fehler: ${title}`,
  language: 'Sprache',
  cancel: 'Abbrechen',
  continue: 'Weiter',
  continueTo: (client) => `Weiter zu ${client}`,
  wait: 'Einen Moment\u00a0…',
  email: {
    heading: 'Anmelden',
    intro: (client) => `um mit ${client} weiterzumachen`,
    label: 'E-Mail-Adresse',
    hint: 'Wir schicken Ihnen einen Code. Ein Passwort brauchen Sie nicht.',
    invalid: 'An diese Adresse können wir nicht schreiben. Ist ein Tippfehler darin?',
    tooMany: (time) =>
      `Von hier wurden zu viele Codes angefordert. Versuchen Sie es in ${time} wieder.`,
  },
  code: {
    heading: 'Sehen Sie in Ihre E-Mails',
    intro: 'Wir haben einen Code geschickt an',
    label: (digits) => `${digits}-stelliger Code`,
    shared: {
      label: 'Diesen Computer nutzen auch andere',
      hint: (time) =>
        `Sie werden abgemeldet, wenn der Browser geschlossen wird, spätestens nach ${time}.`,
    },
    notYours: 'Andere Adresse verwenden',
    resend: 'Neuen Code schicken',
    resendIn: (seconds) => `In ${seconds} s können Sie einen neuen Code anfordern.`,
    hint: 'Nichts angekommen? Sehen Sie im Spamordner nach.',
    sentAgain: 'Ein neuer Code ist unterwegs. Auch der davor gilt noch.',
    tooSoon: 'Eben wurde ein Code geschickt. Geben Sie ihm etwas Zeit.',
    wrong:
      'Dieser Code stimmt nicht. Sehen Sie in der neuesten Mail nach und geben Sie ihn noch einmal ein.',
    left: (tries) => (tries === 1 ? 'Noch ein Versuch.' : `Noch ${tries} Versuche.`),
    malformed: (digits) => `Der Code hat ${digits} Ziffern. Geben Sie alle ein.`,
    tooMany: (time) =>
      `Es wurden zu viele falsche Codes eingegeben. Dieser wurde nicht geprüft. Versuchen Sie es in ${time} wieder.`,
  },
  expired: {
    heading: 'Dieser Code ist abgelaufen',
    intro: 'Codes gelten nur kurze Zeit. Wir können einen neuen schicken an',
  },
  spent: {
    heading: 'Zu viele falsche Codes',
    intro:
      'Zu Ihrer Sicherheit gilt dieser Code nicht mehr. Beginnen Sie neu, um einen anderen zu bekommen. Kommt keiner an, versuchen Sie es später wieder.',
    action: 'Neu beginnen',
  },
  permission: {
    heading: (client) => `${client} bittet um Zugriff`,
    intro: (brand) => `auf Ihr Konto bei ${brand}`,
    list: 'Die Anwendung darf dann',
    allow: 'Erlauben',
    note: (client) => `${client} sieht Ihre Codes nie.`,
    links: (client) => `Von ${client}, in einem neuen Fenster:`,
    policy: 'Datenschutzerklärung',
    terms: 'Nutzungsbedingungen',
    scopes: {
      openid: 'wissen, dass Sie es sind',
      profile: 'Ihren Namen, Ihre Sprache und Zeitzone sehen',
      email: 'Ihre E-Mail-Adresse sehen',
      phone: 'Ihre Telefonnummer sehen',
      address: 'Ihre Anschrift sehen',
      offline_access: 'den Zugriff behalten, während Sie weg sind',
      'profile:read': 'Ihr Profil sehen',
      'profile:write': 'Ihr Profil ändern',
      'orders:read': 'Ihre Bestellungen sehen',
      'bookings:read': 'Ihre Buchungen sehen',
      'bookings:write': 'Buchungen vornehmen, verschieben und absagen',
      'tabs:read': 'Ihre offenen Rechnungen im Lokal sehen',
      'tabs:write': 'Ihre offenen Rechnungen im Lokal begleichen',
      'invoices:read': 'Ihre Rechnungen und Belege sehen',
      'payment-methods:write': 'Ihre Zahlungsmittel verwalten',
      'memberships:read': 'Ihre Mitgliedschaften sehen',
      'memberships:write': 'Ihre Mitgliedschaften ändern',
      'enquiries:read': 'Ihre Anfragen sehen',
      'enquiries:write': 'in Ihrem Namen Anfragen stellen',
      'sessions:read': 'sehen, wo Sie angemeldet sind',
    },
  },
  help: 'Hilfe',
  policies: {
    terms: 'Allgemeine Geschäftsbedingungen',
    privacy: 'Datenschutzerklärung',
    refund: 'Erstattungsrichtlinie',
  },
  policy: {
    label: 'Rechtliches',
    version: (number, date) => `Fassung ${number}, ${date}`,
    older: 'Dies ist nicht die neueste Fassung.',
    newest: 'Die neueste lesen',
  },
  agreement: {
    heading: 'Bevor es weitergeht',
    intro: (brand) => `${brand} bittet Sie, dies zu lesen und ihm zuzustimmen:`,
    changed: 'seit Ihrer Zustimmung geändert',
    opens: 'Alles öffnet sich in einem neuen Fenster. Diese Seite wartet hier.',
    agree: 'Zustimmen und weiter',
  },
  signOut: {
    heading: 'Abmelden?',
    intro: (brand) => `Sie werden in diesem Browser von ${brand} abgemeldet.`,
    action: 'Abmelden',
    stay: 'Angemeldet bleiben',
  },
  signedOut: {
    heading: 'Sie sind abgemeldet',
    intro: (brand) =>
      `Sie haben ${brand} in diesem Browser verlassen. Diese Seite können Sie schließen.`,
  },
  stayed: {
    heading: 'Sie sind weiter angemeldet',
    intro: (brand) =>
      `Sie bleiben in diesem Browser bei ${brand} angemeldet. Diese Seite können Sie schließen.`,
  },
  ended: {
    heading: 'Diese Anmeldung ist beendet',
    intro:
      'Sie wurde schon abgeschlossen, hat zu lange gedauert oder begann in einem anderen Browser.',
    toClient: (client) => `Gehen Sie zu ${client} und melden Sie sich dort noch einmal an.`,
    toApplication: 'Gehen Sie zurück zur Anwendung und melden Sie sich noch einmal an.',
  },
  interrupted: {
    heading: 'Diese Seite ist veraltet',
    intro:
      'Ihre Anmeldung ging in einem anderen Fenster weiter oder wurde unterbrochen. Nichts ist verloren: Machen Sie hier weiter.',
  },
  handOff: {
    intro: 'Es geht weiter als',
    other: {
      heading: 'Hier ist jemand anderes angemeldet',
      intro: 'In diesem Browser sind Sie angemeldet als',
      hint: 'Wenn Sie weitergehen, wird diese Adresse hier zuerst abgemeldet.',
      stay: (email) => `Angemeldet bleiben als ${email}`,
    },
    stranger: {
      heading: 'Ist das Ihre Adresse?',
      intro: 'Dieser Link meldet Sie an als',
      hint: 'Ist es nicht Ihre Adresse, gehen Sie nicht weiter: Wer Ihnen den Link geschickt hat, möchte, dass Sie ein fremdes Konto benutzen.',
      refuse: 'Das bin ich nicht',
    },
    continueAs: (email) => `Weiter als ${email}`,
    gone: {
      heading: 'Dieser Link gilt nicht mehr',
      intro:
        'Er gilt einmal und eine Minute lang. Gehen Sie zurück und öffnen Sie ihn noch einmal, oder machen Sie hier weiter.',
    },
  },
  account: {
    heading: 'Ihr Konto',
    since: 'Angemeldet seit',
    applications: 'Angemeldet bei',
    sessions: 'Wo Sie angemeldet sind',
    here: 'dieser Browser',
    browser: (browser, system) => `${browser} auf ${system}`,
    unknown: 'ein Browser ohne Namen',
    seen: (date) => `zuletzt benutzt: ${date}`,
    nobody: {
      heading: 'Hier ist niemand angemeldet',
      intro: (brand) => `In diesem Browser ist niemand bei ${brand} angemeldet.`,
    },
  },
  invitation: {
    heading: (name) => `Sie sind eingeladen, ${name} mitzuverwalten`,
    roles: {
      viewer: 'Mit der Rolle „Viewer“ sehen Sie alles und ändern nichts.',
      editor: 'Mit der Rolle „Editor“ kümmern Sie sich um Anwendungen und Kunden.',
      owner:
        'Mit der Rolle „Owner“ verwalten Sie alles, auch die Einstellungen und wer sonst Zugang hat.',
      platform:
        'Mit der Rolle „Platform Owner“ verwalten Sie alle Organisationen dieser Installation.',
    },
    bound: 'Nur die eingeladene Adresse kann annehmen. Sie weisen sie mit einem Code nach.',
    signIn: 'Anmelden und annehmen',
    accept: 'Einladung annehmen',
    other:
      'Diese Einladung gilt für eine andere Adresse. Melden Sie sich ab und öffnen Sie den Link noch einmal.',
    gone: {
      heading: 'Diese Einladung gilt nicht mehr',
      intro:
        'Sie wurde benutzt, ersetzt oder zurückgezogen, oder sie ist abgelaufen. Bitten Sie um eine neue.',
    },
  },
  consolePages: {
    open: 'Konsole öffnen',
    signIn: 'Anmelden',
    signedInAs: 'Sie sind angemeldet als',
    left: 'Sie haben die Konsole verlassen und alles, wo Sie mit ihr in diesem Browser angemeldet waren.',
    noOperator: {
      heading: 'Hier sind Sie nicht als Verwalter eingetragen',
      hint: 'Die Konsole ist für alle, die eine Organisation verwalten. Ein Owner kann Sie einladen.',
      invited: 'Für diese Adresse liegt eine Einladung vor: Öffnen Sie den Link in der E-Mail.',
    },
    failed: {
      heading: 'Sie sind nicht angemeldet',
      intro:
        'Die Anmeldung hat zu lange gedauert, begann in einem anderen Browser oder war schon beendet.',
      cancelled: 'Sie haben abgebrochen. Es wurde nichts geändert.',
    },
    unbuilt: {
      heading: 'Die Konsole ist nicht da',
      intro:
        'Ihre Dateien wurden nicht gebaut. „npm start“ baut sie; das Docker-Image enthält sie.',
    },
  },
  front: {
    heading: 'Willkommen',
    intro: (brand) =>
      `Hier melden sich Kunden von ${brand} an. Öffnen Sie die Anwendung oder Website, die Sie nutzen möchten: Sie führt Sie zur richtigen Seite.`,
  },
  error: {
    heading: 'Das hat nicht geklappt',
    request:
      'Die Anwendung hat etwas geschickt, das nicht beantwortet werden kann. Gehen Sie zurück und versuchen Sie es noch einmal.',
    unavailable:
      'Wir sind gerade nicht erreichbar. Nichts geht verloren: Versuchen Sie es in ein paar Sekunden wieder.',
    internal:
      'Bei uns ist etwas schiefgegangen. Versuchen Sie es noch einmal; bleibt es dabei, nennen Sie uns den Code unten.',
    notFound: {
      heading: 'Diese Seite gibt es nicht',
      intro: 'Vielleicht ist in der Adresse ein Tippfehler, oder die Seite wurde entfernt.',
    },
    foreign: 'Dieses Formular kam von einer fremden Seite, darum ist nichts geschehen.',
    retry: 'Noch einmal versuchen',
    supportCode: 'Support-Code',
    detail: 'Für die Entwicklung',
  },
}
