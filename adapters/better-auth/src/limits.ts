/** Characters of a password, both ends included. */
export const MIN_PASSWORD_LENGTH = 10
export const MAX_PASSWORD_LENGTH = 128
/** Characters of a person's name and address. */
export const MAX_NAME_LENGTH = 200
export const MAX_EMAIL_LENGTH = 254
/** Characters of the address of a person's picture. */
export const MAX_IMAGE_URL_LENGTH = 2_048
/** How long one of our own JWTs is good, in seconds. */
export const TOKEN_SECONDS = 900
/** A signing key signs this long, and is published for an hour more. */
export const KEY_SECONDS = 90 * 24 * 3_600
export const KEY_GRACE_SECONDS = 3_600
