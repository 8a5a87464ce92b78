import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  base: '/',
  plugins: [react(), tailwindcss()],
  build: {
    target: 'es2023',
    // The content security policy allows fonts and scripts from our own files only, not from data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    emptyOutDir: true,
  },
  server: {
    // With the page's own Host: the server refuses pages of another origin than the one it is called by.
    proxy: {
      '/api': { target: 'http://127.0.0.1:3000', changeOrigin: false },
      '/cdn': { target: 'http://127.0.0.1:3000', changeOrigin: false },
    },
  },
})
