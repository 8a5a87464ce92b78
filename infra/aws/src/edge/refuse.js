// Viewer request of everything that is no variant, for the runtime cloudfront-js-2.0: originals and uploads are on no CDN path.

// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name
function handler() {
  return {
    statusCode: 404,
    statusDescription: 'Not Found',
    headers: { 'cache-control': { value: 'no-store' } },
  }
}
