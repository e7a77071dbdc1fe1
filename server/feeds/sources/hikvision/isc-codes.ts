/**
 * Numbers of iSecure Center (综合安防管理平台) → what a camera or door tells. The platform's own document rules: add what a customer's one
 * says. A number that is not here is `other`, with its code kept; a name that ISAPI knows (`data.eventType`) goes before the number.
 */
export type IscMeaning = { camera: string } | { passage: { granted: boolean; credential?: 'card' | 'face' } }

export const ISC_CODES: Readonly<Record<string, IscMeaning>> = {
  131329: { camera: 'video-loss' },
  131330: { camera: 'tamper' },
  131331: { camera: 'other' },
  131585: { camera: 'intrusion' },
  131586: { camera: 'intrusion' },
  131587: { camera: 'intrusion' },
  131588: { camera: 'intrusion' },
  131590: { camera: 'loitering' },
  196893: { passage: { granted: true, credential: 'face' } },
  197127: { passage: { granted: true } },
  197162: { passage: { granted: true, credential: 'face' } },
  198914: { passage: { granted: true, credential: 'card' } },
}
