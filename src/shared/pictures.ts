// The port that makes pictures from outside ready to be shown: what it promises, and what it refuses.

/** The box that a picture is made to fit, in pixels. `fill`: exactly its size, with nothing around the picture. */
export type Frame = { readonly width: number; readonly height: number; readonly fill?: true }

export type ReadyPicture = { png: Uint8Array; width: number; height: number }

/**
 * `type`: no PNG, JPEG, WebP or SVG, whatever it is called. `unsafe-svg`: it declares entities, embeds
 * pictures, or is no UTF-8. `pixels`: over 16 million. `unreadable`: broken, or takes too long.
 * `empty`: nothing of it would be seen.
 */
export const pictureRefusals = ['type', 'unsafe-svg', 'pixels', 'unreadable', 'empty'] as const
export type PictureRefusal = (typeof pictureRefusals)[number]

export type MakeReady = (
  bytes: Uint8Array,
  frame: Frame,
) => Promise<
  | ({ outcome: 'ready' } & ReadyPicture)
  | { outcome: 'refused'; reason: PictureRefusal }
  /** Too many are being made ready: worth trying again in some seconds. */
  | { outcome: 'busy' }
>
