// Contrast of colours: the ratio that WCAG asks for, and the nearest colour that reaches it.

/** `#rrggbb`, lower case. */
export type Hex = string

/** Red, green and blue as light, each from 0 to 1. */
type Light = readonly [number, number, number]
/** Lightness and the two axes of colour of Oklab; lightness from 0 to 1. */
type Lab = readonly [number, number, number]

/** The contrast ratio of WCAG 2.2 (relative luminance, 1.4.3): 1 to 21, whichever of the two is the text. */
export function contrast(one: Hex, other: Hex): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

/** The least contrast on any of the grounds. */
export function leastContrast(colour: Hex, grounds: readonly Hex[]): number {
  return Math.min(...grounds.map((ground) => contrast(colour, ground)))
}

const STEPS = 256

/**
 * The colour nearest to this one in lightness that reaches `ratio` on every ground: itself when it does.
 * Hue and colourfulness stay, as far as a screen shows them. `undefined` when none does, which happens
 * only with several grounds, or with ratios over 4.58 (black or white reach that on any ground).
 */
export function nearestReadable(
  colour: Hex,
  grounds: readonly Hex[],
  ratio: number,
): Hex | undefined {
  if (leastContrast(colour, grounds) >= ratio) return colour
  const lightness = lightnessOf(colour)
  for (let step = 1; step <= STEPS; step += 1)
    for (const each of [lightness - step / STEPS, lightness + step / STEPS]) {
      // The last one before an end may lie beyond it: the end itself is tried, too.
      if (each < -1 / STEPS || each > 1 + 1 / STEPS) continue
      const shifted = withLightness(colour, Math.min(1, Math.max(0, each)))
      if (leastContrast(shifted, grounds) >= ratio) return shifted
    }
  return undefined
}

/** So much of the other colour in this one, from 0 to 1; mixed as the eye does it (Oklab). */
export function mix(colour: Hex, other: Hex, share: number): Hex {
  const from = toLab(toLight(colour))
  const to = toLab(toLight(other))
  return toHex(fromLab(from.map((value, axis) => value + ((to[axis] ?? 0) - value) * share)))
}

/** From 0, black, to 1, white, as the eye sees it. */
export function lightnessOf(colour: Hex): number {
  return toLab(toLight(colour))[0]
}

/** The same hue, as colourful as before or as a screen shows at that lightness. */
export function withLightness(colour: Hex, lightness: number): Hex {
  const [, a, b] = toLab(toLight(colour))
  const scaled = (share: number) => fromLab([lightness, a * share, b * share])
  let [least, most] = [0, 1]
  if (isShown(scaled(1))) least = 1
  else
    for (let round = 0; round < 10; round += 1) {
      const middle = (least + most) / 2
      if (isShown(scaled(middle))) least = middle
      else most = middle
    }
  return toHex(scaled(least))
}

function luminance(colour: Hex): number {
  const [red, green, blue] = toLight(colour)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

const SLACK = 0.0005

function isShown(light: Light): boolean {
  return light.every((value) => value >= -SLACK && value <= 1 + SLACK)
}

function toLight(colour: Hex): Light {
  const channel = (at: number): number => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return [channel(1), channel(3), channel(5)]
}

function toHex(light: Light): Hex {
  const channels = light.map((each) => {
    const value = Math.min(1, Math.max(0, each))
    const encoded = value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055
    return Math.round(encoded * 255)
      .toString(16)
      .padStart(2, '0')
  })
  return `#${channels.join('')}`
}

/** Björn Ottosson's Oklab, https://bottosson.github.io/posts/oklab/ */
function toLab([red, green, blue]: Light): Lab {
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

function fromLab([lightness = 0, a = 0, b = 0]: readonly number[]): Light {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
}
