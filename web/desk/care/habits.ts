/** What is concluded from how somebody lives, as far as it can be switched off; docs/care-plans.md. */
export const ADULT_HABITS = ['inactivity', 'not-returned', 'night-out', 'room-stay', 'welfare-check', 'low-water', 'no-door'] as const
export const CHILD_HABITS = ['child-not-home', 'child-alone'] as const
