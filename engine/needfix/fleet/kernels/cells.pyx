# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""Servers by the cells of their files."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t

from needfix.fleet.kernels.common cimport cell_t, prefetch


def put_lowest(
    const int64_t[::1] begins,
    const int32_t[::1] names,
    const int32_t[::1] versions,
    const int32_t[::1] slots,
    const int32_t[::1] ranks,
    const int32_t[::1] paths,
    const uint8_t[::1] are_kept,
    const cell_t[:, ::1] cells,
    const uint8_t[::1] are_told,
    const cell_t[:, ::1] without,
    cell_t[:, ::1] found,
):
    """The cells of servers: of each slot the lowest of its copies of files, or the cell for none.

    `slots` has the slot of each name, -1 for none, and `ranks` the rank of each version; the last of both
    is the value for what is not stated. `paths` has the path of each copy and `are_kept` whether copies there
    are kept for later; both are empty where none is. `cells` has a row for each slot and a column for each
    rank, and `without` the cells of a server without copies whose files are not all listed, which are also
    those of copies that are kept, then of one whose files are.
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
    cdef const uint8_t *are_kept_ = NULL
    cdef const int32_t *paths_ = NULL
    cdef uint32_t path, last_path = <uint32_t>are_kept.shape[0] - 1
    cdef bint has_kept = are_kept.shape[0] > 0 and paths.shape[0] >= names.shape[0]
    cdef Py_ssize_t width = cells.shape[1], count = found.shape[1], most = names.shape[0]
    if has_kept:
        paths_, are_kept_ = &paths[0], &are_kept[0]
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
                if has_kept:
                    path = <uint32_t>paths_[copy]
                    if are_kept_[min(path, last_path)]:
                        cell = without[0, slot]
                if cell < own[slot]:
                    own[slot] = cell


def rows_kept(
    const int32_t[::1] paths,
    const uint8_t[::1] are_kept,
    const int32_t[::1] names,
    const uint8_t[::1] are_named,
    uint8_t[::1] are_there,
    int32_t[::1] found,
):
    """Put the copies that are kept and have one of some names in `found`; how many there are.

    `are_kept` has a flag for each path, `are_named` for each name, the last of both for what is not stated.
    `are_there` gets a flag for each path that one of them has.
    """
    cdef Py_ssize_t copy, count = 0
    cdef uint32_t path, name
    cdef uint32_t last_path = <uint32_t>are_kept.shape[0] - 1, last_name = <uint32_t>are_named.shape[0] - 1
    cdef uint8_t is_one
    with nogil:
        for copy in range(min(paths.shape[0], names.shape[0])):
            path, name = min(<uint32_t>paths[copy], last_path), min(<uint32_t>names[copy], last_name)
            is_one = are_kept[path] & are_named[name]
            are_there[path] |= is_one
            found[count] = <int32_t>copy
            count += is_one
    return count


cdef inline bint _are_below(const int32_t *codes, Py_ssize_t count, uint32_t end) noexcept nogil:
    """Whether codes are from 0 on and below an end: the highest bit of none is set, nor of what is left."""
    cdef Py_ssize_t place
    cdef uint32_t signs = 0
    for place in range(count):
        signs |= <uint32_t>codes[place] | (end - 1 - <uint32_t>codes[place])
    return not signs >> 31


def count_paths(
    const int32_t[::1] names,
    const int32_t[::1] of_names,
    const int32_t[::1] paths,
    const int32_t[::1] of_paths,
    int32_t none,
    int32_t[::1] counts,
):
    """Add to `counts` how many copies have each path; how many have one of another number than their name.

    `of_names` has the number of each name and `of_paths` that of each path, or `none`, which differs from no
    name's; the last of both is that of what is not stated. Raises ValueError where a code stands for nothing.
    """
    cdef Py_ssize_t begin, copy, some, found = 0
    cdef Py_ssize_t count = min(names.shape[0], paths.shape[0])
    cdef Py_ssize_t end_of_paths = min(of_paths.shape[0], counts.shape[0])
    cdef int32_t path, number
    cdef bint are_codes = of_names.shape[0] > 0 and end_of_paths > 0
    if not count:
        return 0
    if not are_codes:
        raise ValueError("there are no codes")
    # Pointers, since a count that is written could be part of what a view knows of its array.
    cdef const int32_t *names_ = &names[0]
    cdef const int32_t *paths_ = &paths[0]
    cdef const int32_t *of_names_ = &of_names[0]
    cdef const int32_t *of_paths_ = &of_paths[0]
    cdef int32_t *counts_ = &counts[0]
    with nogil:
        for begin in range(0, count, 4096):  # so few that their codes stay in the cache
            some = min(4096, count - begin)
            are_codes = _are_below(names_ + begin, some, <uint32_t>of_names.shape[0])
            are_codes = are_codes and _are_below(paths_ + begin, some, <uint32_t>end_of_paths)
            if not are_codes:
                break
            for copy in range(begin, begin + some):
                path = paths_[copy]
                number = of_paths_[path]
                counts_[path] += 1
                found += (number != none) & (number != of_names_[names_[copy]])
    if not are_codes:
        raise ValueError("a code stands for nothing")
    return found


def rows_that_differ(
    const int32_t[::1] names,
    const int32_t[::1] of_names,
    const int32_t[::1] paths,
    const int32_t[::1] of_paths,
    int32_t none,
    int32_t[::1] found,
):
    """Put as many of the copies that `count_paths` counts in `found` as it holds; how many there are in it."""
    cdef Py_ssize_t copy, count = 0
    cdef int32_t path
    cdef uint32_t last_name = <uint32_t>of_names.shape[0] - 1, last_path = <uint32_t>of_paths.shape[0] - 1
    with nogil:
        for copy in range(min(names.shape[0], paths.shape[0])):
            path = of_paths[min(<uint32_t>paths[copy], last_path)]
            if path == none or path == of_names[min(<uint32_t>names[copy], last_name)]:
                continue
            if count == found.shape[0]:
                break
            found[count] = <int32_t>copy
            count += 1
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
                prefetch(&cells[servers[place + 16], 0])
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
