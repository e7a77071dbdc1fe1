/** Mobile and landline numbers, ID numbers: bounded repetitions, no nesting, so the work is linear. */
const NUMBERS = /(?<![\dA-Za-z])(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]?\d{7,8}|[1-9]\d{16}[\dXx])(?![\dA-Za-z])/g
/** 联系人：张三 — the name that a form puts after its word */
const NAMED = /((?:姓名|联系人|来电人|投诉人|反映人|举报人|当事人|户主)\s{0,3}[:：]\s{0,3}\p{Script=Han})\p{Script=Han}{1,3}/gu

/** What a caller says may hold numbers and names of people: they are masked before the text is kept (S2). */
export const maskText = (text: string): string => text.replace(NUMBERS, maskNumber).replace(NAMED, '$1*')

const maskNumber = (number: string) => `${number.slice(0, 3)}****${number.length >= 8 ? number.slice(-4) : ''}`
