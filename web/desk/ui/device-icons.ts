import {
  Bell,
  Camera,
  DoorOpen,
  Droplets,
  Flame,
  Gauge,
  LifeBuoy,
  Megaphone,
  PersonStanding,
  PlugZap,
  RectangleVertical,
  Wind,
} from '@lucide/vue'
import type { Component } from 'vue'
import type { DeviceKind } from '../../../shared/device.ts'

export const DEVICE_ICONS: Record<DeviceKind, Component> = {
  camera: Camera,
  gate: DoorOpen,
  'door-contact': RectangleVertical,
  motion: PersonStanding,
  'help-button': LifeBuoy,
  smoke: Flame,
  gas: Wind,
  leak: Droplets,
  'water-meter': Gauge,
  'power-meter': PlugZap,
  speaker: Megaphone,
  'alarm-panel': Bell,
}
