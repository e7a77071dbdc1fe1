import { computed } from 'vue'
import { createI18n } from 'vue-i18n'
import zh from './zh-CN.ts'

export type Locale = 'zh-CN' | 'en'
const KEPT = 'linwang.locale'

// a browser may refuse to keep anything
const kept = (): Locale => (globalThis.localStorage?.getItem(KEPT) === 'en' ? 'en' : 'zh-CN')

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zh } as Record<string, typeof zh>,
  missingWarn: false,
  fallbackWarn: false,
})
const { global } = i18n
if (kept() === 'en') void setLocale('en')

type Words = Record<string, unknown>
const added: Record<Locale, Words>[] = []
/** Words of a page that comes later than the wall: they are no part of its script. */
export function addWords(words: Record<Locale, Words>) {
  added.push(words)
  for (const locale of ['zh-CN', 'en'] as const) global.mergeLocaleMessage(locale, words[locale])
}

async function setLocale(locale: Locale) {
  if (locale === 'en') {
    global.setLocaleMessage('en', (await import('./en.ts')).default)
    for (const words of added) global.mergeLocaleMessage('en', words.en)
  }
  global.locale.value = locale
  globalThis.localStorage?.setItem(KEPT, locale)
}

/** The words of a key in the language of the screen. */
export function t(key: string, values: Record<string, unknown> = {}): string {
  return global.t(key, values)
}
/** Codes come from registers and grow: an unknown one shows as itself. */
export function word(group: string, code: string): string {
  const key = `${group}.${code}`
  const said = global.t(key)
  return said === key ? code : said
}

export function useLocale() {
  return {
    locale: computed(() => global.locale.value as Locale),
    toggle: () => setLocale(global.locale.value === 'en' ? 'zh-CN' : 'en'),
  }
}
