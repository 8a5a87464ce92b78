/** The clipboard needs a secure page, or the old way; a promise keeps Safari's permission while we fetch. */
export async function copyText(text: string | Promise<string>): Promise<void> {
  const clipboard = 'clipboard' in navigator ? navigator.clipboard : undefined
  if (clipboard !== undefined && typeof text !== 'string' && typeof ClipboardItem === 'function') {
    const blob = text.then(ready => new Blob([ready], { type: 'text/plain' }))
    await clipboard.write([new ClipboardItem({ 'text/plain': blob })])
    return
  }
  const ready = await text
  if (clipboard !== undefined) await clipboard.writeText(ready)
  else copyTheOldWay(ready)
}

function copyTheOldWay(text: string): void {
  const area = document.createElement('textarea')
  area.value = text
  area.style.position = 'fixed'
  area.style.opacity = '0'
  document.body.append(area)
  area.select()
  const copied = document.execCommand('copy')
  area.remove()
  if (!copied) throw new Error('The browser did not allow copying.')
}
