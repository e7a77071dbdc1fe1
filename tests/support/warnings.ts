import { NOW } from './intake.ts'

/** A CAP 1.2 message of our own making. */
export interface CapMessage {
  id: string
  msgType?: string
  status?: string
  sent?: number
  references?: string
  severity?: string
  headline?: string
  event?: string
  expires?: number
  sender?: string
  areas?: string
  /** in place of the one <info> */
  infos?: string
}

export const capTime = (ms: number) => `${new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`

export function capXml({ id, msgType = 'Alert', status = 'Actual', sent = NOW, references, infos, ...rest }: CapMessage): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>${id}</identifier><sender>${rest.sender ?? 'weather@example.org'}</sender>
<sent>${capTime(sent)}</sent><status>${status}</status><msgType>${msgType}</msgType><scope>Public</scope>${references ? `<references>${references}</references>` : ''}
${infos ?? infoXml(rest)}</alert>`
}

const infoXml = ({ severity = 'Severe', headline = '市气象台发布暴雨橙色预警', event = '暴雨', expires, areas }: Partial<CapMessage>) =>
  `<info><language>zh-CN</language><category>Met</category><event>${event}</event><urgency>Immediate</urgency><severity>${severity}</severity><certainty>Likely</certainty>
${expires === undefined ? '' : `<expires>${capTime(expires)}</expires>`}<headline>${headline}</headline><area><areaDesc>全市</areaDesc>${areas ? `<geocode><valueName>GB</valueName><value>${areas}</value></geocode>` : ''}</area></info>`
