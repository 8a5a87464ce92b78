// Loaded before a program under measurement: tells the bench every few milliseconds how much memory the process has.
// Only the process that the bench started itself: what that process starts inherits its arguments.
if (process.send && process.ppid === Number(process.env.BENCH_PID)) {
  setInterval(() => {
    const { rss, heapUsed, external } = process.memoryUsage()
    process.send?.({ rss, heapUsed, external })
  }, 20).unref()
  process.channel?.unref()
}
