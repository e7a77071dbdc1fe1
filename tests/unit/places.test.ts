import { expect, test } from 'vitest'
import { createPlaceTree } from '../../shared/places.ts'
import { pilotRegisters } from '../support/registers.ts'

const tree = createPlaceTree(pilotRegisters().places)
const FLAT = 'caihong-b12-u1-302'

test('[§1] a flat finds its way up to the street', () => {
  const kinds = tree.path(FLAT).map(({ kind }) => kind)
  expect(kinds).toEqual(['flat', 'floor', 'unit', 'building', 'grid', 'community', 'street'])
})

test('[§1] a flat finds its cluster, and the cluster its flats', () => {
  const cluster = tree.nearest(FLAT, 'cluster')!
  expect(cluster.kind).toBe('cluster')
  expect(tree.children(cluster.id).map(({ id }) => id)).toContain(FLAT)
  expect(tree.within(FLAT, cluster.id)).toBe(true)
})

test('[§1] a building belongs to no cluster', () => {
  expect(tree.nearest('caihong-b12', 'cluster')).toBeUndefined()
  expect(tree.nearest('caihong-b12', 'grid')?.id).toBe('caihong-g2')
})

test('[S3] a scope holds what lies under it and nothing else', () => {
  expect(tree.within(FLAT, 'caihong-g2')).toBe(true)
  expect(tree.within(FLAT, FLAT)).toBe(true)
  expect(tree.within(FLAT, 'caihong-g1')).toBe(false)
  expect(tree.within('caihong-g2', FLAT)).toBe(false)
  expect(tree.within('nowhere', 'caihong')).toBe(false)
})

test('[§1] places are called as people say them', () => {
  expect(tree.label(FLAT)).toBe('12栋 1单元 302')
  expect(tree.label('caihong-gate-east')).toBe('东门')
  expect(tree.label('caihong-c049')).toBe('三网格 第49联户')
  expect(tree.label('nowhere')).toBe('nowhere')
})

test('[§1] a circle of places does not hang the tree', () => {
  const circle = createPlaceTree([
    { id: 'a', kind: 'grid', parentId: 'b', name: 'A' },
    { id: 'b', kind: 'grid', parentId: 'a', name: 'B' },
  ])
  expect(circle.path('a').map(({ id }) => id)).toEqual(['a', 'b'])
})
