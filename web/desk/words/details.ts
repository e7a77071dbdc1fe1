import { useLocale } from '../../i18n/index.ts'

/** The server's sentences in Chinese, as far as they are known; the others stay as they are. */
const ZH: readonly (readonly [RegExp, string])[] = [
  [/^the text ends before (.+)$/, '内容在 $1 之前就断了'],
  [/breaks off$/, '消息到一半就断了'],
  [/^the body is neither XML nor JSON nor multipart$/, '不是 XML，不是 JSON，也不是 multipart'],
  [/^the part is neither XML nor JSON$/, '这一部分不是 XML，也不是 JSON'],
  [/^the payload is neither base64 nor hex$/, '载荷不是 base64，也不是十六进制'],
  [/^the payload is not text$/, '载荷不是文本'],
  [/^the message is empty$/, '消息是空的'],
  [/(?:is no|is not a) JSON object$/, '不是 JSON 对象'],
  [/^the message is not JSON.*$/, '不是合法的 JSON'],
  [/^(?:the message )?is not (?:text in )?UTF-8$/, '不是 UTF-8 文本'],
  [/^the message nests deeper than (\d+)/, '嵌套超过 $1 层'],
  [/^the (?:alert|JSON) has no eventType$/, '没有说是什么事件（eventType）'],
  [/^the message has no DeviceID$/, '没有说是哪台设备（DeviceID）'],
  [/^the message has neither (\S+) nor (\S+)$/, '没有说是哪台设备（$1、$2 都没有）'],
  [/^the alarm has no (.+)$/, '报警里没有 $1'],
  [/^the multipart body has no part$/, 'multipart 里什么都没有'],
  [/^a part of (\d+) bytes is too long/, '其中一部分有 $1 字节，太长'],
  [/^the CRC says (\S+), the bytes give ([^:]+)/, '校验码对不上：写的是 $1，算出来是 $2，路上坏了或编得不对'],
  [/^the length says (\S+), there are (\S+) bytes/, '长度对不上：写的是 $1，实际 $2 字节'],
  [/^the message is enciphered and (\S+) has no key here/, '消息加了密，账号 $1 在这里没有密钥'],
  [/^the frame is encrypted.*/, '消息加了密：请在终端上关闭加密'],
  [/^no account says which panel spoke/, '没有账号，不知道是哪台主机'],
  [/^alarmType (.+) is not known here/, '不认识的报警类型 $1'],
  [/^(\S+) was paused when this came.*/, '来的时候数据源 $1 正暂停：恢复后再重读'],
  [/^nothing reads messages of kind (.+)/, '没有谁会读 $1 这种消息'],
  [/^(\S+) must be boolean$/, '$1 应该是 true 或 false'],
  [/^(\S+) must be number$/, '$1 应该是数字'],
  [/^(\S+) must be string$/, '$1 应该是文字'],
  [/^(\S+) (?:is missing|is required).*/, '缺少 $1'],
  [/ECONNREFUSED (\S+)/, '对方拒绝连接 $1：设备没开机，或端口不对'],
  [/ETIMEDOUT|timed? ?out|EHOSTUNREACH|ENETUNREACH/i, '网络不通：请检查地址、网线和网段'],
  [/ENOTFOUND (\S+)|EAI_AGAIN (\S+)/, '找不到这个名字：请改填 IP'],
  [/ECONNRESET|socket hang up|closed the connection/, '设备把连接断开了'],
  [/\b401\b|user name or password|unauthori[sz]ed/i, '用户名或密码不对'],
  [/\b403\b|forbidden/i, '这个用户在设备上没有权限'],
  [/\b404\b/, '设备没有这个接口：型号或固件不支持，换一种接法'],
]

export function detailWords(detail: string): string {
  if (useLocale().locale.value === 'en') return detail
  for (const [pattern, words] of ZH) {
    const found = pattern.exec(detail)
    if (found) return words.replace(/\$(\d)/g, (_, n) => found[Number(n)] ?? '')
  }
  return detail
}
