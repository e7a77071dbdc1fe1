export const runScenarios = (): object => ({})
