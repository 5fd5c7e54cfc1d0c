from libc.stdint cimport uint8_t, uint16_t, uint32_t

cdef extern from *:
    void prefetch "__builtin_prefetch" (const void *) noexcept nogil

ctypedef fused cell_t:
    uint8_t
    uint16_t
    uint32_t
