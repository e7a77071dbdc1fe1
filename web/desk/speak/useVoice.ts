import { onScopeDispose, ref } from 'vue'

/** Reads a text with a Chinese voice of this machine, where it has one: a taste of how the loudspeaker will sound. */
export function useVoice() {
  const synth = globalThis.speechSynthesis as SpeechSynthesis | undefined
  const voiceOf = () => synth?.getVoices().find(({ lang }) => /^(zh|cmn)/i.test(lang))
  const possible = ref(voiceOf() !== undefined)
  const reading = ref(false)
  const look = () => {
    possible.value = voiceOf() !== undefined
  }
  synth?.addEventListener?.('voiceschanged', look)
  function read(text: string) {
    const voice = voiceOf()
    if (!synth || !voice) return
    synth.cancel()
    const words = new SpeechSynthesisUtterance(text)
    words.voice = voice
    words.lang = voice.lang
    words.rate = 0.9
    words.onend = words.onerror = () => {
      reading.value = false
    }
    reading.value = true
    synth.speak(words)
  }
  function hush() {
    synth?.cancel()
    reading.value = false
  }
  onScopeDispose(() => {
    hush()
    synth?.removeEventListener?.('voiceschanged', look)
  })
  return { possible, reading, read, hush }
}
