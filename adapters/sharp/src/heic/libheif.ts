import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { corruptImage } from '@calotype/core'
import { damaged } from './boxes.ts'

/** What is used of libheif's WebAssembly build: its C interface as Emscripten exposes it. */
interface Libheif {
  heif_colorspace: { heif_colorspace_RGB: unknown }
  heif_chroma: { heif_chroma_interleaved_RGBA: unknown }
  heif_error_code: { heif_error_Ok: unknown }
  heif_context_alloc(): unknown
  heif_context_free(context: unknown): void
  heif_context_read_from_memory(context: unknown, bytes: Uint8Array): HeifError
  heif_js_context_get_primary_image_handle(context: unknown): unknown
  heif_image_handle_is_premultiplied_alpha(handle: unknown): number
  heif_image_handle_release(handle: unknown): void
  heif_js_decode_image2(handle: unknown, colorspace: unknown, chroma: unknown): HeifError | HeifImage
  heif_image_release(image: unknown): void
}

interface HeifError {
  code: unknown
  message: string
}

interface HeifImage {
  image: unknown
  channels: readonly { stride: number; width: number; height: number; data: Uint8Array }[]
}

/** Samples of 8 bits, RGBA, straight alpha, in the colours of the file; upright. They lie in WebAssembly memory. */
export interface HeicPixels {
  data: Uint8Array
  /** Bytes from row to row. */
  stride: number
  width: number
  height: number
  premultiplied: boolean
}

const isError = (found: unknown): found is HeifError =>
  typeof found === 'object' && found !== null && 'code' in found && 'message' in found

const fail = ({ message }: HeifError): Error => corruptImage(message.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 160))

/** The package brings no types for the part that is used here. */
const asFactory = (loaded: unknown): ((options: object) => Libheif) => loaded as (options: object) => Libheif

let binary: Promise<Buffer> | undefined

/** A fresh instance: WebAssembly memory only grows, so each picture gets one of its own, which goes with it. */
const instantiate = async (): Promise<Libheif> => {
  const require = createRequire(import.meta.url)
  binary ??= readFile(require.resolve('libheif-js/libheif-wasm/libheif.wasm'))
  const silent = (): void => undefined
  const factory = asFactory(require('libheif-js/libheif-wasm/libheif.js'))
  return factory({ wasmBinary: await binary, print: silent, printErr: silent })
}

const decodeHandle = (libheif: Libheif, handle: unknown): { image: unknown; pixels: HeicPixels } => {
  const { heif_colorspace_RGB } = libheif.heif_colorspace
  const { heif_chroma_interleaved_RGBA } = libheif.heif_chroma
  const decoded = libheif.heif_js_decode_image2(handle, heif_colorspace_RGB, heif_chroma_interleaved_RGBA)
  if (isError(decoded)) throw fail(decoded)
  const { image, channels } = decoded
  const [interleaved] = channels
  if (interleaved === undefined) throw damaged('its picture has no pixels')
  const premultiplied = libheif.heif_image_handle_is_premultiplied_alpha(handle) !== 0
  return { image, pixels: { ...interleaved, premultiplied } }
}

/**
 * Decodes the picture of a HEIC file: irot, imir and clap are applied, EXIF orientation and colour profile are not.
 * @param use what is done with the pixels while they are there
 * @throws corrupt_image
 */
export const withHeicPixels = async <T>(bytes: Uint8Array, use: (pixels: HeicPixels) => Promise<T>): Promise<T> => {
  const libheif = await instantiate()
  const context = libheif.heif_context_alloc()
  try {
    const read = libheif.heif_context_read_from_memory(context, bytes)
    if (read.code !== libheif.heif_error_code.heif_error_Ok) throw fail(read)
    const handle = libheif.heif_js_context_get_primary_image_handle(context)
    if (isError(handle)) throw fail(handle)
    const { image, pixels } = decodeHandle(libheif, handle)
    const result = await use(pixels)
    libheif.heif_image_release(image)
    libheif.heif_image_handle_release(handle)
    return result
  } finally {
    libheif.heif_context_free(context)
  }
}
