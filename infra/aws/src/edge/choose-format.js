// Viewer request of variants, for the runtime cloudfront-js-2.0: ECMAScript 5.1 with const and let, no modules.
// A key without an extension stands for all formats of a variant; this names one by `Accept`, as core/src/delivery/negotiate.ts does.
// Path and query of other requests stay as they are, and so does every query: signatures are in it.

const MAX_ACCEPT_LENGTH = 1024
const KEY = /^\/(?:private|public)\/[0-9A-Z]{26}\/[0-9A-Z]{26}\/([a-z0-9-]{1,64})\/[a-z][a-z0-9_-]{0,63}$/

/** Whether a media range list names the type itself with a quality above 0; wildcards count as nothing. */
function names(accept, mediaType) {
  return accept.split(',').some(range => {
    const parts = range.split(';').map(part => part.trim().toLowerCase())
    if (parts[0] !== mediaType) return false
    for (let at = 1; at < parts.length; at++) if (parts[at].indexOf('q=') === 0) return Number(parts[at].slice(2)) > 0
    return true
  })
}

function acceptOf(headers) {
  const header = headers.accept
  if (!header) return ''
  const values = header.multiValue ? header.multiValue.map(each => each.value) : [header.value]
  return values.join(', ').slice(0, MAX_ACCEPT_LENGTH)
}

// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name
function handler(event) {
  const request = event.request
  const key = KEY.exec(request.uri)
  if (!key) return request
  const accept = acceptOf(request.headers)
  // Of an animation there is no AVIF: the folder's name tells.
  const moves = key[1].slice(-2) === '-a'
  if (!moves && names(accept, 'image/avif')) request.uri += '.avif'
  else if (names(accept, 'image/webp')) request.uri += '.webp'
  else request.uri += '.jpg'
  return request
}
