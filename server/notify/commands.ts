import { cityCommands } from './city.ts'
import type { NotifyDesk, NotifyHandler } from './desk.ts'
import { endpointCommands } from './endpoint-commands.ts'
import { outboxCommands } from './outbox-commands.ts'
import { recipientCommands } from './recipient-commands.ts'

export const notifyCommands = (desk: NotifyDesk): Record<string, NotifyHandler> => ({
  ...endpointCommands(desk),
  ...recipientCommands(desk),
  ...outboxCommands(desk),
  ...cityCommands(desk),
})
