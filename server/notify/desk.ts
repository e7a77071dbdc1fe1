import type { OutWriter } from '../store/out-records.ts'
import type { Outbox } from '../store/outbox.ts'
import type { Command, Work } from '../work.ts'
import type { NotifyBook } from './book.ts'

/** What the commands of this room write to; everything runs inside the transaction of the command. */
export interface NotifyDesk {
  store: OutWriter
  outbox: Outbox
  book: NotifyBook
}
export type NotifyHandler = (work: Work, command: Command) => unknown
