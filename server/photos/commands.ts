import type { Photo } from '../../shared/photo.ts'
import { actorId } from '../command.ts'
import type { PhotoStore } from '../store/photos.ts'
import type { Command, Work } from '../work.ts'

/** The file is on the disk already; its row and the audit come together. */
export const photoCommands = (store: PhotoStore) => ({
  'photo.add'(work: Work, { given = {}, actor }: Command): Photo {
    const { hash, bytes, width, height } = given as Pick<Photo, 'hash' | 'bytes' | 'width' | 'height'>
    const photo = { id: work.newId('photo'), hash, bytes, width, height, at: work.now, by: actorId(actor) }
    store.add(photo)
    work.audit({ by: photo.by, act: 'photo.add', subject: photo.id, detail: { hash, bytes } })
    return photo
  },
})
