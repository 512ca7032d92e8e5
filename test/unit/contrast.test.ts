// Contrast: the ratio, the nearest readable colour, and that every page of every brand can be read.

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { BrandColours } from '../../src/shared/brand.ts'
import { plainBrand } from '../../src/shared/brand.ts'
import { adjusted, contrastChecks, paletteOf } from '../../src/shared/brand-colours.ts'
import { contrast, lightnessOf, nearestReadable, withLightness } from '../../src/shared/contrast.ts'
import { palette } from '../../src/shared/palette.ts'

const hex = fc
  .integer({ min: 0, max: 0xffffff })
  .map((value) => `#${value.toString(16).padStart(6, '0')}`)
const optional = fc.option(hex, { nil: undefined })
const colours: fc.Arbitrary<BrandColours> = fc
  .record({ accent: hex, background: hex, text: hex, accentText: optional, link: optional })
  .map(({ accentText, link, ...named }) => ({
    ...named,
    ...(accentText && { accentText }),
    ...(link && { link }),
  }))

describe('the contrast ratio', () => {
  it.each([
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    ['#767676', '#ffffff', 4.54],
    ['#777777', '#ffffff', 4.48],
    ['#ff0000', '#ffffff', 4],
    ['#0000ff', '#ffff00', 8],
  ])('of %s and %s is %f, as WCAG reckons', (one, other, ratio) => {
    expect(Math.round(contrast(one, other) * 100) / 100).toBe(ratio)
  })

  it('is the same both ways, and lies between 1 and 21', () => {
    fc.assert(
      fc.property(hex, hex, (one, other) => {
        const ratio = contrast(one, other)
        expect(ratio).toBe(contrast(other, one))
        expect(ratio).toBeGreaterThanOrEqual(1)
        expect(ratio).toBeLessThanOrEqual(21)
      }),
    )
  })
})

describe('the nearest readable colour', () => {
  it('reaches the ratio on every ground there is', () => {
    fc.assert(
      fc.property(hex, hex, (colour, ground) => {
        const found = nearestReadable(colour, [ground], 4.5)
        expect(found).toMatch(/^#[0-9a-f]{6}$/)
        expect(contrast(found ?? '', ground)).toBeGreaterThanOrEqual(4.5)
      }),
      { numRuns: 500 },
    )
  })

  it('is the colour itself where that can be read', () => {
    fc.assert(
      fc.property(hex, hex, (colour, ground) => {
        fc.pre(contrast(colour, ground) >= 4.5)
        expect(nearestReadable(colour, [ground], 4.5)).toBe(colour)
      }),
    )
  })

  it('is the nearest: two thirds of the way there cannot be read yet', () => {
    fc.assert(
      fc.property(hex, hex, (colour, ground) => {
        const found = nearestReadable(colour, [ground], 4.5) ?? ''
        const way = lightnessOf(found) - lightnessOf(colour)
        fc.pre(Math.abs(way) > 0.05)
        const short = withLightness(colour, lightnessOf(colour) + (way * 2) / 3)
        expect(contrast(short, ground)).toBeLessThan(4.5)
      }),
    )
  })

  it('keeps the hue: of blue comes blue, of orange brown', () => {
    expect(nearestReadable('#5b8def', ['#ffffff'], 4.5)).toMatch(/^#[0-6][0-9a-f][0-9a-f]{2}[c-f]/)
    expect(nearestReadable('#ff9900', ['#ffffff'], 4.5)).toMatch(/^#[89a-f].[5-7].0/)
  })
})

describe('the colours of a page', () => {
  it('can all be read, whatever colours a brand was given, once they are adjusted', () => {
    fc.assert(
      fc.property(colours, (given) => {
        const mended = adjusted('light', given)
        for (const check of contrastChecks('light', mended)) expect(check.passes).toBe(true)
        const made = paletteOf({ light: mended, dark: mended })
        const on = (name: keyof typeof made, ground: keyof typeof made) =>
          contrast(made[name].light, made[ground].light)
        for (const ground of ['page', 'card', 'tint'] as const) {
          for (const text of ['ink', 'soft', 'link', 'bad'] as const)
            expect([text, ground, on(text, ground) >= 4.5]).toEqual([text, ground, true])
          expect(on('edge', ground)).toBeGreaterThanOrEqual(3)
        }
        expect(on('on-accent', 'accent')).toBeGreaterThanOrEqual(4.5)
      }),
      { numRuns: 300 },
    )
  })

  it('passes what is passed, and changes nothing about it', () => {
    expect(adjusted('light', plainBrand.colours.light)).toEqual(plainBrand.colours.light)
    expect(adjusted('dark', plainBrand.colours.dark)).toEqual(plainBrand.colours.dark)
  })

  it('says of each pair that fails which colour would do', () => {
    const yellow = { accent: '#ffd400', background: '#ffffff', text: '#999999' }
    const checks = contrastChecks('light', yellow)
    expect(checks.map(({ colour, passes }) => [colour, passes])).toEqual([
      ['text', false],
      ['accentText', true],
      ['link', false],
    ])
    const [text, button, link] = checks
    expect(text).toMatchObject({ ratio: 2.84, suggestion: expect.stringMatching(/^#7[0-9a-f]/) })
    expect(button).toMatchObject({ foreground: '#000000', ground: '#ffd400' })
    // The button stays as yellow as it was: only links are darkened.
    expect(adjusted('light', yellow)).toMatchObject({
      accent: '#ffd400',
      link: link?.suggestion,
    })
  })

  it('cuts the ratio: what misses by a hair does not look as if it passed', () => {
    for (const { ratio, passes } of contrastChecks('light', {
      accent: '#777777',
      background: '#ffffff',
      text: '#767676',
    }))
      expect(passes).toBe(ratio >= 4.5)
  })

  it('of a brand in the house’s own colours are nearly the house’s own', () => {
    const made = paletteOf(plainBrand.colours)
    for (const scheme of ['light', 'dark'] as const)
      for (const name of ['page', 'card', 'ink', 'soft', 'accent', 'bad'] as const) {
        const distance = lightnessOf(made[name][scheme]) - lightnessOf(palette[name][scheme])
        expect([name, scheme, Math.abs(distance) < 0.06]).toEqual([name, scheme, true])
      }
  })
})
