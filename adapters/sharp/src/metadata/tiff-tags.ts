/** Tag numbers of Exif 3.0 that are read, by directory. What is not named here never leaves the file. */

/** Directory 0: the camera. */
export const IMAGE_TAGS: Readonly<Record<number, string>> = {
  271: 'Make',
  272: 'Model',
  274: 'Orientation',
  282: 'XResolution',
  283: 'YResolution',
  296: 'ResolutionUnit',
  305: 'Software',
  306: 'DateTime',
}

/** The Exif directory: how the picture was taken. Serial numbers, owner and maker notes are left out on purpose. */
export const PHOTO_TAGS: Readonly<Record<number, string>> = {
  33434: 'ExposureTime',
  33437: 'FNumber',
  34850: 'ExposureProgram',
  34855: 'ISOSpeedRatings',
  36867: 'DateTimeOriginal',
  36868: 'DateTimeDigitized',
  36880: 'OffsetTime',
  36881: 'OffsetTimeOriginal',
  37377: 'ShutterSpeedValue',
  37378: 'ApertureValue',
  37379: 'BrightnessValue',
  37380: 'ExposureBiasValue',
  37381: 'MaxApertureValue',
  37382: 'SubjectDistance',
  37383: 'MeteringMode',
  37384: 'LightSource',
  37385: 'Flash',
  37386: 'FocalLength',
  37521: 'SubSecTimeOriginal',
  40961: 'ColorSpace',
  41495: 'SensingMethod',
  41985: 'CustomRendered',
  41986: 'ExposureMode',
  41987: 'WhiteBalance',
  41988: 'DigitalZoomRatio',
  41989: 'FocalLengthIn35mmFilm',
  41990: 'SceneCaptureType',
  41992: 'Contrast',
  41993: 'Saturation',
  41994: 'Sharpness',
  42034: 'LensSpecification',
  42035: 'LensMake',
  42036: 'LensModel',
}

/** The GPS directory: kept apart from `exif`, for those who may see it. */
export const GPS_TAGS: Readonly<Record<number, string>> = {
  1: 'GPSLatitudeRef',
  2: 'GPSLatitude',
  3: 'GPSLongitudeRef',
  4: 'GPSLongitude',
  5: 'GPSAltitudeRef',
  6: 'GPSAltitude',
}

export const EXIF_POINTER = 0x8769
export const GPS_POINTER = 0x8825
