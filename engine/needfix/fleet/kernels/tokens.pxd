"""Steps over the tokens of a JSON text.

Steps end at every control character, and the byte behind the last one is 0, so that none has to ask where the end is.
Where a step fails, it ends within the line.
"""

from libc.stdint cimport int32_t, uint8_t, uint64_t
from libc.string cimport memcmp, memcpy

from needfix.fleet.kernels.common cimport lowest_bit
from needfix.fleet.kernels.distinct cimport mixed

cdef extern from *:
    """
    #include <stdint.h>
    static inline uint64_t needfix_eight(const uint8_t *at) {  /* compilers make one load of it */
        return (uint64_t)at[7] << 56 | (uint64_t)at[6] << 48 | (uint64_t)at[5] << 40 | (uint64_t)at[4] << 32 |
               (uint64_t)at[3] << 24 | (uint64_t)at[2] << 16 | (uint64_t)at[1] << 8 | (uint64_t)at[0];
    }
    """
    uint64_t eight "needfix_eight" (const uint8_t *) noexcept nogil

cdef enum:
    MOST_DIGITS = 18
    MOST_OF_NUMBER = 40
    MOST_OF_EXPONENT = 4

cdef struct Place:
    const uint8_t *at
    const uint8_t *end

cdef struct Token:
    # A text without its quotes, or a number; those that are written alike have the same hash. One that `is_halved`
    # has an escape of half a character, of which there may be the other half or not.
    const uint8_t *begin
    int32_t length
    uint64_t hash
    bint is_escaped
    bint is_halved


cdef inline void blanks(Place *place) noexcept nogil:
    while place.at[0] == c" " or place.at[0] == c"\t":
        place.at += 1


cdef inline bint is_end(Place *place) noexcept nogil:
    """Whether the line ends here."""
    return place.at == place.end or place.at[0] == c"\n" or place.at[0] == c"\r"


cdef inline uint64_t zeros(uint64_t word) noexcept nogil:
    """The highest bit of bytes that are zero; of those behind the first one, perhaps of others."""
    return (word - 0x0101010101010101ULL) & ~word & 0x8080808080808080ULL


cdef inline uint64_t ends_of_text(uint64_t word) noexcept nogil:
    """The same for quotes, backslashes and control characters."""
    return (
        zeros(word ^ 0x0101010101010101ULL * c'"')
        | zeros(word ^ 0x0101010101010101ULL * c"\\")
        | ((word - 0x0101010101010101ULL * 0x20) & ~word & 0x8080808080808080ULL)
    )


cdef inline bint text(Place *place, Token *token) noexcept nogil:
    """Step over a text, which begins here."""
    cdef const uint8_t *at = place.at + 1
    cdef uint64_t word, ends, hash = 0
    cdef uint8_t padded[8]
    token.begin, token.is_escaped, token.is_halved = at, False, False
    while True:
        if place.end - at >= 8:
            word = eight(at)
        else:
            memcpy(padded, b"\0\0\0\0\0\0\0\0", 8)
            memcpy(padded, at, place.end - at)
            word = eight(padded)
        ends = ends_of_text(word)
        if ends == 0:
            hash = mixed(hash, word)
            at += 8
            continue
        hash = mixed(hash, word & ((ends & (~ends + 1)) - 1) >> 7)
        at += lowest_bit(ends) >> 3
        if at[0] == c'"':
            break
        if at[0] != c"\\" or not escape(&at, token):
            return False
    token.hash, token.length = hash, <int32_t>(at - token.begin)
    place.at = at + 1
    return True


cdef inline bint escape(const uint8_t **at, Token *token) noexcept nogil:
    """Step over a character of a text that is written with a backslash."""
    cdef uint8_t sign = at[0][1]
    cdef int digit
    token.is_escaped = True
    if sign == c"u":
        for digit in range(2, 6):
            if not is_hexadecimal(at[0][digit]):
                return False
        token.is_halved = token.is_halved or ((at[0][2] | 0x20) == c"d" and at[0][3] >= c"8")
        at[0] += 6
        return True
    at[0] += 2
    return (
        sign == c'"' or sign == c"\\" or sign == c"/" or sign == c"b" or sign == c"f" or sign == c"n" or sign == c"r"
        or sign == c"t"
    )


cdef inline bint is_digit(uint8_t sign) noexcept nogil:
    return c"0" <= sign <= c"9"


cdef inline bint is_hexadecimal(uint8_t sign) noexcept nogil:
    return is_digit(sign) or c"a" <= (sign | 0x20) <= c"f"


cdef inline bint digits(const uint8_t **at) noexcept nogil:
    """Step over digits, one at least."""
    if not is_digit(at[0][0]):
        return False
    while is_digit(at[0][0]):
        at[0] += 1
    return True


cdef inline bint number(Place *place, Token *token, bint *is_whole, bint *is_short) noexcept nogil:
    """Step over a number; `is_whole` are a few digits, `is_short` is every number that columns surely hold."""
    cdef const uint8_t *at = place.at
    cdef const uint8_t *exponent
    cdef int32_t digit
    token.begin, is_whole[0], is_short[0] = at, at[0] != c"-", True
    at += at[0] == c"-"
    if at[0] == c"0":
        at += 1
    elif not digits(&at):
        return False
    if at[0] == c".":
        at += 1
        is_whole[0] = False
        if not digits(&at):
            return False
    if at[0] == c"e" or at[0] == c"E":
        at += 1
        at += at[0] == c"-" or at[0] == c"+"
        is_whole[0], exponent = False, at
        if not digits(&at):
            return False
        is_short[0] = at - exponent <= MOST_OF_EXPONENT
    token.length, token.hash = <int32_t>(at - token.begin), 0
    is_whole[0] = is_whole[0] and token.length <= MOST_DIGITS
    is_short[0] = is_short[0] and token.length <= MOST_OF_NUMBER
    for digit in range(token.length if is_short[0] else 0):
        token.hash = mixed(token.hash, token.begin[digit])
    place.at = at
    return True


cdef inline bint word(Place *place, const char *letters, int32_t length) noexcept nogil:
    """Step over a word; whether it is here."""
    if place.end - place.at < length or memcmp(place.at, letters, length) != 0:
        return False
    place.at += length
    return True


cdef inline bint colon(Place *place) noexcept nogil:
    """Step over what is behind a key."""
    blanks(place)
    if place.at[0] != c":":
        return False
    place.at += 1
    blanks(place)
    return True


cdef inline bint is_empty(Place *place, uint8_t closing) noexcept nogil:
    """Step over a bracket, and over the closing one if it follows."""
    place.at += 1
    blanks(place)
    if place.at[0] != closing:
        return False
    place.at += 1
    return True


cdef inline bint goes_on(Place *place, uint8_t closing, bint *is_right) noexcept nogil:
    """Step over what is behind an element: whether another one follows, or all `is_right` and ends."""
    blanks(place)
    is_right[0] = place.at[0] == closing
    if place.at[0] != c"," and not is_right[0]:
        return False
    place.at += 1
    if not is_right[0]:
        blanks(place)
    return not is_right[0]
