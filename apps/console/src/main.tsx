import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { enter, Gate } from './access/gate.tsx'
import { createQueryClient } from './app/query-client.ts'
import { router } from './app/router.tsx'
import { Notices } from './design/notices.tsx'
import './design/styles.css'

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no place for the console.')

const client = createQueryClient()
const brought = enter()
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <Notices>
        <Gate brought={brought}>
          <RouterProvider router={router} />
        </Gate>
      </Notices>
    </QueryClientProvider>
  </StrictMode>,
)
