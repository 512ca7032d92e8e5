// A process of its own that turns one picture, from standard input, into a PNG on standard output.

import { buffer } from 'node:stream/consumers'
import sharp, { type Metadata, type Sharp } from 'sharp'
import type { Frame } from '../../src/shared/pictures.ts'
import { exitCodes, MAX_PIXELS } from './protocol.ts'

// One picture, one thread, nothing remembered; and no other decoder than these, whatever the bytes pretend.
sharp.cache(false)
sharp.concurrency(1)
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['Png', 'Jpeg', 'Webp', 'Svg'].map((kind) => `VipsForeignLoad${kind}Buffer`),
})

/** Of an SVG that says nothing else, in dots per inch. */
const USUAL_DENSITY = 72

const [kind = '', width = '', height = '', fill] = process.argv.slice(2)
const frame: Frame = {
  width: Number(width),
  height: Number(height),
  ...(fill === 'fill' && { fill: true }),
}

try {
  const bytes = await buffer(process.stdin)
  const metadata = await sharp(bytes, { limitInputPixels: MAX_PIXELS }).metadata()
  if (metadata.format !== kind) throw new Error(`${metadata.format} is not ${kind}`)
  const png = await drawn(bytes, metadata)
  if (await isEmpty(png)) process.exitCode = exitCodes.empty
  else process.stdout.write(png)
} catch (error) {
  const isTooLarge = error instanceof Error && /pixel limit/.test(error.message)
  process.exitCode = isTooLarge ? exitCodes.pixels : exitCodes.unreadable
}

/** New pixels in a new file: nothing of the old one's other contents is in it. */
function drawn(bytes: Buffer, metadata: Metadata): Promise<Buffer> {
  const isSvg = metadata.format === 'svg'
  const source = sharp(bytes, {
    limitInputPixels: MAX_PIXELS,
    failOn: 'error',
    ...(isSvg && { density: densityFor(metadata) }),
  })
  return sized(source.autoOrient(), isSvg)
    .toColourspace('srgb')
    .png({ compressionLevel: 9 })
    .toBuffer()
}

function sized(source: Sharp, isSvg: boolean): Sharp {
  const size = { width: frame.width, height: frame.height }
  return frame.fill
    ? source.resize({ ...size, fit: 'contain', background: { r: 0, g: 0, b: 0, alpha: 0 } })
    : source.resize({ ...size, fit: 'inside', withoutEnlargement: !isSvg })
}

/** So that it is drawn in the size in which it is kept. */
function densityFor(metadata: Metadata): number {
  const scale = Math.min(frame.width / metadata.width, frame.height / metadata.height)
  return Math.min(100_000, Math.max(1, USUAL_DENSITY * scale))
}

async function isEmpty(png: Buffer): Promise<boolean> {
  const { channels } = await sharp(png).stats()
  const alpha = channels.length % 2 === 0 ? channels.at(-1) : undefined
  return alpha?.max === 0
}
