"""Numbers in memory that grows, and texts by number: equal texts have the same.

Where memory ends, the numbers or texts are full: what is added then is lost, and whoever added it looks at `is_full`.
"""

from libc.stdint cimport int32_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, realloc
from libc.string cimport memcmp, memcpy

cdef struct Numbers:
    int32_t *data
    int32_t count
    int32_t room
    bint is_full

cdef struct Texts:
    # `slots` has a hash in the upper half of each and a number, counted from 1, in the lower; 0 where it is free.
    Numbers ends
    uint8_t *data
    Py_ssize_t room
    uint64_t *slots
    uint32_t last_slot


cdef inline void add(Numbers *numbers, int32_t number) noexcept nogil:
    """Add a number behind the others."""
    if numbers.count == numbers.room and not grow(numbers):
        return
    numbers.data[numbers.count] = number
    numbers.count += 1


cdef inline bint grow(Numbers *numbers) noexcept nogil:
    cdef int32_t room = max(2 * numbers.room, 64)
    cdef void *data = NULL
    if numbers.room < 0x20000000:
        data = realloc(numbers.data, <size_t>room * sizeof(int32_t))
    if data == NULL:
        numbers.is_full = True
        return False
    numbers.data, numbers.room = <int32_t *>data, room
    return True


cdef inline uint64_t mixed(uint64_t hash, uint64_t word) noexcept nogil:
    """A hash with eight more bytes in it."""
    hash = (hash ^ word) * 0x9E3779B97F4A7C15ULL
    return hash ^ hash >> 32


cdef inline int32_t number_of(Texts *texts, const uint8_t *text, int32_t length, uint64_t hash) noexcept nogil:
    """The number of a text, which is added where it is new; -1 where there is no memory for it."""
    cdef uint32_t slot, upper = <uint32_t>(mixed(hash, <uint64_t>length) >> 32)
    cdef uint64_t found
    cdef int32_t number, begin
    if 2 * texts.ends.count >= <int32_t>texts.last_slot and not rehash(texts):
        return -1
    slot = upper & texts.last_slot
    while True:
        found = texts.slots[slot]
        if found == 0:
            break
        if <uint32_t>(found >> 32) == upper:
            number = <int32_t>(found & 0xFFFFFFFFULL) - 1
            begin = texts.ends.data[number]
            if texts.ends.data[number + 1] - begin == length and memcmp(&texts.data[begin], text, length) == 0:
                return number
        slot = (slot + 1) & texts.last_slot
    number = texts.ends.count - 1
    if not put(texts, text, length):
        return -1
    texts.slots[slot] = <uint64_t>upper << 32 | <uint64_t>(number + 1)
    return number


cdef inline bint put(Texts *texts, const uint8_t *text, int32_t length) noexcept nogil:
    """Add a text behind the others."""
    cdef int32_t begin = texts.ends.data[texts.ends.count - 1]
    cdef Py_ssize_t room = texts.room
    cdef void *data
    while room < begin + <Py_ssize_t>length:
        room = max(2 * room, 1024)
    if room > texts.room:
        data = realloc(texts.data, room)
        if data == NULL:
            texts.ends.is_full = True
            return False
        texts.data, texts.room = <uint8_t *>data, room
    memcpy(&texts.data[begin], text, length)
    add(&texts.ends, begin + length)
    return not texts.ends.is_full


cdef inline bint rehash(Texts *texts) noexcept nogil:
    """Make room for twice as many texts; at first the place where the first one begins."""
    cdef uint32_t count = max(2 * (texts.last_slot + 1), 256), place, slot
    cdef uint64_t *slots = <uint64_t *>calloc(count, sizeof(uint64_t))
    if slots == NULL:
        texts.ends.is_full = True
        return False
    if texts.slots == NULL:
        add(&texts.ends, 0)
    for place in range(texts.last_slot + 1 if texts.slots != NULL else 0):
        if texts.slots[place]:
            slot = <uint32_t>(texts.slots[place] >> 32) & (count - 1)
            while slots[slot]:
                slot = (slot + 1) & (count - 1)
            slots[slot] = texts.slots[place]
    free(texts.slots)
    texts.slots, texts.last_slot = slots, count - 1
    return not texts.ends.is_full
