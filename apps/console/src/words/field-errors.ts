import { CalotypeError } from '@calotype/sdk'
import { failureOfError } from './failures.ts'

/** What a form was refused for: at its fields where the server names them, the rest as a whole. */
export interface FormRefusal {
  /** By path, `/variants/0/width` and `variants.0.width` alike. */
  at: (path: string) => string | undefined
  whole: string | null
}

const plain = (path: string): string => path.replace(/^[/.]+/, '').replaceAll('/', '.')

/** `fields`: paths that the form shows; `variants` shows all below it that has no field of its own. */
export function formRefusal(error: unknown, fields: readonly string[]): FormRefusal {
  if (error === null) return { at: () => undefined, whole: null }
  const given = error instanceof CalotypeError ? errorsOf(error, fields) : []
  const all = given.map(({ path, message }) => ({ path: plain(path), message: sentence(message) }))
  const isShown = (path: string) => fields.some(field => path === field || path.startsWith(`${field}.`))
  const hidden = all.filter(({ path }) => !isShown(path))
  const whole =
    all.length === 0 || hidden.length > 0
      ? [
          all.length === 0 ? failureOfError(error).detail : '',
          ...hidden.map(({ path, message }) => `${path}: ${message}`),
        ]
          .filter(part => part !== '')
          .join(' ')
      : 'Not saved: see what is marked above.'
  return { at: path => all.find(each => each.path === path)?.message, whole }
}

/** Rules between fields are refused with the one field that cannot be as their reason. */
function errorsOf({ errors, details, detail }: CalotypeError, fields: readonly string[]): CalotypeError['errors'] {
  const { reason } = details
  if (errors.length > 0 || typeof reason !== 'string' || !fields.includes(reason)) return errors
  return [{ path: reason, message: detail.replace(`${reason} `, '') }]
}

/** Messages of checks come without a capital and a full stop. */
function sentence(message: string): string {
  const text = `${message.charAt(0).toUpperCase()}${message.slice(1)}`
  return /[.!?]$/.test(text) ? text : `${text}.`
}
