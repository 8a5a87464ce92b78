import sharp from 'sharp'

/**
 * Leaves libvips only the loaders of the five accepted formats, so that no sniffing mistake reaches another decoder
 * (stock sharp reads SVG, TIFF and more). Holds for the whole process.
 */
export const blockOtherLoaders = (): void => {
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({
    operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif'].flatMap(format => [
      `VipsForeignLoad${format}File`,
      `VipsForeignLoad${format}Buffer`,
    ]),
  })
}
