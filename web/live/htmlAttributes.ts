import { watch } from 'vue'
import type { LiveWall } from './useLive.ts'

/** Keeps `<html data-link data-revision>`: the revision is told when what belongs to it is in the page. */
export function useHtmlAttributes({ link, revision }: Pick<LiveWall, 'link' | 'revision'>, html: HTMLElement = document.documentElement) {
  watch(link, (value) => html.setAttribute('data-link', value), { immediate: true, flush: 'sync' })
  watch(revision, (value) => html.setAttribute('data-revision', String(value ?? 0)), { immediate: true, flush: 'post' })
}
