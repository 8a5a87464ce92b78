// Runs before the first paint, as a file of its own because the content security policy forbids inline scripts.
;(() => {
  let chosen = null
  try {
    chosen = localStorage.getItem('calotype-theme')
  } catch {}
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
})()
