import type { AlertView } from '../../../shared/wall.ts'

interface Point {
  x: number
  y: number
}
export interface Box {
  left: number
  top: number
  width: number
  height: number
}
export interface Leader {
  id: string
  priority: AlertView['priority']
  path: string
  to: Point
}

/** From the lower edge of each box down, then straight to the place; all in pixels of the frame. A place out of sight has no line. */
export function leaders(
  alerts: readonly AlertView[],
  boxes: readonly Box[],
  frame: Box,
  place: (alert: AlertView) => Point | null,
): Leader[] {
  return alerts.flatMap((alert, i) => {
    const [box, to] = [boxes[i], place(alert)]
    if (!box || !to || !inside(to, frame)) return []
    const from = { x: anchor(box, frame, to), y: box.top - frame.top + box.height }
    const knee = { x: from.x, y: Math.min(from.y + 24, Math.max(from.y, to.y)) }
    return [{ id: alert.id, priority: alert.priority, to, path: `M${from.x} ${from.y}V${knee.y}L${to.x} ${to.y}` }]
  })
}

const inside = (point: Point, frame: Box) => point.x >= 0 && point.y >= 0 && point.x <= frame.width && point.y <= frame.height
/** straight above the place where that is within the box, else its nearest corner */
function anchor(box: Box, frame: Box, to: Point) {
  const left = box.left - frame.left
  return Math.round(Math.min(left + box.width - 20, Math.max(left + 20, to.x)))
}
