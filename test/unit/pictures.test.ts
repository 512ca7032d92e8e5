// Pictures from outside: what is drawn anew, what is refused, and that nothing else comes through.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import sharp from 'sharp'
import { createPictures } from '../../adapters/images/pictures.ts'
import { createLog } from '../../src/shared/log.ts'
import { expectWithin } from '../support/stopwatch.ts'

const silentLog = createLog({ level: 'silent', format: 'json' })
const frame = { width: 480, height: 160 }
const makeReady = createPictures({ log: silentLog })
const ready = async (
  source: Uint8Array | string,
  into: Parameters<typeof makeReady>[1] = frame,
) => {
  const made = await makeReady(Buffer.from(source), into)
  if (made.outcome !== 'ready') throw new Error(JSON.stringify(made))
  return made
}
const refusal = async (source: Uint8Array | string) => {
  const made = await makeReady(Buffer.from(source), frame)
  return made.outcome === 'refused' ? made.reason : made.outcome
}
const solid = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#0a7d3c' } })
const svg = (inside: string, attributes = 'viewBox="0 0 40 20"', before = '') =>
  `${before}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${attributes}>${inside}</svg>`
const rectangle = '<rect width="40" height="20" fill="#0a7d3c"/>'
/** The colour in the middle. */
async function middle(png: Uint8Array, { width, height }: { width: number; height: number }) {
  const raw = await sharp(png)
    .extract({ left: width >> 1, top: height >> 1, width: 1, height: 1 })
    .raw()
    .toBuffer()
  return `#${raw.subarray(0, 3).toString('hex')}`
}

describe('a picture', () => {
  it.each([
    ['PNG', () => solid(960, 320).png().toBuffer()],
    ['JPEG', () => solid(960, 320).jpeg().toBuffer()],
    ['WebP', () => solid(960, 320).webp().toBuffer()],
    ['SVG', async () => Buffer.from(svg(rectangle))],
  ])('of type %s is drawn anew as a PNG that fits its place', async (_name, make) => {
    const made = await ready(await make())
    expect(await sharp(made.png).metadata()).toMatchObject({
      format: 'png',
      width: made.width,
      height: made.height,
    })
    expect([made.width, made.height]).toEqual([expect.any(Number), 160])
    expect(Number.parseInt((await middle(made.png, made)).slice(3, 5), 16)).toBeCloseTo(0x7d, -1)
  })

  it('that is smaller stays so; an SVG is drawn in the full size', async () => {
    expect(await ready(await solid(40, 20).png().toBuffer())).toMatchObject({
      width: 40,
      height: 20,
    })
    expect(await ready(svg(rectangle))).toMatchObject({ width: 320, height: 160 })
    expect(await ready(svg(rectangle, 'width="4" height="2"'))).toMatchObject({ width: 320 })
  })

  it('that has to fill its place gets nothing around it that is seen', async () => {
    const made = await ready(svg(rectangle), { width: 96, height: 96, fill: true })
    expect(made).toMatchObject({ width: 96, height: 96 })
    const corner = await sharp(made.png)
      .extract({ left: 0, top: 0, width: 1, height: 1 })
      .raw()
      .toBuffer()
    expect(corner[3]).toBe(0)
  })

  it('P06: leaves its metadata behind, and is turned as it says', async () => {
    const source = await solid(100, 50)
      .jpeg()
      .withExif({ IFD0: { Artist: 'Somebody Private', Copyright: 'MARKER' } })
      .withMetadata({ orientation: 6 })
      .toBuffer()
    const made = await ready(source)
    expect([made.width, made.height]).toEqual([50, 100])
    const { exif, icc, xmp, orientation } = await sharp(made.png).metadata()
    expect({ exif, icc, xmp, orientation }).toEqual({})
    expect(Buffer.from(made.png).includes('MARKER')).toBe(false)
  })
})

describe('P06: an SVG', () => {
  it.each([
    ['a script', svg(`<script>alert('MARKER')</script>${rectangle}`)],
    ['an onload', svg(rectangle, `viewBox="0 0 40 20" onload="alert('MARKER')"`)],
    [
      'foreign HTML',
      svg(
        `${rectangle}<foreignObject width="40" height="20"><body xmlns="http://www.w3.org/1999/xhtml"><script>MARKER</script></body></foreignObject>`,
      ),
    ],
    ['a link of script', svg(`<a xlink:href="javascript:alert('MARKER')">${rectangle}</a>`)],
    [
      'an import of styles',
      svg(`<style>@import url(https://evil.example/MARKER);</style>${rectangle}`),
    ],
  ])('with %s comes out as pixels alone', async (_name, source) => {
    const made = await ready(source)
    expect(await middle(made.png, made)).toBe('#0a7d3c')
    expect(Buffer.from(made.png).includes('MARKER')).toBe(false)
    expect(Buffer.from(made.png.subarray(0, 8)).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
  })

  describe('that names what lies elsewhere', () => {
    const folder = mkdtempSync(join(tmpdir(), 'foyer-pictures-'))
    const file = join(folder, 'secret.svg')
    let asked = 0
    const listener = createServer((_req, res) => {
      asked += 1
      res.end()
    })
    let address = ''
    beforeAll(async () => {
      writeFileSync(file, svg('<rect id="a" width="40" height="20" fill="#ff0000"/>'))
      await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
      address = `http://127.0.0.1:${(listener.address() as AddressInfo).port}` // it listens on TCP
    })
    afterAll(() => {
      listener.close()
      rmSync(folder, { recursive: true })
    })
    const places = () => [address, pathToFileURL(file).href, file]

    it('by <use>, a style, a filter or a font is drawn without it, and nothing is fetched', async () => {
      for (const place of places())
        for (const inside of [
          `<use xlink:href="${place}#a"/>`,
          `<style>@import "${place}"; @font-face { font-family: x; src: url(${place}) } text { font-family: x }</style><text y="9">a</text>`,
          `<g style="mask: url(${place}#a)"/>`,
          `<g filter="url(${place}#a)"/>`,
        ]) {
          const made = await ready(svg(rectangle + inside))
          expect(await middle(made.png, made)).toBe('#0a7d3c')
        }
      expect(asked).toBe(0)
    })

    it('by a picture, an entity or a style sheet is refused', async () => {
      for (const place of places())
        for (const source of [
          svg(`<image xlink:href="${place}" width="9" height="9"/>`),
          svg(`<x:image xmlns:x="http://www.w3.org/2000/svg" href="${place}"/>`),
          svg(`<é:image xmlns:é="http://www.w3.org/2000/svg" href="${place}"/>`),
          svg(`<filter id="f"><feImage href="${place}"/></filter>`),
          svg('<text>&a;</text>', '', `<!DOCTYPE svg [<!ENTITY a SYSTEM "${place}">]>`),
          svg('<text>%a;</text>', '', `<!DOCTYPE svg [<!ENTITY % a SYSTEM "${place}"> %a;]>`),
          svg(rectangle, '', `<?xml version="1.0"?><?xml-stylesheet href="${place}"?>`),
        ])
          expect(['unsafe-svg', 'type']).toContain(await refusal(source))
      expect(asked).toBe(0)
    })
  })

  it('that would grow without end is refused', async () => {
    const laughs = '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    expect(await refusal(svg('&b;', '', `<!DOCTYPE svg [${laughs}]>`))).toBe('unsafe-svg')
    const uses = Array.from({ length: 40 }, (_, at) => {
      const href = `xlink:href="#g${at}"`
      return `<g id="g${at + 1}"><use ${href}/><use ${href}/></g>`
    })
    const deep = svg(
      `<defs><g id="g0">${rectangle}</g>${uses.join('')}</defs><use xlink:href="#g40"/>`,
    )
    expect(['unreadable', 'empty']).toContain(await refusal(deep))
  })

  it('with a megabyte of beginnings is told in a moment', async () => {
    const parts = [
      '<!--',
      '<!-- -->',
      '<?xml ',
      '<!DOCTYPE ',
      '<!ENTITY',
      '<svg:',
      ' encoding =',
      '<x',
    ]
    await expectWithin(8000, async () => {
      for (const part of parts)
        for (const before of ['', '<svg>', '<?xml '])
          await refusal(before + part.repeat(1_000_000 / part.length))
    })
  })

  it('in letters that hide what it says is refused', async () => {
    const hidden = svg(
      '<image href="file:///etc/passwd"/>',
      '',
      '<?xml version="1.0" encoding="UTF-16"?>',
    )
    expect(await refusal(Buffer.from(`\ufeff${hidden}`, 'utf16le'))).toBe('type')
    expect(await refusal(hidden.replace('UTF-16', 'UTF-7'))).toBe('unsafe-svg')
    const late = `<?xml version="1.0"${' '.repeat(200)}encoding="UTF-7"?>${svg(rectangle)}`
    expect(await refusal(late)).toBe('unsafe-svg')
  })
})

describe('P06: a file', () => {
  it.each([
    ['HTML', '<!doctype html><script>alert(1)</script>'],
    ['HTML that mentions <svg', '<html><svg onload="alert(1)"></svg></html>'],
    ['a GIF', Buffer.from('R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=', 'base64')],
    ['a PDF', '%PDF-1.7\n'],
    ['a TIFF', Buffer.from('49492a0008000000', 'hex')],
    ['compressed SVG', Buffer.from('1f8b0800000000000003', 'hex')],
    ['nothing', ''],
    ['words', 'not a picture'],
  ])('that is %s is refused, whatever it was called', async (_name, source) => {
    expect(await refusal(source)).toBe('type')
  })

  it('that is a picture and a page at once comes out as a picture alone', async () => {
    const page = '<script>alert("MARKER")</script>'
    const png = await solid(60, 20).png().toBuffer()
    const made = await ready(Buffer.concat([png, Buffer.from(page)]))
    expect(Buffer.from(made.png).includes('MARKER')).toBe(false)
  })

  it('of 50 million pixels is refused, packed as small as it may be', async () => {
    const bomb = await solid(10_000, 5_000).png({ compressionLevel: 9 }).toBuffer()
    expect(bomb.length).toBeLessThan(1_000_000)
    expect(await refusal(bomb)).toBe('pixels')
  })

  it('that is broken or shows nothing is refused', async () => {
    const png = await solid(600, 200).png().toBuffer()
    expect(await refusal(png.subarray(0, 60))).toBe('unreadable')
    expect(await refusal(svg(''))).toBe('empty')
  })

  it('is not blamed when the program that draws does not run', async () => {
    const broken = createPictures({ log: silentLog, program: 'nowhere.ts' })
    await expect(broken(Buffer.from(svg(rectangle)), frame)).rejects.toThrow(/ended with 1/)
  })

  it('A02: that takes longer than allowed is given up', async () => {
    const hurried = createPictures({ log: silentLog, timeLimit: 1 })
    expect(await hurried(Buffer.from(svg(rectangle)), frame)).toEqual({
      outcome: 'refused',
      reason: 'unreadable',
    })
  })

  it('P06: twenty at once are drawn two at a time, and far more are asked to wait', async () => {
    const source = await solid(2000, 2000).webp().toBuffer()
    const before = process.memoryUsage().rss
    const all = await Promise.all(Array.from({ length: 40 }, () => makeReady(source, frame)))
    const count = (outcome: string) => all.filter((each) => each.outcome === outcome).length
    expect(count('ready')).toBe(32)
    expect(count('busy')).toBe(8)
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024)
  })
})
