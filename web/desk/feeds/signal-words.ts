import { t, word } from '../../i18n/index.ts'
import { kindWord } from '../../ui/sentences.ts'
import type { SignalItem } from './signal.ts'

type Data = SignalItem['data']
const onOff = (data: Data, on: string, off: string) => (data.active === false ? t(off) : t(on))

/** What a signal says, in a few words. */
const WORDS: Record<string, (data: Data) => string> = {
  'linwang.passage': (d) =>
    t(`desk.signal.passage.${d.direction ?? 'unknown'}`) + (d.granted === false ? ` ${t('desk.signal.refused')}` : ''),
  'linwang.contact': (d) => t(d.open ? 'desk.signal.open' : 'desk.signal.closed'),
  'linwang.motion': (d) => t(d.occupied ? 'desk.signal.occupied' : 'desk.signal.vacant'),
  'linwang.meter': (d) => `${word('device', `${d.quantity}-meter`)} ${d.reading} ${d.unit ?? ''}`,
  'linwang.help': () => kindWord('help'),
  'linwang.hazard': (d) => `${kindWord(`hazard.${d.hazard}`)} ${onOff(d, 'desk.signal.starts', 'desk.signal.ends')}`,
  'linwang.camera': (d) =>
    [kindWord(`camera.${d.event}`), d.label, d.active === undefined ? '' : onOff(d, 'desk.signal.starts', 'desk.signal.ends')]
      .filter(Boolean)
      .join(' '),
  'linwang.heartbeat': (d) =>
    t(d.online === false ? 'desk.signal.offline' : 'desk.signal.online') +
    (typeof d.battery === 'number' ? ` · ${t('why.battery', { n: d.battery })}` : ''),
  'linwang.report': (d) => [t('desk.signal.report'), d.category, d.text].filter(Boolean).join(' '),
  'linwang.warning': (d) => String(d.headline ?? d.event ?? ''),
}

export const signalWords = ({ type, data }: Pick<SignalItem, 'type' | 'data'>) => WORDS[type]?.(data ?? {}) ?? type
