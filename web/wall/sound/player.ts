import type { Tone } from './tones.ts'

/** Plays tones by Web Audio. `held` is true while the browser lets nothing be heard before a touch. */
export function createPlayer(make: () => AudioContext = () => new AudioContext()) {
  let context: AudioContext | undefined
  const ready = () => {
    context ??= make()
    return context
  }
  return {
    held: () => ready().state !== 'running',
    async release() {
      await ready().resume()
      return ready().state === 'running'
    },
    onChange(listener: () => void) {
      ready().addEventListener('statechange', listener)
    },
    play(tones: readonly Tone[]) {
      if (ready().state !== 'running') return
      for (const tone of tones) sound(ready(), tone)
    },
    close: () => context?.close(),
  }
}
export type Player = ReturnType<typeof createPlayer>

function sound(context: AudioContext, tone: Tone) {
  const [oscillator, volume] = [context.createOscillator(), context.createGain()]
  const [from, to] = [context.currentTime + tone.at, context.currentTime + tone.at + tone.for]
  oscillator.type = 'triangle'
  oscillator.frequency.value = tone.hz
  // a click at either end would be heard before the tone
  volume.gain.setValueAtTime(0, from)
  volume.gain.linearRampToValueAtTime(tone.loud, from + 0.02)
  volume.gain.setValueAtTime(tone.loud, to - 0.03)
  volume.gain.linearRampToValueAtTime(0, to)
  oscillator.connect(volume).connect(context.destination)
  oscillator.start(from)
  oscillator.stop(to)
}
