import { computed, onScopeDispose, ref, shallowRef } from 'vue'

/** shared/broadcast.ts allows two minutes */
const LONGEST = 120
const TYPES = ['audio/webm', 'audio/ogg', 'audio/mp4'] as const

export interface Recording {
  bytes: Blob
  type: string
  seconds: number
  url: string
}

/** A voice from the microphone. `possible` is false without one, and on an address that is neither https nor this machine: the browser gives none there. */
export function useRecorder() {
  const possible = globalThis.isSecureContext && typeof MediaRecorder !== 'undefined' && navigator.mediaDevices !== undefined
  const recording = shallowRef<Recording>()
  const seconds = ref(0)
  const on = ref(false)
  const refused = ref(false)
  let recorder: MediaRecorder | undefined
  let timer: ReturnType<typeof setInterval> | undefined

  async function start() {
    drop()
    refused.value = false
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => undefined)
    if (!stream) {
      refused.value = true
      return
    }
    const type = TYPES.find((each) => MediaRecorder.isTypeSupported(each)) ?? ''
    const parts: Blob[] = []
    recorder = new MediaRecorder(stream, { ...(type && { mimeType: type }), audioBitsPerSecond: 64_000 })
    const began = performance.now()
    recorder.ondataavailable = ({ data }) => parts.push(data)
    recorder.onstop = () => {
      for (const track of stream.getTracks()) track.stop()
      const bytes = new Blob(parts, { type: type || 'audio/webm' })
      const length = Math.min(LONGEST, Math.max(0.2, (performance.now() - began) / 1000))
      if (bytes.size > 0)
        recording.value = { bytes, type: type || 'audio/webm', seconds: Math.round(length * 10) / 10, url: URL.createObjectURL(bytes) }
      on.value = false
      clearInterval(timer)
    }
    recorder.start()
    on.value = true
    seconds.value = 0
    timer = setInterval(() => {
      seconds.value = Math.floor((performance.now() - began) / 1000)
      if (seconds.value >= LONGEST) stop()
    }, 250)
  }
  function stop() {
    if (recorder?.state === 'recording') recorder.stop()
  }
  function drop() {
    if (recording.value) URL.revokeObjectURL(recording.value.url)
    recording.value = undefined
  }
  onScopeDispose(() => {
    stop()
    clearInterval(timer)
    drop()
  })
  return { possible, recording, seconds: computed(() => seconds.value), on, refused, start, stop, drop }
}
