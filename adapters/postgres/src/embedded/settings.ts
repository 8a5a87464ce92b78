export const SUPERUSER = 'calotype'
export const DATABASE = 'calotype'
export const PORT = 5432

/** Given on the command line at each start, so that data made by an older release gets today's tuning. */
export function commandLineSettings(socketDirectory: string): string[] {
  const settings: Record<string, string | number> = {
    // Only the private socket. The value is a list, hence the quotes.
    listen_addresses: '',
    unix_socket_directories: `"${socketDirectory.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    port: PORT,
    max_connections: 50,
    // Durable: what was committed survives the power cut.
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    // A small machine that mostly does images.
    shared_buffers: '96MB',
    maintenance_work_mem: '48MB',
    effective_cache_size: '512MB',
    max_wal_size: '256MB',
    min_wal_size: '64MB',
    random_page_cost: 1.1,
    jit: 'off',
    io_method: 'sync',
    // Containers often have a tiny /dev/shm: shared segments are files, and no parallel queries need large ones.
    dynamic_shared_memory_type: 'mmap',
    max_parallel_workers_per_gather: 0,
    max_parallel_maintenance_workers: 0,
    max_logical_replication_workers: 0,
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
    // A failed statement or its row may hold private data, and the caller gets the error anyway.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
