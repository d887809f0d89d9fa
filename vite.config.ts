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
        'resources/js/signature.js',
        'resources/js/letter_reader.js',
        'resources/js/template_editor.js',
      ],
      /** Not imported by any script; templates name it (components/icon.edge). */
      assets: { assets: ['resources/icons/icons.svg'] },
      reload: ['resources/views/**/*.edge'],
    }),
  ],
  build: {
    assetsInlineLimit: 0,
    /** Browsers that know light-dark() and popovers; older ones would get the same colours by a longer way. */
    cssTarget: ['chrome123', 'firefox125', 'safari17.5'],
  },
})
