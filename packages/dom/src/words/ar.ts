// What the elements say, in Arabic.

import type { Words } from '../elements/words.ts'

/**
 * Arabic words for the elements, which then run from right to left.
 *
 * @example
 * addWords({ ar })
 */
export const ar: Words = {
  emailTitle: 'تسجيل الدخول',
  emailText: 'نرسل إليك رمزًا. لا حاجة إلى كلمة مرور.',
  emailLabel: 'البريد الإلكتروني',
  emailAction: 'متابعة',
  codeTitle: 'تحقّق من بريدك',
  codeText: 'أرسلنا رمزًا إلى {email}. لم يصل شيء؟ ابحث في مجلد الرسائل غير المرغوبة.',
  codeLabel: 'رمز من {count} أرقام',
  codeAction: 'متابعة',
  codeLength: 'يتكون الرمز من {count} أرقام.',
  againText: 'أرسلنا رمزًا جديدًا إلى {email}.',
  resend: 'إرسال رمز جديد',
  resendIn: 'رمز جديد بعد {count} ث',
  otherAddress: 'استخدام عنوان آخر',
  otp_expiredTitle: 'انتهت صلاحية الرمز',
  otp_expiredText: 'نرسل رمزًا جديدًا إلى {email}.',
  otp_expiredAction: 'إرسال رمز جديد',
  too_many_attemptsTitle: 'رموز خاطئة كثيرة',
  too_many_attemptsText: 'حفاظًا على أمانك لم يعد هذا الرمز صالحًا.',
  too_many_attemptsAction: 'البدء من جديد',
  policies_requiredTitle: 'قبل المتابعة',
  policies_requiredText: 'يُرجى القراءة والموافقة:',
  policies_requiredAction: 'الموافقة والمتابعة',
  terms: 'شروط الخدمة',
  privacy: 'سياسة الخصوصية',
  refund: 'سياسة الاسترداد',
  changed: 'تغيّرت',
  redirect_requiredTitle: 'خطوة أخرى',
  redirect_requiredText: 'حفاظًا على أمانك تتابع لدى {issuer}، ثم تعود إلى هنا.',
  redirect_requiredAction: 'متابعة',
  busy: 'لحظة من فضلك…',
  otp_invalid: 'هذا الرمز غير صحيح.',
  attemptsLeft: {
    one: 'بقيت محاولة واحدة.',
    two: 'بقيت محاولتان.',
    other: 'بقيت {count} محاولات.',
  },
  email_invalid: 'لا يمكننا الكتابة إلى هذا العنوان. هل هو صحيح؟',
  email_blocked: 'لا يمكننا الكتابة إلى هذا العنوان. استخدم عنوانًا آخر.',
  rate_limited: {
    one: 'محاولات كثيرة. حاول مجددًا بعد دقيقة واحدة.',
    two: 'محاولات كثيرة. حاول مجددًا بعد دقيقتين.',
    few: 'محاولات كثيرة. حاول مجددًا بعد {count} دقائق.',
    other: 'محاولات كثيرة. حاول مجددًا بعد {count} دقيقة.',
  },
  network_error: 'لا يوجد اتصال. حاول مرة أخرى.',
  origin_not_allowed: 'لا يمكن تسجيل الدخول في هذه الصفحة.',
  request_failed: 'لم ينجح ذلك. حاول مرة أخرى.',
  signedIn: 'تم تسجيل دخولك.',
  account: 'حسابك',
  signOut: 'تسجيل الخروج',
  signOutEverywhere: 'تسجيل الخروج من كل مكان',
  signedOut: 'تم تسجيل خروجك.',
}
