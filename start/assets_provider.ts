import ViteProvider from '@adonisjs/vite/vite_provider'

/**
 * Tests are served the built assets, as production is; Vite's own server runs
 * only under `npm run dev`.
 */
export default class AssetsProvider extends ViteProvider {
  override async start() {
    if (process.env.DEV_MODE) await super.start()
  }
}
