import { defineConfig } from 'vite'
import adonisjs from '@adonisjs/vite/client'

export default defineConfig({
  plugins: [
    adonisjs({
      entryPoints: [
        'resources/css/back_office.css',
        'resources/css/portal.css',
        'resources/js/back_office.js',
        'resources/js/portal.js',
      ],
      reload: ['resources/views/**/*.edge'],
    }),
  ],
  build: { assetsInlineLimit: 0 },
})
