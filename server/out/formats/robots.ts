import type { StoredMessage } from '../../store/outbox.ts'
import { dingtalkSign, feishuSign } from '../signing.ts'
import { type Words, wordsOf } from '../words.ts'
import { cutBytes, type Format, JSON_HEADERS, judgeCode, type Target } from './format.ts'

/** A chat is read by many: no names, and places no closer than the endpoint says. */
const said = (message: StoredMessage, { world, endpoint }: Target): Words =>
  wordsOf(message, world, { detail: endpoint.detail, staffNames: false })

/** 企业微信 https://developer.work.weixin.qq.com/document/path/91770: the key is in the address; markdown up to 4096 bytes, 20 a minute. */
export const wecom: Format = {
  perMinute: 20,
  concurrency: 1,
  request(message, target) {
    const { title, lines } = said(message, target)
    const colour = message.priority <= 2 ? 'warning' : 'comment'
    const content = [`**<font color="${colour}">${title}</font>**`, ...lines.map((line) => `> ${line}`)].join('\n')
    return {
      url: target.url,
      headers: JSON_HEADERS,
      body: JSON.stringify({ msgtype: 'markdown', markdown: { content: cutBytes(content, 4096) } }),
    }
  },
  // 45009: 接口调用超过限制, 45033: 并发
  judge: judgeCode('errcode', 'errmsg', [45009, 45033]),
}

/** 钉钉 https://open.dingtalk.com/document/robots/custom-robot-access: timestamp (ms) and sign in the query; 20 a minute. */
export const dingtalk: Format = {
  perMinute: 20,
  concurrency: 1,
  request(message, target) {
    const { title, lines } = said(message, target)
    const text = [`#### ${title}`, ...lines.map((line) => `- ${line}`)].join('\n')
    const url = new URL(target.url)
    if (target.secret !== undefined) {
      url.searchParams.set('timestamp', String(target.now))
      url.searchParams.set('sign', dingtalkSign(target.secret, target.now))
    }
    const body = JSON.stringify({ msgtype: 'markdown', markdown: { title, text: cutBytes(text, 18_000) } })
    return { url: url.href, headers: JSON_HEADERS, body }
  },
  // 130101: send too fast, 410100: 发送速度太快而限流
  judge: judgeCode('errcode', 'errmsg', [130101, 410100]),
}

/** 飞书 https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot: timestamp (s) and sign in the body; 100 a minute, 20 KB. */
export const feishu: Format = {
  perMinute: 100,
  concurrency: 1,
  request(message, target) {
    const { title, lines } = said(message, target)
    const seconds = Math.floor(target.now / 1000)
    const signed = target.secret === undefined ? {} : { timestamp: String(seconds), sign: feishuSign(target.secret, seconds) }
    const post = { zh_cn: { title: cutBytes(title, 1000), content: lines.map((line) => [{ tag: 'text', text: cutBytes(line, 2000) }]) } }
    return { url: target.url, headers: JSON_HEADERS, body: JSON.stringify({ ...signed, msg_type: 'post', content: { post } }) }
  },
  // 9499 with "too many request", 11232: 系统压力限流
  judge: judgeCode('code', 'msg', [11232]),
}
