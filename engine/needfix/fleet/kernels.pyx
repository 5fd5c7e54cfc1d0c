# cython: language_level=3, boundscheck=False, wraparound=False
"""Loops over columns of servers that NumPy would make several passes of."""

from libc.stdint cimport int64_t


def fill(const int64_t[::1] begins, int64_t[::1] owners):
    """Tell the row of each element; `begins` has where the elements of each row begin, and where the last ends."""
    cdef int64_t row, place
    with nogil:
        for row in range(begins.shape[0] - 1):
            for place in range(max(begins[row], 0), min(begins[row + 1], owners.shape[0])):
                owners[place] = row
