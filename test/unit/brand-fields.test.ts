// What comes from outside becomes tokens or is refused: no letter of it reaches a style sheet as it came.

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { stylesOf } from '../../interactions/pages/styles.ts'
import { type BrandEdit, editedBrand } from '../../src/services/organisations/brand-fields.ts'
import { brandFonts, cornerScale, plainBrand } from '../../src/shared/brand.ts'
import { lookOf, plainLook } from '../../src/shared/look.ts'

const nearlyHex = fc
  .tuple(
    fc.constantFrom('#', '', '#', '##', ' #'),
    fc.stringMatching(/^[0-9a-fA-F]{5,7}$/),
    fc.constantFrom('', '', ';', '}', '\n', '</style>', ' ', '\u0000', '//'),
  )
  .map((parts) => parts.join(''))
const value = fc.oneof(fc.string(), nearlyHex, fc.constant(null))
const colours = fc.record(
  { accent: value, background: value, text: value, accentText: value, link: value },
  { requiredKeys: [] },
)
const edits: fc.Arbitrary<BrandEdit> = fc.record(
  {
    colours: fc.record({ light: colours, dark: colours }, { requiredKeys: [] }),
    corners: fc.oneof(fc.string(), fc.constantFrom(...Object.keys(cornerScale))),
    font: fc.oneof(fc.string(), fc.constantFrom(...Object.keys(brandFonts))),
  },
  { requiredKeys: [] },
)

/** A style sheet with its colours and its numbers of roundness left out. */
const shapeOf = (style: string): string =>
  style
    .slice(0, style.indexOf('* { box-sizing'))
    .replace(/#[0-9a-f]{6};/g, '#;')
    .replace(/--round: [\d.]+;/, '--round: ;')
    .replace(/--(heading|text): [^;]*;/g, '--$1: ;')

describe('P04: an edit of a brand', () => {
  it('whatever it holds, is refused or changes colours, corners and typefaces alone', () => {
    const shape = shapeOf(stylesOf(plainLook))
    let taken = 0
    fc.assert(
      fc.property(edits, (edit) => {
        const made = editedBrand(plainBrand, edit)
        if ('problems' in made) return
        taken += 1
        const named = Object.values(made.colours).flatMap((each) => Object.values(each))
        for (const colour of named) expect(colour).toMatch(/^#[0-9a-f]{6}$/)
        expect(Object.hasOwn(cornerScale, made.corners)).toBe(true)
        expect(Object.hasOwn(brandFonts, made.font)).toBe(true)
        expect(shapeOf(stylesOf(lookOf(made, 'https://id.example')))).toBe(shape)
      }),
      { numRuns: 1000 },
    )
    expect(taken).toBeGreaterThan(20)
  })
})
