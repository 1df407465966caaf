/**
 * For glibc's allocator: it gives back what large messages took as soon as they are freed, instead of keeping it for each
 * thread. Of settings that somebody has made, nothing is changed.
 */
export const ALLOCATOR = { MALLOC_ARENA_MAX: "2", MALLOC_MMAP_THRESHOLD_: "262144" }
