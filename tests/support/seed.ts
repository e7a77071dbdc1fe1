import fc from 'fast-check'

/** The same inputs on every run; `SEED=n npm test` tries others. A seed that once failed stays as an example in its test. */
fc.configureGlobal({ seed: Number(process.env.SEED ?? 20261123) })
