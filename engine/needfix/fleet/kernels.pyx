# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""The loops over servers, copies and texts that NumPy would make several passes of.

They run without the interpreter's lock. Codes and places that come from a file are held against the size of
what they are looked up in; tables of the catalogue are trusted.
"""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t

cdef extern from *:
    void __builtin_prefetch(const void *) noexcept nogil

ctypedef fused cell_t:
    uint8_t
    uint16_t
    uint32_t


def put_lowest(
    const int64_t[::1] begins,
    const int32_t[::1] names,
    const int32_t[::1] versions,
    const int32_t[::1] slots,
    const int32_t[::1] ranks,
    const cell_t[:, ::1] cells,
    const uint8_t[::1] are_told,
    const cell_t[:, ::1] without,
    cell_t[:, ::1] found,
):
    """The cells of servers: of each slot the lowest of its copies of files, or what stands for none.

    `slots` has the slot of each name, -1 for none, and `ranks` the rank of each version; the last of both
    stands for what is not told. `cells` has a row for each slot and a column for each rank, and `without`
    the cells of a server without copies whose files are not all told, then of one whose files are.
    """
    cdef int64_t server, copy, end
    cdef int32_t slot, place
    cdef uint32_t name, version
    cdef uint32_t last_name = <uint32_t>slots.shape[0] - 1, last_version = <uint32_t>ranks.shape[0] - 1
    cdef cell_t cell
    # Pointers, since a byte that is written could be part of what a view knows of its array.
    cdef const int32_t *slots_ = &slots[0]
    cdef const int32_t *ranks_ = &ranks[0]
    cdef const int32_t *names_ = &names[0]
    cdef const int32_t *versions_ = &versions[0]
    cdef const cell_t *cells_ = &cells[0, 0]
    cdef const cell_t *empty
    cdef cell_t *own
    cdef Py_ssize_t width = cells.shape[1], count = found.shape[1], most = names.shape[0]
    with nogil:
        for server in range(found.shape[0]):
            own = &found[server, 0]
            empty = &without[are_told[server] != 0, 0]
            for place in range(<int32_t>count):
                own[place] = empty[place]
            end = min(begins[server + 1], most)
            for copy in range(max(begins[server], 0), end):
                name, version = <uint32_t>names_[copy], <uint32_t>versions_[copy]
                slot = slots_[min(name, last_name)]
                if slot < 0:
                    continue
                cell = cells_[slot * width + ranks_[min(version, last_version)]]
                if cell < own[slot]:
                    own[slot] = cell


def order_by_code(const int32_t[::1] codes, int64_t[:, ::1] ends, int64_t[::1] order):
    """The rows of each code one after the other; the last of `ends`, all zero before, tells where each ends.

    The rows are gone through in as many parts side by side as `ends` has rows, since a step in one part
    waits for the one before.
    """
    cdef Py_ssize_t part, row, step, code, parts = ends.shape[0]
    cdef Py_ssize_t steps = codes.shape[0] // parts
    cdef int64_t begin = 0, count
    with nogil:
        for step in range(steps):
            for part in range(parts):
                ends[part, codes[part * steps + step]] += 1
        for row in range(parts * steps, codes.shape[0]):
            ends[parts - 1, codes[row]] += 1
        for code in range(ends.shape[1]):
            for part in range(parts):
                count = ends[part, code]
                ends[part, code] = begin
                begin += count
        for step in range(steps):
            for part in range(parts):
                row = part * steps + step
                order[ends[part, codes[row]]] = row
                ends[part, codes[row]] += 1
        for row in range(parts * steps, codes.shape[0]):
            order[ends[parts - 1, codes[row]]] = row
            ends[parts - 1, codes[row]] += 1


def number_keys(const int64_t[::1] keys, int32_t[::1] numbers, int32_t[::1] found):
    """Number keys as they turn up; `numbers` has -1 for each key that there may be. How many there are."""
    cdef Py_ssize_t row
    cdef int32_t number, count = 0
    with nogil:
        for row in range(keys.shape[0]):
            number = numbers[keys[row]]
            if number < 0:
                number = numbers[keys[row]] = count
                count += 1
            found[row] = number
    return count


def part_by_tops(
    const int64_t[::1] servers,
    const cell_t[:, ::1] cells,
    const int32_t[::1] slots,
    const int32_t[::1] tops,
    int64_t[::1] found,
):
    """Servers of which no slot is above its top, then the others in reverse; how many are the first."""
    cdef Py_ssize_t place, number
    cdef Py_ssize_t count = servers.shape[0], below = 0, above = servers.shape[0]
    cdef const cell_t *own
    cdef bint is_above
    with nogil:
        for place in range(count):
            if place + 16 < count:
                __builtin_prefetch(&cells[servers[place + 16], 0])
            own = &cells[servers[place], 0]
            is_above = False
            for number in range(slots.shape[0]):
                is_above |= own[slots[number]] > <uint32_t>tops[number]
            if is_above:
                above -= 1
                found[above] = servers[place]
            else:
                found[below] = servers[place]
                below += 1
    return below


cdef inline uint64_t _ones_of_fours(uint64_t word) noexcept nogil:
    """How many bits are set of each four, side by side."""
    word -= (word >> 1) & 0x5555555555555555ULL
    return (word & 0x3333333333333333ULL) + ((word >> 2) & 0x3333333333333333ULL)


cdef inline int32_t _ones_in(const uint64_t *words, const uint64_t *wanted) noexcept nogil:
    """How many of the wanted bits are set in four words."""
    cdef uint64_t first = _ones_of_fours(words[0] & wanted[0]) + _ones_of_fours(words[1] & wanted[1])
    cdef uint64_t second = _ones_of_fours(words[2] & wanted[2]) + _ones_of_fours(words[3] & wanted[3])
    first = (first & 0x0F0F0F0F0F0F0F0FULL) + ((first >> 4) & 0x0F0F0F0F0F0F0F0FULL)
    first += (second & 0x0F0F0F0F0F0F0F0FULL) + ((second >> 4) & 0x0F0F0F0F0F0F0F0FULL)
    first = (first & 0x00FF00FF00FF00FFULL) + ((first >> 8) & 0x00FF00FF00FF00FFULL)
    return <int32_t>(first * 0x0001000100010001ULL >> 48)


cdef inline uint64_t _add(uint64_t *digit, uint64_t one, uint64_t other) noexcept nogil:
    """Add two bits to a binary digit, 64 side by side; what is carried."""
    cdef uint64_t either = one ^ other
    cdef uint64_t carry = (one & other) | (either & digit[0])
    digit[0] ^= either
    return carry


cdef inline void _carry(
    uint64_t *digits, const Py_ssize_t *shape, Py_ssize_t place, uint64_t carry
) noexcept nogil:
    """Add to a digit of counts, and to those above what is carried. The shape is that of all digits."""
    cdef uint64_t before
    while carry and place < shape[0]:
        before = digits[place * shape[1]]
        digits[place * shape[1]] = before ^ carry
        carry &= before
        place += 1


cdef inline void _count_eight(
    const uint64_t *rows, Py_ssize_t step, uint64_t *digits, const Py_ssize_t *shape
) noexcept nogil:
    """Add eight words, so far apart, to counts."""
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

    All cells are ranks. That of a slot's cell 0 is in the row that `firsts` tells; `ends` has the end of
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
    const uint64_t[::1] wanted,
    uint64_t[:, ::1] digits,
    int32_t[::1] found,
):
    """Count what `unite_below` finds: bits of all servers as `count_bits` does, of each the wanted ones.

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
                    __builtin_prefetch(&cells[servers[place + 16], 0])
                    __builtin_prefetch(&found[servers[place + 16]])
                row = &eight[4 * filled]
                own, count = &cells[servers[place], 0], ends[chunk] - begin
                _unite(own, &slots[begin], &firsts[begin], count, &rows[0, 0], row)
                found[servers[place]] += _ones_in(row, &wanted[4 * chunk])
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
    const int32_t[::1] slots,
    const int32_t[::1] ranks,
    const int32_t[::1] firsts,
    const int32_t[::1] ends,
    const uint64_t[:, ::1] rows,
    const uint64_t[:, ::1] every,
    uint64_t[:, :, ::1] found,
):
    """Unite for each server what its cells say, whatever they are: below, unknown, missing and reached.

    As `unite_below`; `ranks` has how many ranks a slot has, `every` all bits of a slot, and `found` a
    table of servers for each state, all zero. What `Scale` tells of cells holds here.
    """
    cdef Py_ssize_t place, chunk, number, word, state
    cdef int32_t cell, doubts, first_other
    cdef uint64_t below, rest
    with nogil:
        for place in range(servers.shape[0]):
            number = 0
            for chunk in range(ends.shape[0]):
                while number < ends[chunk]:
                    cell = cells[servers[place], slots[number]]
                    doubts, first_other = cell // ranks[number], 3 * ranks[number]
                    for word in range(4):
                        below, rest = 0, every[number, word]
                        if cell < first_other:
                            below = rows[firsts[number] + cell - doubts * ranks[number], word]
                            state = 1 if doubts else 3
                        else:
                            state = 1 if cell < first_other + 2 else 2
                        found[0, place, 4 * chunk + word] |= below
                        found[state, place, 4 * chunk + word] |= rest & ~below
                    number += 1


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


def read_versions(
    const int32_t[::1] offsets, const uint8_t[::1] data, uint64_t[::1] numbers, uint8_t[::1] is_plain
):
    """Read texts of one to four numbers up to 65535 with dots between them, 16 bits for each number.

    What is no such text is not plain, and its number says nothing.
    """
    cdef Py_ssize_t text
    cdef int32_t at, parts, digits
    cdef uint32_t value
    cdef uint8_t char
    cdef uint64_t number
    with nogil:
        for text in range(numbers.shape[0]):
            number = value = digits = parts = 0
            is_plain[text] = 0
            for at in range(max(offsets[text], 0), min(offsets[text + 1], <int32_t>data.shape[0])):
                char = data[at]
                if c"0" <= char <= c"9" and digits < 5:
                    value = value * 10 + (char - c"0")
                    digits += 1
                elif char == c"." and digits and value <= 0xFFFF and parts < 3:
                    number = number << 16 | value
                    value = digits = 0
                    parts += 1
                else:
                    digits = 0
                    break
            is_plain[text] = digits and value <= 0xFFFF
            numbers[text] = (number << 16 | value) << 16 * (3 - parts)


def count_reached(const uint64_t[::1] numbers, const uint64_t[::1] thresholds, int32_t[::1] found):
    """How many of the thresholds, which are in order, each number reaches."""
    cdef Py_ssize_t number
    cdef int32_t first, left, half
    with nogil:
        for number in range(numbers.shape[0]):
            first, left = 0, <int32_t>thresholds.shape[0]
            while left:
                half = (left + 1) // 2  # without a branch, which would be guessed wrong every other time
                first += half * (thresholds[first + half - 1] <= numbers[number])
                left -= half
            found[number] = first


def hash_texts(const int32_t[::1] offsets, const uint8_t[::1] data, uint64_t[::1] found):
    """A number for each text; texts alike have the same."""
    cdef Py_ssize_t text
    cdef int32_t at
    cdef uint64_t number
    with nogil:
        for text in range(found.shape[0]):
            number = 0xCBF29CE484222325ULL
            for at in range(max(offsets[text], 0), min(offsets[text + 1], <int32_t>data.shape[0])):
                number = (number ^ data[at]) * 0x100000001B3ULL
            number = (number ^ number >> 32) * 0x9E3779B97F4A7C15ULL
            found[text] = number ^ number >> 29


def enter_names(const uint64_t[::1] hashes, uint8_t[:, ::1] lines, uint8_t[::1] are_known):
    """Set four bits in one line for each name, and tell which had all of theirs set before.

    There are 2**n lines of 64 bytes, few enough for the bits of a hash that are not used within a line.
    """
    cdef Py_ssize_t name, probe
    cdef uint64_t last_line = <uint64_t>lines.shape[0] - 1, number
    cdef uint8_t *line
    cdef uint8_t bit, is_known
    with nogil:
        for name in range(hashes.shape[0]):
            if name + 16 < hashes.shape[0]:
                __builtin_prefetch(&lines[(hashes[name + 16] >> 36) & last_line, 0])
            number, is_known = hashes[name], 1
            line = &lines[(number >> 36) & last_line, 0]
            for probe in range(4):
                bit = <uint8_t>1 << (number & 7)
                is_known &= (line[number >> 3 & 63] & bit) != 0
                line[number >> 3 & 63] |= bit
                number >>= 9
            are_known[name] = is_known
