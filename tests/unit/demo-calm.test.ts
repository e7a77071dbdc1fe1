import { expect, test } from 'vitest'
import { buttonTest } from '../../server/analysis/button-test.ts'
import { childAlone } from '../../server/analysis/child-alone.ts'
import { meterBand } from '../../server/analysis/meter-band.ts'
import { municipal } from '../../server/analysis/municipal.ts'
import { nightOut } from '../../server/analysis/night-out.ts'
import { roomStay } from '../../server/analysis/room-stay.ts'
import { demoDays } from '../support/demo-days.ts'

const SUNDAY = Date.parse('2026-11-22T00:00:00+08:00')
const OF_HEARING = ['device-silent', 'feed-silent', 'device-battery']

test('an everyday day and two nights of the invented town ask after nobody: only stories alarm', { timeout: 120_000 }, () => {
  const found = demoDays([nightOut, roomStay, childAlone, meterBand, municipal, buttonTest], SUNDAY, 1.25)
  expect(found.filter((one) => one.act === 'raise' && !OF_HEARING.includes(one.kind))).toEqual([])
})
