// What mails say, in German.

import type { Messages } from './en.ts'

export const de: Messages = {
  code: {
    subject: (code, name) => `${code} ist Ihr Code für ${name}`,
    plainSubject: (name) => `Ihr Anmeldecode für ${name}`,
    heading: 'Ihr Anmeldecode',
    intro: (client) => `Mit diesem Code melden Sie sich bei ${client} an:`,
    life: (minutes) => `Er gilt ${minutes} Minuten und nur einmal.`,
    asked: (time, browser) => `Angefordert am ${time}, mit ${browser}.`,
    warning:
      'Geben Sie diesen Code niemandem weiter. Wir fragen Sie nie danach, weder am Telefon noch anderswo.',
    ignore:
      'Sie haben keinen Code angefordert? Dann ist nichts zu tun: Ohne den Code kommt niemand hinein.',
  },
  locked: {
    subject: (name) => `Anmeldung bei ${name} für Ihre Adresse unterbrochen`,
    heading: 'Jemand probiert Codes aus',
    intro: (name) =>
      `Für Ihre Adresse wurden bei ${name} zu viele falsche Codes eingegeben. Niemand ist hineingekommen.`,
    until: (time) =>
      `Damit das so bleibt, werden bis ${time} keine Codes verschickt oder angenommen.`,
    ignore:
      'Sie müssen nichts tun. Wo Sie angemeldet sind, bleiben Sie angemeldet, und in einem Browser, in dem Sie sich schon einmal angemeldet haben, bekommen Sie weiterhin Codes.',
  },
  reused: {
    subject: (client) => `Sie wurden bei ${client} abgemeldet`,
    heading: 'Wir haben vorsorglich eine Anmeldung beendet',
    intro: (client) =>
      `Ein Schlüssel zu Ihrem Konto, den ${client} schon verbraucht hatte, wurde noch einmal benutzt. Vielleicht hat ihn jemand kopiert, deshalb haben wir diese Anmeldung beendet.`,
    next: (client) => `Um weiterzumachen, melden Sie sich bei ${client} mit einem neuen Code an.`,
    ignore: 'Ihre anderen Anmeldungen gelten weiter. Wenn das öfter geschieht, sagen Sie es uns.',
  },
  invitation: {
    subject: (name) => `Einladung: ${name} mitverwalten`,
    heading: 'Sie sind eingeladen',
    intro: (name) => `Jemand, der ${name} verwaltet, bittet Sie, das gemeinsam zu tun.`,
    roles: {
      viewer: 'Mit der Rolle „Viewer“ sehen Sie alles und ändern nichts.',
      editor: 'Mit der Rolle „Editor“ kümmern Sie sich um Anwendungen und Kunden.',
      owner:
        'Mit der Rolle „Owner“ verwalten Sie alles, auch die Einstellungen und wer sonst Zugang hat.',
      platform:
        'Mit der Rolle „Platform Owner“ verwalten Sie alle Organisationen dieser Installation.',
    },
    button: 'Einladung annehmen',
    until: (time) => `Sie gilt einmal, bis ${time}.`,
    bound:
      'Sie gilt nur für diese Adresse: Sie melden sich mit einem Code an, den wir Ihnen schicken.',
    ignore: 'Sie wissen nicht, worum es geht? Dann ist nichts zu tun: Es geschieht nichts.',
  },
  secretEnds: {
    subject: (client) => `Ein Secret von ${client} läuft bald ab`,
    heading: 'Ein Secret erneuern',
    intro: (client, hint, time) =>
      `Das Secret von ${client}, das auf ${hint} endet, gilt bis ${time}. Was es dann noch benutzt, funktioniert nicht mehr.`,
    used: (time) => `Zuletzt benutzt wurde es am ${time}.`,
    unused: 'Soweit bekannt, wurde es nie benutzt.',
    next: 'Legen Sie ein zweites Secret an, geben Sie es der Anwendung, und widerrufen Sie das alte, wenn es nicht mehr benutzt wird. Bis dahin gelten beide, und niemand merkt etwas.',
    button: 'Anwendung öffnen',
    ignore: 'Sie haben es schon erneuert? Dann widerrufen Sie das alte, und alles ist getan.',
  },
  help: 'Hilfe',
  policies: {
    terms: 'Allgemeine Geschäftsbedingungen',
    privacy: 'Datenschutzerklärung',
    refund: 'Erstattungsrichtlinie',
  },
  browserOn: (browser, system) => `${browser} auf ${system}`,
  unknownBrowser: 'einem Browser, der sich nicht zu erkennen gab',
}
