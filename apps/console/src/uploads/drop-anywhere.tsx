import { useEffect, useState } from 'react'
import { Icon } from '../design/icon.tsx'
import { useProject } from '../projects/project.tsx'
import { droppedFiles } from './dropped-files.ts'
import { useUploads } from './uploads.tsx'

const bringsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false

/** The whole window takes files, by drop and by paste. */
export function DropAnywhere() {
  const { add } = useUploads()
  const project = useProject()
  const [over, setOver] = useState(false)

  useEffect(() => {
    // Enter and leave come for every element on the way: only their balance tells whether the pointer is inside.
    let depth = 0
    const count = (change: number) => {
      depth = Math.max(0, depth + change)
      setOver(depth > 0)
    }
    const onEnter = (event: DragEvent) => bringsFiles(event) && count(1)
    const onLeave = (event: DragEvent) => bringsFiles(event) && count(-1)
    const onOver = (event: DragEvent) => {
      if (!bringsFiles(event)) return
      event.preventDefault()
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
    }
    const onDrop = (event: DragEvent) => {
      if (!bringsFiles(event) || event.dataTransfer === null) return
      event.preventDefault()
      count(-depth)
      void droppedFiles(event.dataTransfer).then(files => add(files, project))
    }
    const onPaste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])]
      if (files.length > 0) add(files, project)
    }
    addEventListener('dragenter', onEnter)
    addEventListener('dragleave', onLeave)
    addEventListener('dragover', onOver)
    addEventListener('drop', onDrop)
    addEventListener('paste', onPaste)
    return () => {
      removeEventListener('dragenter', onEnter)
      removeEventListener('dragleave', onLeave)
      removeEventListener('dragover', onOver)
      removeEventListener('drop', onDrop)
      removeEventListener('paste', onPaste)
    }
  }, [add, project])

  if (!over) return null
  return (
    <div className="pointer-events-none fixed inset-0 z-40 grid place-items-center border-4 border-amber bg-veil animate-develop">
      <p className="flex items-center gap-3 rounded-md bg-sheet px-6 py-4 text-lg shadow-float">
        <Icon name="upload" size={20} /> Drop to upload to {project.name}
      </p>
    </div>
  )
}
