import { showDialog, showToast } from 'vant'
import type { Order } from '../../../shared/order.ts'
import { t } from '../../i18n/index.ts'
import { ApiProblem, newKey, post } from '../../ui/api.ts'
import type { ShownOrder } from '../queue/foreseen.ts'
import { useOrders } from '../useOrders.ts'

/** Never without a network: two who set off for the same matter would be one too many. Says who has it when somebody was first. */
export async function claim(order: ShownOrder): Promise<boolean> {
  const orders = useOrders()
  try {
    const claimed = await post<Order>(`/api/orders/${order.id}/claim`, { version: order.version }, newKey())
    await orders.look()
    showToast(t('fieldWork.order.claimed'))
    return claimed.assignee !== undefined
  } catch (problem) {
    await showDialog({ message: wordsOf(problem) })
    await orders.look()
    return false
  }
}

/** The server says "Li Li has claimed order-7 already." */
function wordsOf(problem: unknown): string {
  if (!(problem instanceof ApiProblem)) return String(problem)
  if (problem.status === 0) return t('fieldWork.problem.offline')
  if (problem.status !== 409) return problem.message
  const name = /^(.+) has claimed /.exec(problem.message)?.[1]
  return name ? t('fieldWork.order.claimedBy', { name }) : t('fieldWork.order.claimedByOther')
}
