/** Puts a text on the clipboard, also on an intranet address without https, where the clipboard's own interface is missing. */
export async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard)
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => oldWay(text),
    )
  return oldWay(text)
}

function oldWay(text: string): boolean {
  const field = document.createElement('textarea')
  field.value = text
  field.style.position = 'fixed'
  field.style.opacity = '0'
  // inside an open drawer, which keeps the focus to itself
  const home = document.activeElement?.closest('[role="dialog"]') ?? document.body
  home.append(field)
  field.select()
  const done = document.execCommand('copy')
  field.remove()
  return done
}
