// Brands joined to their store and to what draws pictures: the same for the server and the command line.

import { createPictures } from '../../adapters/images/pictures.ts'
import { addressesOf } from '../../interactions/addresses.ts'
import { frameOf } from '../../interactions/frame.ts'
import { emailPage } from '../../interactions/pages/email.ts'
import { signInCodeMail } from '../emails/sign-in-code.ts'
import { createAudit } from '../services/audit/audit.ts'
import { resolveSignInSettings } from '../services/identity/limits/settings.ts'
import { createBrandPreview, type PreviewBrand } from '../services/organisations/brand-preview.ts'
import { type Brands, createBrands } from '../services/organisations/brands.ts'
import type { Issuers } from '../services/organisations/issuers.ts'
import type { Organisations } from '../services/organisations/organisations.ts'
import type { Clock } from '../shared/clock.ts'
import { createCursors } from '../shared/cursors.ts'
import { createAuditStore } from '../stores/audit.ts'
import { createBrandStore } from '../stores/brands.ts'
import type { Ground } from './ground.ts'

export function composeBrands(
  { documents, keyring, clock, log }: Pick<Ground, 'documents' | 'keyring' | 'clock' | 'log'>,
  organisations: Organisations,
): Brands {
  return createBrands({
    store: createBrandStore(documents),
    organisations,
    makeReady: createPictures({ log }),
    cursors: createCursors(keyring),
    audit: createAudit({ store: createAuditStore(documents), clock }).record,
    clock,
  })
}

/** The code in a mail that nobody gets: as many of these digits as codes have. */
const SAMPLE_CODE = '48291573'

export function composeBrandPreview(
  parts: { issuers: Pick<Issuers, 'issuerOf'>; brands: Pick<Brands, 'findPicture'> },
  clock: Clock,
): PreviewBrand {
  return createBrandPreview({
    issuerOf: parts.issuers.issuerOf,
    findPicture: parts.brands.findPicture,
    drawSignInPage: ({ organisation, issuer, look, locale }) =>
      emailPage({
        ...frameOf({ organisation, issuer, locale }),
        look,
        addresses: addressesOf({ issuer, uid: 'preview', restart: undefined }),
        clientName: organisation.name,
        email: '',
      }),
    drawCodeMail({ organisation, look, locale, at }) {
      const { codeLength, codeLife, codeInSubject } = resolveSignInSettings(organisation.signIn)
      return signInCodeMail({
        to: 'customer@example.com',
        code: SAMPLE_CODE.slice(0, codeLength),
        brand: organisation.name,
        look,
        timeZone: organisation.timeZone,
        clientName: organisation.name,
        locale,
        at,
        life: codeLife,
        userAgent: '',
        isInSubject: codeInSubject === 1,
      })
    },
    clock,
  })
}
