const two = (n: number) => String(n).padStart(2, '0')

/** 今天 09:40, 3月2日 09:40 by the telephone's own clock; it hangs beside the one of the community. */
export function whenWords(at: number, now = Date.now()): string {
  const [day, today] = [new Date(at), new Date(now)]
  const clock = `${two(day.getHours())}:${two(day.getMinutes())}`
  return day.toDateString() === today.toDateString() ? clock : `${day.getMonth() + 1}月${day.getDate()}日 ${clock}`
}
