# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""Columns of codes and of texts."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy

from needfix.fleet.kernels.common cimport lowest_bit, prefetch

cdef extern from *:
    """
    #include <stdint.h>
    static inline uint64_t needfix_first_eight(const uint8_t *at) {  /* compilers make one load of it */
        return (uint64_t)at[0] << 56 | (uint64_t)at[1] << 48 | (uint64_t)at[2] << 40 | (uint64_t)at[3] << 32 |
               (uint64_t)at[4] << 24 | (uint64_t)at[5] << 16 | (uint64_t)at[6] << 8 | (uint64_t)at[7];
    }
    """
    uint64_t first_eight "needfix_first_eight" (const uint8_t *) noexcept nogil

cdef uint64_t ONES = 0x0101010101010101ULL
cdef uint64_t LETTERS = 0x6161616161616161ULL


def count_of(const uint8_t[::1] data, uint8_t sign):
    """How often a byte is there."""
    cdef Py_ssize_t begin, place, count = 0
    cdef uint8_t own
    with nogil:
        for begin in range(0, data.shape[0], 255):  # as many as a small number counts, which compilers do side by side
            own = 0
            for place in range(begin, min(begin + 255, data.shape[0])):
                own += data[place] == sign
            count += own
    return count


def order_by_code(const int32_t[::1] codes, int64_t[:, ::1] ends, int64_t[::1] order):
    """The rows of each code one after the other; the last of `ends`, all zero before, has the end of each.

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


def read_versions(
    const int32_t[::1] offsets, const uint8_t[::1] data, uint64_t[::1] numbers, uint8_t[::1] parts_of
):
    """Read texts of two to four numbers up to 65535 with dots between them, 16 bits for each number.

    `parts_of` has how many numbers there are; 0 for what is no such text, is only zeros or may be a date,
    and its number says nothing.
    """
    cdef Py_ssize_t text
    cdef int32_t at, parts, digits
    cdef uint32_t value, first
    cdef uint8_t char
    cdef uint64_t number
    with nogil:
        for text in range(numbers.shape[0]):
            number = value = digits = parts = 0
            parts_of[text] = 0
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
            first = <uint32_t>(number >> 16)
            if not digits or value > 0xFFFF or not parts or not (number | value):
                continue
            if parts == 2 and (1980 <= first < 2100 or 1980 <= value < 2100):
                continue
            parts_of[text] = <uint8_t>(parts + 1)
            numbers[text] = (number << 16 | value) << 16 * (3 - parts)


def count_reached(const uint64_t[::1] numbers, const uint64_t[::1] thresholds, int32_t[::1] found):
    """How many of the thresholds, which are in order, each number reaches."""
    cdef Py_ssize_t number
    cdef int32_t first, left, half
    with nogil:
        for number in range(numbers.shape[0]):
            first, left = 0, <int32_t>thresholds.shape[0]
            while left:
                half = (left + 1) // 2  # without a branch, which would be mispredicted half the time
                first += half * (thresholds[first + half - 1] <= numbers[number])
                left -= half
            found[number] = first


cdef inline uint64_t _are_chosen(const uint8_t *codes) noexcept nogil:
    """Which of eight codes are below 128, as the lowest bits of a word."""
    cdef uint64_t eight
    memcpy(&eight, codes, 8)
    return (~eight >> 7 & ONES) * 0x0102040810204080ULL >> 56


cdef inline void _fill(
    const uint8_t[::1] before,
    const uint8_t[::1] codes,
    int64_t first,
    int64_t end,
    const int64_t[::1] begins,
    const int32_t[::1] layouts,
    const int64_t[::1] firsts_of_layouts,
    const int32_t[::1] places,
    uint8_t *row,
) noexcept nogil:
    """Fill a row with what is before, and the entries of a server, from one to the one before the end."""
    cdef int64_t entry, rule, begin
    cdef const uint8_t *own
    memcpy(row, &before[0], before.shape[0])
    for entry in range(first, end):
        begin, own = firsts_of_layouts[layouts[entry]], &codes[begins[entry]]
        for rule in range(firsts_of_layouts[layouts[entry] + 1] - begin):
            row[places[begin + rule]] = own[rule]


def spread_codes(
    const int64_t[::1] servers,
    const uint8_t[::1] before,
    const uint8_t[::1] codes,
    const int64_t[::1] firsts,
    const int64_t[::1] begins,
    const int32_t[::1] layouts,
    const int64_t[::1] firsts_of_layouts,
    const int32_t[::1] places,
    uint8_t[::1] upper,
    uint8_t[::1] lower,
):
    """The two halves of the codes of servers, all that there are for each; `OutcomeTable` describes the rest."""
    cdef Py_ssize_t number, column, at = 0, width = before.shape[0]
    cdef uint8_t *row
    if not width or upper.shape[0] < servers.shape[0] * width or lower.shape[0] < servers.shape[0] * width:
        return
    with nogil:
        for number in range(servers.shape[0]):
            row = &upper[at]
            _fill(
                before, codes, firsts[servers[number]], firsts[servers[number] + 1], begins, layouts,
                firsts_of_layouts, places, row,
            )
            for column in range(width):
                lower[at + column] = row[column] & 15
            for column in range(width):
                row[column] >>= 4
            at += width


def choose_codes(
    const int64_t[::1] servers,
    const int32_t[::1] rules,
    const uint8_t[::1] before,
    const uint8_t[::1] codes,
    const int64_t[::1] firsts,
    const int64_t[::1] begins,
    const int32_t[::1] layouts,
    const int64_t[::1] firsts_of_layouts,
    const int32_t[::1] places,
    int32_t[::1] whose,
    int32_t[::1] chosen,
    uint8_t[::1] upper,
    uint8_t[::1] lower,
):
    """The codes below 128 of servers, with the place of the server and the rule, server by server.

    `OutcomeTable` describes what they are taken from. Returns how many there are; `upper` and `lower` get the
    two halves of each code. Each of the four has room for all.
    """
    cdef Py_ssize_t number, begin, column, count = 0, width
    cdef int64_t first, end
    cdef const uint8_t *own
    cdef const int32_t *own_places
    cdef uint64_t are_chosen
    cdef bint has_before = False
    if not before.shape[0] or not whose.shape[0]:
        return 0
    for column in range(before.shape[0]):
        has_before |= before[column] < 128
    cdef uint8_t[::1] row = bytearray(before.shape[0])
    # Pointers, since a byte that is written could be part of what a view knows of its array.
    cdef int32_t *whose_ = &whose[0]
    cdef int32_t *chosen_ = &chosen[0]
    cdef uint8_t *upper_ = &upper[0]
    cdef uint8_t *lower_ = &lower[0]
    cdef const int32_t *rules_ = &rules[0]
    with nogil:
        for number in range(servers.shape[0]):
            first, end = firsts[servers[number]], firsts[servers[number] + 1]
            if not has_before and first == end:
                continue
            if not has_before and first + 1 == end:
                begin = firsts_of_layouts[layouts[first]]
                width = firsts_of_layouts[layouts[first] + 1] - begin
                own, own_places = &codes[begins[first]], &places[begin]
            else:
                _fill(before, codes, first, end, begins, layouts, firsts_of_layouts, places, &row[0])
                own, own_places, width = &row[0], NULL, before.shape[0]
            for begin in range(0, width, 64):
                are_chosen = 0
                if begin + 64 <= width:
                    for column in range(0, 64, 8):
                        are_chosen |= _are_chosen(own + begin + column) << column
                else:
                    for column in range(width - begin):
                        are_chosen |= <uint64_t>(own[begin + column] < 128) << column
                while are_chosen:
                    column = begin + lowest_bit(are_chosen)
                    whose_[count] = <int32_t>number
                    chosen_[count] = rules_[own_places[column] if own_places != NULL else column]
                    upper_[count], lower_[count] = own[column] >> 4, own[column] & 15
                    count += 1
                    are_chosen &= are_chosen - 1
    return count


def offsets_of_lists(const int32_t[::1] numbers, const int32_t[::1] ends, int32_t[::1] offsets):
    """Where the list of each number begins if one follows the other, and the end of the last, which it returns.

    `ends` has where the list of each number that there is ends, behind where the first one begins. Raises
    ValueError where a number has no list, or all are too long for offsets.
    """
    cdef Py_ssize_t row
    cdef int64_t at = 0
    cdef uint32_t number, count = <uint32_t>max(ends.shape[0] - 1, 0)
    cdef bint are_known = offsets.shape[0] > numbers.shape[0]
    with nogil:
        for row in range(numbers.shape[0] if are_known else 0):
            number = <uint32_t>numbers[row]
            if number >= count:
                are_known = False
                break
            offsets[row] = <int32_t>at
            at += ends[number + 1] - ends[number]
    if not are_known or at > 0x7FFFFFFF:
        raise ValueError("a number has no list, or there are too many")
    offsets[numbers.shape[0]] = <int32_t>at
    return at


def take_lists(
    const int32_t[::1] numbers,
    const int32_t[::1] ends,
    const int32_t[::1] flat,
    const int32_t[::1] offsets,
    int32_t[::1] found,
):
    """The lists of numbers one after the other, at the offsets that `offsets_of_lists` has found."""
    cdef Py_ssize_t row
    cdef int32_t first, place
    with nogil:
        for row in range(numbers.shape[0]):
            first = ends[numbers[row]]
            for place in range(offsets[row + 1] - offsets[row]):
                found[offsets[row] + place] = flat[first + place]


def hash_texts(const int32_t[::1] offsets, const uint8_t[::1] data, uint64_t[::1] found):
    """A number for each text; equal texts have the same."""
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


cdef inline uint64_t _name_word(const uint8_t *at, int32_t left, uint64_t *odd) noexcept nogil:
    """Eight bytes of a name, or as many as are left, in the order of names and in small letters.

    A bit is set in `odd` where one is no printable letter of ASCII, or a blank.
    """
    cdef uint64_t word = 0
    cdef int32_t step
    if left >= 8:
        word = first_eight(at)
        odd[0] |= (word | word - ONES * 0x21) & ONES * 0x80
    else:
        for step in range(left):
            word |= <uint64_t>at[step] << (56 - 8 * step)
        odd[0] |= (word | (word | LETTERS >> 8 * left) - ONES * 0x21) & ONES * 0x80
    return word | (((word & ONES * 0x7F) + ONES * 0x3F) ^ ((word & ONES * 0x7F) + ONES * 0x25)) >> 2 & ONES * 0x20


cdef inline bint _is_sign(uint8_t char) noexcept nogil:
    """Whether a name that begins so may be the same as one without it."""
    return char == c'"' or char == c"'" or char == c"="


def are_ascending(const int32_t[::1] offsets, const uint8_t[::1] data, uint64_t[:, ::1] ends):
    """Whether names are in strict order by their first sixteen bytes, and none is odd as in `hash_names`.

    `ends` gets these bytes of the first and of the last name, as two numbers in the order of names.
    """
    cdef Py_ssize_t text, count = offsets.shape[0] - 1
    cdef int32_t begin, length, at
    cdef uint64_t word, odd = 0, first, second, first_before = 0, second_before = 0
    cdef bint is_ascending = True
    with nogil:
        for text in range(count):
            begin = max(offsets[text], 0)
            length = min(offsets[text + 1], <int32_t>data.shape[0]) - begin
            first, second, at = 0, 0, 0
            while at < length:
                word = _name_word(&data[begin + at], length - at, &odd)
                if at == 0:
                    first = word
                elif at == 8:
                    second = word
                at += 8
            if odd or (length > 0 and _is_sign(data[begin])):
                is_ascending = False
                break
            if text == 0:
                ends[0, 0], ends[0, 1] = first, second
            elif first < first_before or (first == first_before and second <= second_before):
                is_ascending = False
                break
            first_before, second_before = first, second
        ends[1, 0], ends[1, 1] = first_before, second_before
    return is_ascending


def hash_names(
    const int32_t[::1] offsets, const uint8_t[::1] data, uint64_t[::1] found, uint8_t[::1] are_odd
):
    """A number for each name, the same for names that differ only in the case of ASCII letters.

    `are_odd` marks names that have other letters, blanks or quotes: they may be the same as yet others.
    """
    cdef Py_ssize_t text
    cdef int32_t begin, length, at
    cdef uint64_t number, odd
    with nogil:
        for text in range(found.shape[0]):
            begin = max(offsets[text], 0)
            length = min(offsets[text + 1], <int32_t>data.shape[0]) - begin
            number, odd, at = <uint64_t>length, 0, 0
            while at < length:
                number = (number ^ _name_word(&data[begin + at], length - at, &odd)) * 0x9E3779B97F4A7C15ULL
                number ^= number >> 32
                at += 8
            if length > 0 and _is_sign(data[begin]):
                odd = 1
            number *= 0xD6E8FEB86659FD93ULL
            found[text] = number ^ number >> 29
            are_odd[text] = odd != 0


def enter_names(const uint64_t[::1] hashes, uint8_t[:, ::1] lines, uint8_t[::1] are_known):
    """Set four bits in one line for each name, and return which had all of theirs set before.

    There are 2**n lines of 64 bytes, few enough for the bits of a hash that are not used within a line.
    """
    cdef Py_ssize_t name, probe
    cdef uint64_t last_line = <uint64_t>lines.shape[0] - 1, number
    cdef uint8_t *line
    cdef uint8_t bit, is_known
    with nogil:
        for name in range(hashes.shape[0]):
            if name + 16 < hashes.shape[0]:
                prefetch(&lines[(hashes[name + 16] >> 36) & last_line, 0])
            number, is_known = hashes[name], 1
            line = &lines[(number >> 36) & last_line, 0]
            for probe in range(4):
                bit = <uint8_t>1 << (number & 7)
                is_known &= (line[number >> 3 & 63] & bit) != 0
                line[number >> 3 & 63] |= bit
                number >>= 9
            are_known[name] = is_known
