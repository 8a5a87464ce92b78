/** Where one was on the light table, for coming back from a print. */
export const place: { offset: number; activeKey: string | null; returning: boolean } = {
  offset: 0,
  activeKey: null,
  returning: false,
}
