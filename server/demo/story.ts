import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { CallOutcome } from '../../shared/care-call.ts'
import { CATEGORIES } from '../../shared/person.ts'

/** Seconds from … to: what lies between is drawn by the story's seed. */
const Span = Type.Tuple([Type.Number({ minimum: 0 }), Type.Number({ minimum: 0 })])

/** One thing that happens, `after` seconds from the beginning of its list. */
const Beat = Type.Object(
  {
    after: Type.Number({ minimum: 0 }),
    do: Type.Enum(['press', 'hazard', 'see', 'gone', 'stir', 'door', 'unmute', 'dark', 'light', 'home', 'online']),
    hazard: Type.Optional(Type.Enum(['smoke', 'gas', 'leak'])),
    active: Type.Optional(Type.Boolean()),
    /** what the camera calls it, when it is not what its rule says */
    label: Type.Optional(Type.String()),
    zone: Type.Optional(Type.String()),
    /** a camera of the building instead of the story's own device */
    by: Type.Optional(Type.Literal('building')),
  },
  { additionalProperties: false },
)
export type Beat = Static<typeof Beat>

export const CREW_STEPS = ['acknowledge', 'accept', 'arrive', 'handle', 'verify'] as const
export type CrewStep = (typeof CREW_STEPS)[number]

/** How people answer, in seconds from the step before. */
const Crew = Type.Object(
  {
    acknowledge: Type.Optional(Span),
    accept: Type.Optional(Span),
    arrive: Type.Optional(Span),
    handle: Type.Optional(Span),
    verify: Type.Optional(Span),
    /** how telephone calls go; without a word of it all is well */
    call: Type.Optional(CallOutcome),
    /** the first one asked cannot come, and says why */
    reject: Type.Optional(Type.String()),
    /** the verifier is not content the first time, and says why */
    refuse: Type.Optional(Type.String()),
    /** the officer calls it off, and says why */
    cancel: Type.Optional(Type.String()),
    notes: Type.Optional(
      Type.Partial(Type.Object({ accept: Type.String(), arrive: Type.String(), handle: Type.String(), verify: Type.String() })),
    ),
  },
  { additionalProperties: false },
)
export type Crew = Static<typeof Crew>

const Ending = Type.Object(
  {
    id: Type.String(),
    happy: Type.Boolean(),
    weight: Type.Number({ exclusiveMinimum: 0 }),
    crew: Crew,
    /** what happens when people take a step */
    on: Type.Optional(
      Type.Partial(
        Type.Object({
          acknowledge: Type.Array(Beat),
          accept: Type.Array(Beat),
          arrive: Type.Array(Beat),
          handle: Type.Array(Beat),
          verify: Type.Array(Beat),
        }),
      ),
    ),
    /** what happens by itself */
    beats: Type.Optional(Type.Array(Beat)),
  },
  { additionalProperties: false },
)
export type Ending = Static<typeof Ending>

export const Story = Type.Object(
  {
    id: Type.String(),
    seed: Type.Integer(),
    title: Type.Object({ zh: Type.String(), en: Type.String() }),
    weight: Type.Number({ minimum: 0 }),
    /** local hours at which it may begin; may cross midnight */
    hours: Type.Tuple([Type.String(), Type.String()]),
    /** may be what the wall shows first after a start */
    opens: Type.Optional(Type.Boolean()),
    target: Type.Union([
      Type.Object({ device: Type.String(), category: Type.Optional(Type.Enum([...CATEGORIES])) }),
      Type.Object({ camera: Type.String() }),
      Type.Object({ cameras: Type.Integer({ minimum: 1 }) }),
      Type.Object({ home: Type.Literal('living-alone'), placeId: Type.Optional(Type.String()) }),
      Type.Object({ child: Type.Literal('left-behind-child') }),
      Type.Object({ outing: Type.Literal('living-alone') }),
      Type.Object({ gateway: Type.Literal('living-alone') }),
    ]),
    begin: Type.Array(Beat),
    /** minutes after which the story is over whatever people did */
    lasts: Type.Number({ exclusiveMinimum: 0 }),
    endings: Type.Array(Ending, { minItems: 2 }),
  },
  { additionalProperties: false },
)
export type Story = Static<typeof Story>

const validator = Compile(Story)

/** @throws Error that names the file and what is wrong in it */
export function loadStories(directory: string): Story[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const value: unknown = JSON.parse(readFileSync(join(directory, name), 'utf8'))
      if (validator.Check(value)) return value
      const [first] = validator.Errors(value)
      throw new Error(`${name}: ${first?.instancePath || '/'} ${first?.message ?? 'is not a story'}`)
    })
}
