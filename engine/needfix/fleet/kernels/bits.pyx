# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""Rule bits: put together for servers, and counted."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint64_t
from libc.string cimport memcpy

from needfix.fleet.kernels.common cimport cell_t, prefetch


cdef inline uint64_t _ones_of_fours(uint64_t word) noexcept nogil:
    """How many bits are set of each four, side by side."""
    word -= (word >> 1) & 0x5555555555555555ULL
    return (word & 0x3333333333333333ULL) + ((word >> 2) & 0x3333333333333333ULL)


cdef inline int32_t _ones_in(const uint64_t *words, const uint64_t *mask) noexcept nogil:
    """How many of the selected bits are set in four words."""
    cdef uint64_t first = _ones_of_fours(words[0] & mask[0]) + _ones_of_fours(words[1] & mask[1])
    cdef uint64_t second = _ones_of_fours(words[2] & mask[2]) + _ones_of_fours(words[3] & mask[3])
    first = (first & 0x0F0F0F0F0F0F0F0FULL) + ((first >> 4) & 0x0F0F0F0F0F0F0F0FULL)
    first += (second & 0x0F0F0F0F0F0F0F0FULL) + ((second >> 4) & 0x0F0F0F0F0F0F0F0FULL)
    first = (first & 0x00FF00FF00FF00FFULL) + ((first >> 8) & 0x00FF00FF00FF00FFULL)
    return <int32_t>(first * 0x0001000100010001ULL >> 48)


cdef inline uint64_t _add(uint64_t *digit, uint64_t one, uint64_t other) noexcept nogil:
    """Add two bits to a binary digit, 64 side by side; returns the carry."""
    cdef uint64_t either = one ^ other
    cdef uint64_t carry = (one & other) | (either & digit[0])
    digit[0] ^= either
    return carry


cdef inline void _carry(
    uint64_t *digits, const Py_ssize_t *shape, Py_ssize_t place, uint64_t carry
) noexcept nogil:
    """Add to a digit of counts, and to those above returns the carry. The shape is that of all digits."""
    cdef uint64_t before
    while carry and place < shape[0]:
        before = digits[place * shape[1]]
        digits[place * shape[1]] = before ^ carry
        carry &= before
        place += 1


cdef inline void _count_eight(
    const uint64_t *rows, Py_ssize_t step, uint64_t *digits, const Py_ssize_t *shape
) noexcept nogil:
    """Carry-save adder: add eight words, so far apart, to counts."""
    cdef uint64_t ones = digits[0], twos = digits[shape[1]], fours = digits[2 * shape[1]]
    cdef uint64_t twos_of_first = _add(&ones, rows[0], rows[step])
    cdef uint64_t twos_of_second = _add(&ones, rows[2 * step], rows[3 * step])
    cdef uint64_t fours_of_first = _add(&twos, twos_of_first, twos_of_second)
    twos_of_first = _add(&ones, rows[4 * step], rows[5 * step])
    twos_of_second = _add(&ones, rows[6 * step], rows[7 * step])
    cdef uint64_t fours_of_second = _add(&twos, twos_of_first, twos_of_second)
    cdef uint64_t eights = _add(&fours, fours_of_first, fours_of_second)
    digits[0], digits[shape[1]], digits[2 * shape[1]] = ones, twos, fours
    _carry(digits, shape, 3, eights)


cdef inline void _unite(
    const cell_t *cells,
    const int32_t *slots,
    const int32_t *firsts,
    Py_ssize_t count,
    const uint64_t *rows,
    uint64_t *found,
) noexcept nogil:
    """Unite the rows of four words that cells of so many slots stand for."""
    cdef Py_ssize_t number
    cdef const uint64_t *row
    cdef uint64_t one = 0, two = 0, three = 0, four = 0
    for number in range(count):
        row = rows + 4 * (firsts[number] + cells[slots[number]])
        one |= row[0]
        two |= row[1]
        three |= row[2]
        four |= row[3]
    found[0], found[1], found[2], found[3] = one, two, three, four


def unite_below(
    const int64_t[::1] servers,
    const cell_t[:, ::1] cells,
    const int32_t[::1] slots,
    const int32_t[::1] firsts,
    const int32_t[::1] ends,
    const uint64_t[:, ::1] rows,
    uint64_t[:, ::1] found,
):
    """Unite for each server the rows that its cells stand for, chunk by chunk of four words.

    All cells are ranks. The row of a slot's cell 0 is in `firsts`; `ends` has the end of
    each chunk's slots.
    """
    cdef Py_ssize_t place, chunk, begin, count
    cdef const cell_t *own
    with nogil:
        for place in range(servers.shape[0]):
            begin = 0
            for chunk in range(ends.shape[0]):
                own, count = &cells[servers[place], 0], ends[chunk] - begin
                _unite(own, &slots[begin], &firsts[begin], count, &rows[0, 0], &found[place, 4 * chunk])
                begin = ends[chunk]


def count_below(
    const int64_t[::1] servers,
    const cell_t[:, ::1] cells,
    const int32_t[::1] slots,
    const int32_t[::1] firsts,
    const int32_t[::1] ends,
    const uint64_t[:, ::1] rows,
    const uint64_t[::1] mask,
    uint64_t[:, ::1] digits,
    int32_t[::1] found,
):
    """Count what `unite_below` finds: bits of all servers as `count_bits` does, of each server the selected ones.

    `found` has a count for every server there is, to which those of these servers are added.
    """
    cdef Py_ssize_t place, chunk, begin = 0, count, filled, word
    cdef const cell_t *own
    cdef uint64_t[32] eight
    cdef uint64_t *row
    with nogil:
        for chunk in range(ends.shape[0]):
            filled = 0
            for place in range(servers.shape[0]):
                if place + 16 < servers.shape[0]:
                    prefetch(&cells[servers[place + 16], 0])
                    prefetch(&found[servers[place + 16]])
                row = &eight[4 * filled]
                own, count = &cells[servers[place], 0], ends[chunk] - begin
                _unite(own, &slots[begin], &firsts[begin], count, &rows[0, 0], row)
                found[servers[place]] += _ones_in(row, &mask[4 * chunk])
                filled += 1
                if filled == 8:
                    for word in range(4):
                        _count_eight(&eight[word], 4, &digits[0, 4 * chunk + word], digits.shape)
                    filled = 0
            for place in range(filled):
                for word in range(4):
                    _carry(&digits[0, 4 * chunk + word], digits.shape, 0, eight[4 * place + word])
            begin = ends[chunk]


def unite_states(
    const int64_t[::1] servers,
    const cell_t[:, ::1] cells,
    const cell_t[:, ::1] lows,
    const int32_t[::1] slots,
    const int32_t[::1] ranks,
    const int32_t[::1] firsts,
    const int32_t[::1] ends,
    const uint64_t[:, ::1] rows,
    const uint64_t[:, ::1] every,
    uint64_t[:, :, ::1] found,
):
    """Unite for each server what its cells say: below, unreadable, unknown, missing and reached.

    As `unite_below`; `ranks` has how many ranks a slot has, `every` all bits of a slot, and `found` gets a
    table of servers for each state. `lows` has the rank that a cell which cannot be read reaches surely, and
    no servers where that is 0 for all. `Scale` describes the cells.
    """
    cdef Py_ssize_t place, chunk, number, word, state
    cdef int32_t cell, doubts, of_slot
    cdef uint64_t rest
    cdef const cell_t *own
    cdef const uint64_t *row
    cdef const uint64_t *low
    cdef const uint64_t *all_bits
    cdef uint64_t[20] united
    cdef bint has_lows = lows.shape[0] == cells.shape[0]
    with nogil:
        for place in range(servers.shape[0]):
            own, number = &cells[servers[place], 0], 0
            for chunk in range(ends.shape[0]):
                for word in range(20):
                    united[word] = 0
                while number < ends[chunk]:
                    cell, of_slot, all_bits = own[slots[number]], ranks[number], &every[number, 0]
                    if cell < of_slot:
                        row = &rows[firsts[number] + cell, 0]
                        for word in range(4):
                            united[word] |= row[word]
                            united[16 + word] |= all_bits[word] & ~row[word]
                    elif cell >= 3 * of_slot:
                        state = 2 if cell == 3 * of_slot else 3
                        for word in range(4):
                            united[4 * state + word] |= all_bits[word]
                    else:
                        doubts = cell // of_slot
                        row = low = &rows[firsts[number] + cell - doubts * of_slot, 0]
                        if doubts == 1 and has_lows:
                            low = &rows[firsts[number] + lows[servers[place], slots[number]], 0]
                        elif doubts == 1:
                            low = all_bits
                        for word in range(4):
                            rest = all_bits[word] & ~row[word]
                            united[word] |= row[word]
                            if doubts == 1:
                                united[16 + word] |= rest & ~low[word]
                                rest &= low[word]
                            united[4 * doubts + word] |= rest
                    number += 1
                for state in range(5):
                    for word in range(4):
                        found[state, place, 4 * chunk + word] = united[4 * state + word]


def write_rows(
    const int32_t[::1] firsts,
    const int32_t[::1] whose,
    const int32_t[::1] needed,
    const int32_t[::1] bits,
    uint64_t[:, ::1] rows,
    uint64_t[:, ::1] every,
):
    """Set the bits of checks in the rows of their slots: all that a rank does not reach, and all there are.

    `whose` has the place of each check's slot in `firsts`, where its rows begin and those before end.
    """
    cdef Py_ssize_t check, slot, row, word
    cdef uint64_t bit
    with nogil:
        for check in range(whose.shape[0]):
            word, bit = bits[check] // 64, <uint64_t>1 << bits[check] % 64
            every[whose[check], word] |= bit
            if needed[check]:
                rows[firsts[whose[check]] + needed[check] - 1, word] |= bit
        for slot in range(every.shape[0]):
            for row in range(firsts[slot + 1] - 2, firsts[slot] - 1, -1):
                for word in range(4):
                    rows[row, word] |= rows[row + 1, word]


def count_bits(const uint64_t[:, ::1] rows, uint64_t[:, ::1] digits):
    """Count how many rows have each bit set; `digits` has the counts in binary, the lowest digit first."""
    cdef Py_ssize_t word, row, count = rows.shape[0]
    with nogil:
        for word in range(rows.shape[1]):
            for row in range(0, count - 7, 8):
                _count_eight(&rows[row, word], rows.shape[1], &digits[0, word], digits.shape)
            for row in range(count - count % 8, count):
                _carry(&digits[0, word], digits.shape, 0, rows[row, word])


cdef inline uint64_t _bytes_of(uint64_t bits) noexcept nogil:
    """The lowest eight bits as bytes, each with all its bits set or none."""
    cdef uint64_t apart = (bits & 0xFF) * 0x0101010101010101ULL & 0x8040201008040201ULL
    return ((apart + 0x7F7F7F7F7F7F7F7FULL) >> 7 & 0x0101010101010101ULL) * 0xFF


cdef inline void _choose(
    uint64_t bits, const uint8_t *codes, const uint8_t *others, Py_ssize_t count, uint8_t *found
) noexcept nogil:
    """Of so many rules, at most 64, the code where a bit is set, and the other one elsewhere."""
    cdef Py_ssize_t rule = 0
    cdef uint64_t code, other
    while rule + 8 <= count:
        memcpy(&code, codes + rule, 8)
        memcpy(&other, others + rule, 8)
        other ^= (code ^ other) & _bytes_of(bits >> rule)
        memcpy(found + rule, &other, 8)
        rule += 8
    while rule < count:
        found[rule] = codes[rule] if bits >> rule & 1 else others[rule]
        rule += 1


cdef inline void _choose_few(
    const uint64_t *bits,
    const int32_t *places,
    const uint8_t *codes,
    const uint8_t *others,
    Py_ssize_t count,
    uint8_t *found,
) noexcept nogil:
    """Of so many rules, by the places of their bits, the code where the bit is set, and the other one elsewhere."""
    cdef Py_ssize_t rule
    cdef uint8_t is_set
    for rule in range(count):
        is_set = <uint8_t>-<int32_t>(bits[places[rule] >> 6] >> (places[rule] & 63) & 1)
        found[rule] = others[rule] ^ ((codes[rule] ^ others[rule]) & is_set)


def put_codes(
    const int32_t[::1] places,
    const uint64_t[:, ::1] bits,
    const uint8_t[::1] codes,
    const uint8_t[::1] others,
    uint8_t[:, ::1] table,
):
    """Put codes of rules into rows: where a bit is set `codes`, and elsewhere `others`.

    `places` has the place of each rule's bit, in order. Where there are no others, what is there stays.
    """
    cdef Py_ssize_t row, begin, own_count, count = places.shape[0]
    cdef bint has_others = others.shape[0] >= count
    cdef const uint8_t *others_ = NULL
    cdef uint8_t *own
    if not count or not table.shape[0] or table.shape[1] < count:
        return
    # Each bit has its rule where the last one is at the place that it then has.
    cdef bint is_every = places[count - 1] == count - 1
    # Pointers, since a byte that is written could be part of what a view knows of its array.
    cdef const int32_t *places_ = &places[0]
    cdef const uint8_t *codes_ = &codes[0]
    if has_others:
        others_ = &others[0]
    with nogil:
        for row in range(table.shape[0]):
            own = &table[row, 0]
            if not has_others:
                others_ = own
            if not is_every:
                _choose_few(&bits[row, 0], places_, codes_, others_, count, own)
                continue
            for begin in range(0, count, 64):
                own_count = min(count - begin, 64)
                _choose(bits[row, begin >> 6], codes_ + begin, others_ + begin, own_count, own + begin)
