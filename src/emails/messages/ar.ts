// What mails say, in Arabic.

import type { Messages } from './en.ts'

export const ar: Messages = {
  code: {
    subject: (code, name) => `${code} هو رمزك لدى ${name}`,
    plainSubject: (name) => `رمز تسجيل الدخول إلى ${name}`,
    heading: 'رمز تسجيل الدخول',
    intro: (client) => `اكتب هذا الرمز لتسجيل الدخول إلى ${client}:`,
    life: (minutes) =>
      `الرمز صالح لمدة ${minutes} ${minutes > 10 ? 'دقيقة' : 'دقائق'} ويُستخدم مرة واحدة فقط.`,
    askedAt: (time) => `طُلب في ${time}`,
    askedFrom: (browser) => `من ${browser}`,
    warning: 'لا تُعطِ هذا الرمز لأي شخص. لن نطلبه منك أبدًا، لا عبر الهاتف ولا بأي طريقة أخرى.',
    ignore: 'لم تطلب الرمز؟ تجاهل هذه الرسالة: لا يمكن لأحد الدخول من دونه.',
  },
  locked: {
    subject: (name) => `تم إيقاف تسجيل الدخول مؤقتًا إلى ${name} لعنوانك`,
    heading: 'هناك من يجرّب الرموز',
    intro: (name) => `أُدخلت رموز خاطئة كثيرة لعنوانك لدى ${name}. لم يتمكن أحد من الدخول.`,
    until: (time) => `للحفاظ على ذلك، لن تُرسل الرموز أو تُقبل حتى ${time}.`,
    ignore:
      'لا يلزمك فعل شيء. ستبقى مسجلًا حيث سجّلت الدخول، وفي متصفح سجّلت الدخول منه من قبل ستصلك الرموز كالمعتاد.',
  },
  reused: {
    subject: (client) => `تم تسجيل خروجك من ${client}`,
    heading: 'أنهينا جلسة احتياطًا',
    intro: (client) =>
      `استُخدم مجددًا مفتاح لحسابك كان ${client} قد استعمله وتخلّص منه. ربما نسخه شخص ما، لذلك أنهينا تلك الجلسة.`,
    next: (client) => `للمتابعة، سجّل الدخول إلى ${client} من جديد برمز جديد.`,
    ignore: 'تبقى جلساتك الأخرى كما هي. إن تكرر ذلك فأخبرنا.',
  },
  browserOn: (browser, system) => `${browser} على ${system}`,
  unknownBrowser: 'متصفح لم يعرّف عن نفسه',
}
