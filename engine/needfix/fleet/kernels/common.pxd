from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t

cdef extern from *:
    """
    #if defined(__GNUC__) || defined(__clang__)
    #define needfix_prefetch(address) __builtin_prefetch(address)
    #elif defined(_MSC_VER) && (defined(_M_X64) || defined(_M_IX86))
    #include <intrin.h>
    #define needfix_prefetch(address) _mm_prefetch((const char *)(address), _MM_HINT_T0)
    #elif defined(_MSC_VER) && defined(_M_ARM64)
    #include <intrin.h>
    #define needfix_prefetch(address) __prefetch(address)
    #else
    #define needfix_prefetch(address) ((void)(address))
    #endif
    """
    void prefetch "needfix_prefetch" (const void *) noexcept nogil

cdef extern from *:
    """
    #include <stdint.h>
    #if defined(__GNUC__) || defined(__clang__)
    #define needfix_lowest_bit(word) __builtin_ctzll(word)
    #else
    static inline int needfix_lowest_bit(uint64_t word) {
        int place = 0, half;
        for (half = 32; half; half >>= 1) {
            if (!(word << (64 - half))) { word >>= half; place += half; }
        }
        return place;
    }
    #endif
    """
    int lowest_bit "needfix_lowest_bit" (uint64_t) noexcept nogil  # where it is, in a word that is not zero

ctypedef fused cell_t:
    uint8_t
    uint16_t
    uint32_t
