import type { EndpointFormat } from '../../../shared/message.ts'
import { city, json } from './events.ts'
import type { Format } from './format.ts'
import { dingtalk, feishu, wecom } from './robots.ts'

export const FORMATS: Readonly<Record<EndpointFormat, Format>> = { json, wecom, dingtalk, feishu, city }
