# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""Records in JSON lines as columns of codes.

A line that is no record of the schema, or that is doubtful in any way, is left to another reader: it is not in the
columns.
"""

from cpython.bytes cimport PyBytes_AsString, PyBytes_FromStringAndSize
from libc.stdint cimport int32_t, uint8_t, uint64_t
from libc.stdlib cimport calloc, free
from libc.string cimport memcmp, memcpy, memset

from needfix.fleet.kernels.distinct cimport Numbers, Texts, add, number_of
from needfix.fleet.kernels.tokens cimport (
    Place, Token, blanks, colon, goes_on, is_digit, is_empty, is_end, number, text, word
)

cdef enum:
    TEXT, WHOLE, NUMBER, TRUTH, LIST, OBJECT
    MOST_KEYS = 64  # that are not known, in one object
    MOST_DEEP = 32  # lists and objects in values of such keys

KINDS = {"text": TEXT, "whole": WHOLE, "number": NUMBER, "truth": TRUTH, "list": LIST, "object": OBJECT}
"""The kinds of values by name, as `read_records` takes them."""

cdef struct Node:
    # A value of the schema. `codes` has for each object around it the number of its text; of a truth 0 or 1; of
    # an object 1; of a list where its elements end. What is not stated is -1, 0 for an object, and ~end for a list.
    uint8_t kind
    int32_t first
    int32_t end
    int32_t starts  # the value that an object began with last
    int32_t follows  # the value that came behind this one last
    const uint8_t *name
    int32_t length
    Numbers codes
    Texts texts

cdef struct Reader:
    Place place
    Node *nodes
    int32_t count
    int32_t elements  # of all lists of the record so far
    int32_t most_elements
    Numbers unknown


cdef inline int32_t nothing(Reader *reader, Node *node) noexcept nogil:
    """The code of a value that is not stated."""
    if node.kind == LIST:
        return ~reader.nodes[node.first].codes.count
    return 0 if node.kind == OBJECT else -1


cdef inline void fill(Reader *reader, Node *node, int32_t row) noexcept nogil:
    """State nothing for the objects before this one that did not state a value."""
    cdef int32_t code
    if node.codes.count < row:
        code = nothing(reader, node)
        while node.codes.count < row and not node.codes.is_full:
            add(&node.codes, code)


cdef inline bint put_text(Reader *reader, Node *node) noexcept nogil:
    """Read a text."""
    cdef Token token
    if reader.place.at[0] != c'"' or not text(&reader.place, &token) or token.is_halved:
        return False
    add(&node.codes, number_of(&node.texts, token.begin, token.length, token.hash))
    return True


cdef bint value(Reader *reader, Node *node, int32_t row) noexcept nogil:
    """Read a value of the schema in an object."""
    cdef Token token
    cdef bint is_whole = False, is_short = False
    cdef uint8_t first = reader.place.at[0]
    if node.codes.count > row:
        return False  # the key is written twice
    if first == c"[":
        return node.kind == LIST and elements(reader, node, row)
    fill(reader, node, row)
    if first == c'"':
        return node.kind == TEXT and put_text(reader, node)
    if first == c"{" and node.kind == OBJECT:
        add(&node.codes, 1)
        return members(reader, node, row)
    if first == c"n":
        add(&node.codes, nothing(reader, node))
        return word(&reader.place, b"null", 4)
    if node.kind == TRUTH:
        add(&node.codes, first == c"t")
        return word(&reader.place, b"true", 4) or word(&reader.place, b"false", 5)
    if (node.kind != WHOLE and node.kind != NUMBER) or not number(&reader.place, &token, &is_whole, &is_short):
        return False
    if not (is_whole if node.kind == WHOLE else is_short):
        return False
    add(&node.codes, number_of(&node.texts, token.begin, token.length, token.hash))
    return True


cdef inline bint is_key(Reader *reader, Node *node) noexcept nogil:
    """Whether the key that begins here is that of a value."""
    cdef int32_t length = node.length
    return (
        reader.place.end - reader.place.at > length + 1
        and reader.place.at[length + 1] == c'"'
        and memcmp(reader.place.at + 1, node.name, length) == 0
    )


cdef bint elements(Reader *reader, Node *node, int32_t row) noexcept nogil:
    """Read a list of texts or objects."""
    cdef Node *inner = &reader.nodes[node.first]
    cdef int32_t begin = inner.codes.count
    cdef bint is_right = True
    fill(reader, node, row)
    if not is_empty(&reader.place, c"]"):
        while True:
            if inner.kind == OBJECT and reader.place.at[0] == c"{":
                add(&inner.codes, 1)
                if not members(reader, inner, inner.codes.count - 1):
                    return False
            elif inner.kind != TEXT or not put_text(reader, inner):
                return False
            if not goes_on(&reader.place, c"]", &is_right):
                break
    add(&node.codes, inner.codes.count)
    reader.elements += inner.codes.count - begin
    return is_right and reader.elements <= reader.most_elements


cdef bint members(Reader *reader, Node *node, int32_t row) noexcept nogil:
    """Read an object."""
    cdef int32_t begin = reader.unknown.count, child
    cdef int32_t *guess = &node.starts
    cdef bint is_right = True
    if is_empty(&reader.place, c"}"):
        return True
    while True:
        if reader.place.at[0] != c'"':
            return False
        child = guess[0]
        if not is_key(reader, &reader.nodes[child]):
            child = node.first
            while child < node.end and not is_key(reader, &reader.nodes[child]):
                child += 1
        if child < node.end:
            guess[0] = child
            guess = &reader.nodes[child].follows
            reader.place.at += reader.nodes[child].length + 2
            if not (colon(&reader.place) and value(reader, &reader.nodes[child], row)):
                return False
        elif not unknown(reader, node, begin):
            return False
        if not goes_on(&reader.place, c"}", &is_right):
            return is_right


cdef bint unknown(Reader *reader, Node *node, int32_t begin) noexcept nogil:
    """Step over a key that is not known, and over its value; `begin` is where the keys of this object begin."""
    cdef Token token
    cdef int32_t place, code, own = <int32_t>(node - reader.nodes)
    if reader.unknown.count - begin >= 3 * MOST_KEYS or not text(&reader.place, &token) or token.is_escaped:
        return False
    code = number_of(&node.texts, token.begin, token.length, token.hash)
    for place in range(begin, reader.unknown.count, 3):
        if reader.unknown.data[place] == own and reader.unknown.data[place + 1] >> 1 == code:
            return False
    if not colon(&reader.place):
        return False
    add(&reader.unknown, own)
    add(&reader.unknown, code << 1 | (reader.place.at[0] != c"n"))
    add(&reader.unknown, reader.nodes[0].codes.count - 1)
    return skip(reader, 0)


cdef bint skip(Reader *reader, int depth) noexcept nogil:
    """Step over any value."""
    cdef Token token
    cdef bint is_whole = False, is_short = False, is_right = True
    cdef uint8_t first = reader.place.at[0]
    if first == c'"':
        return text(&reader.place, &token)
    if first == c"{":
        return depth < MOST_DEEP and skip_members(reader, depth)
    if first == c"[":
        if depth >= MOST_DEEP or is_empty(&reader.place, c"]"):
            return depth < MOST_DEEP
        while skip(reader, depth + 1):
            if not goes_on(&reader.place, c"]", &is_right):
                return is_right
        return False
    if first == c"-" or is_digit(first):
        return number(&reader.place, &token, &is_whole, &is_short)
    return word(&reader.place, b"true", 4) or word(&reader.place, b"false", 5) or word(&reader.place, b"null", 4)


cdef bint skip_members(Reader *reader, int depth) noexcept nogil:
    """Step over an object none of whose keys is written twice."""
    cdef Token keys[MOST_KEYS]
    cdef int count = 0, other
    cdef bint is_right = True
    if is_empty(&reader.place, c"}"):
        return True
    while count < MOST_KEYS and reader.place.at[0] == c'"':
        if not text(&reader.place, &keys[count]) or keys[count].is_escaped:
            return False
        for other in range(count):
            if (
                keys[other].hash == keys[count].hash
                and keys[other].length == keys[count].length
                and memcmp(keys[other].begin, keys[count].begin, keys[count].length) == 0
            ):
                return False
        count += 1
        if not (colon(&reader.place) and skip(reader, depth + 1)):
            return False
        if not goes_on(&reader.place, c"}", &is_right):
            return is_right
    return False


cdef void lines(Reader *reader, int32_t most_bytes, int32_t *counts, Numbers *found) noexcept nogil:
    """Read all lines; `counts` has room for what there was of each value before a line."""
    cdef const uint8_t *data = reader.place.at
    cdef const uint8_t *begin
    cdef int32_t line = 0, node, unknown_before
    cdef bint is_blank, is_record = False
    while reader.place.at < reader.place.end:
        begin = reader.place.at
        blanks(&reader.place)
        is_blank = is_end(&reader.place)
        if not is_blank:
            unknown_before, reader.elements = reader.unknown.count, 0
            for node in range(reader.count):
                counts[node] = reader.nodes[node].codes.count
            add(&reader.nodes[0].codes, 1)
            is_record = reader.place.at[0] == c"{" and members(reader, reader.nodes, counts[0])
            blanks(&reader.place)
            is_record = is_record and is_end(&reader.place) and reader.place.at - begin < most_bytes
            if not is_record:
                reader.unknown.count = unknown_before
                for node in range(reader.count):
                    reader.nodes[node].codes.count = counts[node]
            while not is_end(&reader.place):
                reader.place.at += 1
        if reader.place.at[0] == c"\r" and reader.place.at[1] == c"\n":
            reader.place.at += 1
        reader.place.at += reader.place.at != reader.place.end
        if not is_blank:
            add(found, line)
            add(found, <int32_t>(begin - data))
            add(found, <int32_t>(reader.place.at - data))
            add(found, is_record)
        line += 1


cdef void complete(Reader *reader) noexcept nogil:
    """State of the last objects what they do not state, where others do."""
    cdef int32_t number, child
    cdef Node *node
    for number in range(reader.count):
        node = &reader.nodes[number]
        if node.kind == OBJECT:
            for child in range(node.first, node.end):
                if reader.nodes[child].codes.count:
                    fill(reader, &reader.nodes[child], node.codes.count)


def read_records(
    bytes data,
    list names,
    const int32_t[:, ::1] nodes,
    int32_t most_elements,
    int32_t most_bytes,
):
    """The records of lines, as numbers of 32 bits and texts in bytes.

    `nodes` has the kind of each value of the schema, its first one within and the one behind its last; the record
    comes first. What is found: of each line that is not blank its number, where it begins and ends, and whether it
    is a record; of keys that are not known the object, twice the code of the key, and one more where it has a value,
    and the record; and for each value its codes, where its distinct texts end, and these. Codes are as in `Node`, and
    there are none where no record states a value. An object has the keys that are not known as its texts.
    """
    cdef Reader reader
    cdef Numbers found
    cdef int32_t number
    cdef int32_t *counts
    if len(data) > 1 << 30 or len(names) != nodes.shape[0] or nodes.shape[1] != 3:
        raise ValueError("too many bytes, or a schema that is not whole")
    memset(&reader, 0, sizeof(Reader))
    memset(&found, 0, sizeof(Numbers))
    reader.count, reader.most_elements = <int32_t>nodes.shape[0], most_elements
    reader.place.at = <const uint8_t *>PyBytes_AsString(data)
    reader.place.end = reader.place.at + len(data)
    reader.nodes = <Node *>calloc(reader.count, sizeof(Node))
    counts = <int32_t *>calloc(reader.count, sizeof(int32_t))
    try:
        if reader.nodes == NULL or counts == NULL:
            raise MemoryError
        for number in range(reader.count):
            start(&reader.nodes[number], names[number], number, nodes[number, 0], nodes[number, 1], nodes[number, 2])
        with nogil:
            lines(&reader, most_bytes, counts, &found)
            complete(&reader)
        if found.is_full or reader.unknown.is_full:
            raise MemoryError
        values = [as_value(&reader.nodes[number]) for number in range(reader.count)]
        return as_bytes(&found), as_bytes(&reader.unknown), values
    finally:
        for number in range(reader.count if reader.nodes != NULL else 0):
            free(reader.nodes[number].codes.data)
            free(reader.nodes[number].texts.ends.data)
            free(reader.nodes[number].texts.data)
            free(reader.nodes[number].texts.slots)
        free(reader.nodes)
        free(reader.unknown.data)
        free(found.data)
        free(counts)


cdef void start(Node *node, bytes name, int32_t number, int32_t kind, int32_t first, int32_t end):
    """A value of the schema; `names` keeps its name."""
    node.kind, node.first, node.end = <uint8_t>kind, first, end
    node.name, node.length = <const uint8_t *>PyBytes_AsString(name), <int32_t>len(name)
    node.starts, node.follows = first, number


cdef bytes as_bytes(Numbers *numbers):
    return PyBytes_FromStringAndSize(<const char *>numbers.data, numbers.count * sizeof(int32_t))


cdef tuple as_value(Node *node):
    """The codes of a value, where its texts end, and these."""
    cdef Texts *texts = &node.texts
    if node.codes.is_full or texts.ends.is_full:
        raise MemoryError
    size = texts.ends.data[texts.ends.count - 1] if texts.ends.count else 0
    return as_bytes(&node.codes), as_bytes(&texts.ends), PyBytes_FromStringAndSize(<const char *>texts.data, size)
