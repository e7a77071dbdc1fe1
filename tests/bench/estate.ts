import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A home's name; everything that belongs to it is called by it. */
export const homeName = (n: number) => `h${String(n).padStart(6, '0')}`
export const SENSORS = { 'motion-living': 'motion', 'motion-bedroom': 'motion', door: 'door-contact' } as const
export type Sensor = keyof typeof SENSORS
export const deviceOf = (home: string, sensor: Sensor) => `${home}-${sensor}`
export const FEED = 'gateways'

const HOMES_A_BUILDING = 100
const CLUSTERS = 115

/** Registers of an estate in which so many people live alone, each with two motion sensors and a door contact: a folder that can be imported. */
export function writeEstate(folder: string, homes: number): void {
  mkdirSync(folder, { recursive: true })
  const names = Array.from({ length: homes }, (_, n) => homeName(n))
  const buildingOf = (n: number) => `b${Math.floor(n / HOMES_A_BUILDING)}`
  const clusterOf = (n: number) => `c${n % CLUSTERS}`
  const write = (file: string, header: string, rows: readonly string[]) =>
    writeFileSync(join(folder, `${file}.csv`), `${[header, ...rows].join('\n')}\n`)
  const buildings = new Set(names.map((_, n) => buildingOf(n)))
  write('places', 'id,kind,parentId,name,code,clusterId,lon,lat,height', [
    ...[
      'street,street,,街道,,,106.63,26.58,',
      'community,community,street,社区,,,106.63,26.58,',
      'grid,grid,community,网格,,,106.63,26.58,',
    ],
    ...Array.from({ length: CLUSTERS }, (_, n) => `c${n},cluster,grid,第${n + 1}联户,,,106.63,26.58,`),
    ...[...buildings].map((id) => `${id},building,grid,${id.slice(1)}栋,,,106.63,26.58,`),
    ...names.map((home, n) => `f-${home},flat,${buildingOf(n)},${n},,${clusterOf(n)},106.63,26.58,`),
  ])
  write(
    'households',
    'placeId,clusterId,tenure',
    names.map((home, n) => `f-${home},${clusterOf(n)},own`),
  )
  write('residents', 'id,placeId,name,sex,birthDate,phone,idHash,idTail,relation,categories', [
    ...names.map((home, n) => `r-${home},f-${home},试${n},f,1946-01-01,,,,head,living-alone|elder`),
  ])
  write('devices', 'id,kind,placeId,feed,address,name,lon,lat,height,silentAfter,rules', [
    ...names.flatMap((home) =>
      Object.entries(SENSORS).map(([sensor, kind]) => {
        const id = deviceOf(home, sensor as Sensor)
        return `${id},${kind},f-${home},${FEED},${id},${id},106.63,26.58,,,`
      }),
    ),
  ])
  write('staff', 'id,name,role,phone,placeId,residentId', [
    's1,试一,officer,13800000001,community,',
    's2,试二,grid-worker,13800000002,grid,',
  ])
  write('shifts', 'id,staffId,name,weekdays,from,to', ['d1,s1,早班,1234567,08:00,20:00', 'd2,s2,早班,1234567,08:00,20:00'])
  write('thresholds', 'name,scope,value,unit,note', [])
}
