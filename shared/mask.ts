/** 张伟 → 张*, 张小芳 → 张*芳, 欧阳小芳 → 欧**芳; other scripts keep the first letter alone. */
export function maskName(name: string): string {
  const letters = [...name.trim()]
  if (letters.length < 2) return '*'
  if (!/^\p{Script=Han}+$/u.test(letters.join(''))) return `${letters[0]}***`
  return letters.length === 2 ? `${letters[0]}*` : `${letters[0]}${'*'.repeat(letters.length - 2)}${letters.at(-1)}`
}

/** 13812340000 → 138****0000; a short number keeps its last two digits. */
export function maskPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '').replace(/^86(?=1\d{10}$)/, '')
  return digits.length >= 9 ? `${digits.slice(0, 3)}****${digits.slice(-4)}` : `****${digits.slice(-2)}`
}
