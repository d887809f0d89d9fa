import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** A package that few commands need, loaded when first asked for, where nothing can wait for an `import()`. */
export const onDemand =
  <Package>(name: string) =>
  (): Package =>
    require(name) as Package
