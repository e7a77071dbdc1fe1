import type { OutsideTarget } from './loop.ts'

/**
 * What others have set, step by step. Only what could be read somewhere is here; the community's own targets are thresholds
 * (`deadline.*`, `triage.*`, `target.acknowledge`) and stand in the figures themselves.
 */
export const OUTSIDE_TARGETS: readonly OutsideTarget[] = [
  {
    ...{ step: 'acknowledge', seconds: null, share: null },
    what: {
      zh: '不规定单条预警的确认时间，只管数量：平均每 10 分钟不到 1 条',
      en: 'no time for one alarm; fewer than one alarm in 10 minutes on average',
    },
    source: 'EEMUA 191 / ISA-18.2',
    read: 'controlglobal.com, ASM Alarm Management Guidelines and ISA-18.2',
    secondHand: true,
  },
  {
    ...{ step: 'acknowledge', seconds: 15, share: 90 },
    what: { zh: '报警电话应答；20 秒内应达 95%', en: 'emergency call answered; 95 % within 20 s' },
    source: 'NENA-STA-020.1-2020',
    read: 'nena.org/news/514408',
  },
  {
    ...{ step: 'acknowledge', seconds: 10, share: 90 },
    what: { zh: '求助应答', en: 'request for emergency assistance answered' },
    source: 'NFPA 1225 (2022)',
    read: 'nfpa.org, NFPA Today, 23 January 2023',
  },
  {
    ...{ step: 'dispatch', seconds: 60, share: 90 },
    what: { zh: '从应答到派出第一支力量（NFPA 1221 的后继）', en: 'from the answer to the first unit dispatched (successor of NFPA 1221)' },
    source: 'NFPA 1225 (2022)',
    read: 'nfpa.org, NFPA Today, 23 January 2023',
  },
  {
    ...{ step: 'accept', seconds: 80, share: 90 },
    what: { zh: '消防队出动准备；急救 60 秒', en: 'turnout of a fire crew; 60 s for medical calls' },
    source: 'NFPA 1710',
    read: 'purvispublicsafety.com, emergent.tech',
    secondHand: true,
  },
  {
    ...{ step: 'arrive', seconds: 240, share: 90 },
    what: { zh: '第一辆消防车的行车时间', en: 'travel of the first engine to a fire' },
    source: 'NFPA 1710',
    read: 'NFPA Journal, September/October 2015 (240 s); the share from others',
    secondHand: true,
  },
  {
    ...{ step: 'close', seconds: 7 * 86_400, share: null },
    what: {
      zh: '12345 一般诉求 7 天反馈；水电气热 24 小时，突发 2 小时',
      en: '12345 hotline: 7 days; water, power, gas and heat 24 h; emergencies 2 h',
    },
    source: '北京 12345 接诉即办',
    read: 'fudaoke.com/exam/262251',
    secondHand: true,
  },
]
