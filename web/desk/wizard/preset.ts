/** The map that the field map page hands over through the history entry. */
export const presetFor = (state: { map?: string } | null): string | undefined => (typeof state?.map === 'string' ? state.map : undefined)
