import { buttonTest } from './button-test.ts'
import { camera } from './camera.ts'
import { cameraFault } from './camera-fault.ts'
import { child } from './child.ts'
import { childAlone } from './child-alone.ts'
import type { DetectorOver } from './detector.ts'
import { hazard } from './hazard.ts'
import { helpButton } from './help-button.ts'
import { inactivity } from './inactivity.ts'
import { meterBand } from './meter-band.ts'
import { municipal } from './municipal.ts'
import { nightOut } from './night-out.ts'
import { roomStay } from './room-stay.ts'
import { warnings } from './warnings.ts'

/** The detectors of the house, in the order in which they speak of one signal. */
export const DETECTORS: readonly DetectorOver<unknown>[] = [
  warnings,
  helpButton,
  hazard,
  camera,
  cameraFault,
  inactivity,
  child,
  nightOut,
  roomStay,
  childAlone,
  meterBand,
  municipal,
  buttonTest,
]
