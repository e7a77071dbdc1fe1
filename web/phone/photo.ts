import type { Photo } from '../../shared/photo.ts'
import { ApiProblem } from '../ui/api.ts'

/** A photo that was taken here; `key` is its name until the server gives it one. */
export interface Picture {
  key: string
  blob: Blob
}

/** px and quality: what the server keeps is no larger, so nothing more is carried over a bad line. */
const LONGEST_SIDE = 1920
const QUALITY = 0.82

/** Smaller, upright and without what the telephone wrote into it. What the browser cannot read is sent as it is: the server says why not. */
export async function shrink(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file).catch(() => undefined)
  if (!picture) return file
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(picture.width * scale)
  canvas.height = Math.round(picture.height * scale)
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  return new Promise((done) => canvas.toBlob((blob) => done(blob ?? file), 'image/jpeg', QUALITY))
}

/** ms: a large picture on a bad line takes its time, but not for ever */
const PATIENCE = 90_000

/** Tells how far it is, 0 … 1. */
export function sendPhoto(blob: Blob, key: string, progress: (part: number) => void = () => {}): Promise<Photo> {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest()
    request.open('POST', '/api/photos')
    request.setRequestHeader('content-type', blob.type.startsWith('image/') ? blob.type : 'application/octet-stream')
    request.setRequestHeader('idempotency-key', key)
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0)
    request.timeout = PATIENCE
    request.onerror = () => fail(new ApiProblem(0, 'network'))
    request.ontimeout = request.onerror
    request.onload = () => {
      const body = parsed(request.responseText)
      if (request.status === 201) done(body as unknown as Photo)
      else fail(new ApiProblem(request.status, String(body.detail ?? request.status), body.current, (body.errors ?? []) as never))
    }
    request.send(blob)
  })
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}
